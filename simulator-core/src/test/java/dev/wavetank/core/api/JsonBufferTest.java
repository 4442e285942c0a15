package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonBufferTest {

  private static String scalar(Object value) {
    JsonBuffer out = new JsonBuffer();
    out.scalar(value);
    return out.toString();
  }

  @Provide
  Arbitrary<String> strings() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ascii().ofMaxLength(40),
        Arbitraries.of(
            "", "\u00fc", "\ud83d\ude00", "a\"b", "a\\\\b", "\n\t\b\f\r", "\u2028", "\u007f"));
  }

  @Property(tries = 500)
  void aStringIsWrittenAsJacksonWritesIt(@ForAll("strings") String value) {
    assertThat(scalar(value)).isEqualTo(Json.write(value));
  }

  @Property(tries = 500)
  void aWholeNumberIsWrittenInDecimal(@ForAll long value) {
    assertThat(scalar(value)).isEqualTo(Long.toString(value));
  }

  @Test
  void theSmallestNumberHasNoNegative() {
    assertThat(scalar(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
  }

  @Test
  void otherScalarsAreWrittenAsTreesAre() {
    assertThat(scalar(1e21)).isEqualTo(Json.write(1e21));
    assertThat(scalar(true)).isEqualTo("true");
    assertThat(scalar(false)).isEqualTo("false");
    assertThat(scalar(KubeNull.NULL)).isEqualTo("null");
  }

  @Test
  void whatIsLargerThanTheBufferIsWrittenWhole() {
    JsonBuffer out = new JsonBuffer();
    String large = "x".repeat(100_000);
    out.string(large);
    out.scalar(large + "\n");
    assertThat(out.toString()).isEqualTo("\"" + large + "\"\"" + large + "\\n\"");
    out.clear();
    out.scalar(12L);
    assertThat(out.toByteArray()).containsExactly('1', '2');
  }
}
