package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTest {

  private static String utf8(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Json.write(value, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void signsOfHtmlAreEscapedAsGoDoes() {
    assertThat(Json.write("<a href='&'>")).isEqualTo("\"\\u003ca href='\\u0026'\\u003e\"");
    assertThat(utf8("a<b")).isEqualTo("\"a\\u003cb\"");
  }

  @Test
  void controlCharactersHaveSmallDigits() {
    assertThat(Json.write("\u001f\n\t\b\f\r")).isEqualTo("\"\\u001f\\n\\t\\b\\f\\r\"");
  }

  @Test
  void endsOfLinesOfUnicodeAreEscaped() {
    assertThat(utf8("a\u2028b\u2029")).isEqualTo("\"a\\u2028b\\u2029\"");
  }

  @Test
  void otherCharactersAreNot() {
    assertThat(utf8("é€😀\u007f")).isEqualTo("\"é€😀\u007f\"");
  }

  @Property
  void bothFormsSayTheSame(@ForAll String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(utf8(bytes)).isEqualTo(Json.write(bytes));
    assertThat(Json.read(utf8(bytes))).isEqualTo(bytes);
  }
}
