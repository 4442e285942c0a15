package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page {@code docs/conformance.md} against the tests that have codenames. */
class ConformancePageTest {

  private static final Pattern CODENAME =
      Pattern.compile("@Codename\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"[\\s+]*)+)\\)");
  private static final Pattern PART = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ASSERTED = Pattern.compile("\\*\\*Asserted: (\\d+) of (\\d+)");

  /** The class that asserts a test of upstream, by its codename. */
  private static Map<String, String> tests() {
    Map<String, String> tests = new TreeMap<>();
    for (var file :
        Checkout.files(Checkout.root().resolve("verification/src/test/java"), ".java")) {
      Matcher codename = CODENAME.matcher(Checkout.read(file));
      while (codename.find()) {
        StringBuilder name = new StringBuilder();
        PART.matcher(codename.group(1)).results().forEach(part -> name.append(part.group(1)));
        String test = file.getFileName().toString().replace(".java", "");
        assertThat(tests.put(name.toString(), test)).as(name.toString()).isNull();
      }
    }
    return tests;
  }

  private static String page() {
    return Checkout.read(Checkout.root().resolve("docs/conformance.md"));
  }

  private static List<List<String>> rows() {
    return Splitter.on('\n')
        .splitToStream(page())
        .filter(line -> line.matches("\\| \\S+\\.go \\|.*\\|"))
        .map(line -> Splitter.on('|').trimResults().splitToList(line))
        .toList();
  }

  @Test
  void thePageNamesTheTestOfEachCodename() {
    Map<String, String> page = new TreeMap<>();
    for (List<String> row : rows()) {
      if (!row.get(3).isEmpty()) {
        page.put(row.get(2), row.get(3));
      }
    }
    assertThat(page).isEqualTo(tests());
  }

  @Test
  void thePageCountsThem() {
    Matcher counted = ASSERTED.matcher(page());
    assertThat(counted.find()).isTrue();
    assertThat(counted.group(1)).isEqualTo(Integer.toString(tests().size()));
    assertThat(counted.group(2)).isEqualTo(Integer.toString(rows().size()));
  }
}
