package dev.wavetank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocumentationTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void theExampleIsATestThatRuns() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/wavetank/testkit/RolloutExampleTest.java"));
    Matcher example = JAVA.matcher(Files.readString(Path.of("../docs/testkit.md")));
    assertThat(example.find()).isTrue();
    assertThat(source).endsWith(example.group(1));
  }
}
