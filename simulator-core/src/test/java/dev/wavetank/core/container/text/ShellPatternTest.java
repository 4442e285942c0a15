package dev.wavetank.core.container.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ShellPatternTest {

  @Test
  void sets() {
    assertThat(ShellPattern.matches("[a-c]x", "bx")).isTrue();
    assertThat(ShellPattern.matches("[!a-c]x", "bx")).isFalse();
    assertThat(ShellPattern.matches("[]x]", "]")).isTrue();
    assertThat(ShellPattern.matches("[a", "[a")).isTrue();
    assertThat(ShellPattern.matches("[a-]", "-")).isTrue();
    assertThat(ShellPattern.matches("\\[a]", "[a]")).isTrue();
  }

  @Test
  void cuts() {
    assertThat(ShellPattern.withoutPrefix("a/b/c", "*/", false)).isEqualTo("b/c");
    assertThat(ShellPattern.withoutPrefix("a/b/c", "*/", true)).isEqualTo("c");
    assertThat(ShellPattern.withoutSuffix("a/b/c", "/*", false)).isEqualTo("a/b");
    assertThat(ShellPattern.withoutSuffix("a/b/c", "/*", true)).isEqualTo("a");
    assertThat(ShellPattern.withoutSuffix("abc", "x", true)).isEqualTo("abc");
  }

  @Test
  void onlyUnquotedElementsAreSpecial() {
    assertThat(ShellPattern.special("a\\*b")).isFalse();
    assertThat(ShellPattern.special("a*")).isTrue();
    assertThat(ShellPattern.special("[")).isFalse();
    assertThat(ShellPattern.special("[ab]")).isTrue();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
  }

  @Property
  void starsAndQuestionMarksFitAsInRegularExpressions(
      @ForAll("texts") String pattern, @ForAll("texts") String text) {
    String regex = pattern.replace("?", ".").replace("*", ".*");
    assertThat(ShellPattern.matches(pattern, text)).isEqualTo(Pattern.matches(regex, text));
  }

  @Property
  void quotedTextFitsItselfOnly(@ForAll("texts") String text, @ForAll("texts") String other) {
    assertThat(ShellPattern.matches(ShellPattern.quote(text), text)).isTrue();
    assertThat(ShellPattern.matches(ShellPattern.quote(text), other)).isEqualTo(text.equals(other));
  }
}
