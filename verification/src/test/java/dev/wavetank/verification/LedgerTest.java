package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The ledger {@code docs/fidelity.md} against the tests: a behaviour is done when a test named after
 * its id asserts it, and the ledger says so.
 */
class LedgerTest {

  private static final Pattern TEST =
      Pattern.compile("void (wl|net|api|seed)_([A-Z]+)_([0-9]+[a-z]?)_\\w+\\(");
  private static final ImmutableSet<String> STATUSES = ImmutableSet.of("exact", "simplified");

  /** The classes that assert a behaviour, by its id. */
  private static Map<String, Set<String>> tests() {
    Map<String, Set<String>> tests = new TreeMap<>();
    for (Path module : Checkout.modules()) {
      for (Path file : Checkout.files(module.resolve("src/test/java"), ".java")) {
        String name = file.getFileName().toString().replace(".java", "");
        Matcher matcher = TEST.matcher(Checkout.read(file));
        while (matcher.find()) {
          String id = matcher.group(1) + " " + matcher.group(2) + "-" + matcher.group(3);
          tests.computeIfAbsent(id, key -> new TreeSet<>()).add(name);
        }
      }
    }
    return tests;
  }

  private static List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (String line :
        Splitter.on('\n').split(Checkout.read(Checkout.root().resolve("docs/fidelity.md")))) {
      if (line.matches("\\| (wl|net|api|seed) .*")) {
        rows.add(
            Splitter.on('|').trimResults().splitToList(line.substring(1, line.length() - 1)));
      }
    }
    return rows;
  }

  @Test
  void everyTestOfABehaviourIsInTheLedger() {
    Map<String, Set<String>> ledger = new TreeMap<>();
    for (List<String> row : rows()) {
      ledger.put(row.get(0), new TreeSet<>(Splitter.on(", ").splitToList(row.get(3))));
    }
    assertThat(ledger).isEqualTo(tests());
  }

  @Test
  void everyRowHasAStatusAndABehaviour() {
    assertThat(rows())
        .hasSizeGreaterThan(300)
        .allMatch(row -> row.size() == 4 && STATUSES.contains(row.get(1)))
        .noneMatch(row -> row.get(2).isEmpty());
  }
}
