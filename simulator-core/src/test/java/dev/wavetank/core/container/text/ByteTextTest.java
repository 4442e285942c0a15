package dev.wavetank.core.container.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ByteTextTest {

  @Test
  void whatIsUtf8IsThatText() {
    String text = "a\u00e4\u20ac\ud83d\ude00\u0000z";
    assertThat(ByteText.text(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    assertThat(ByteText.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void overlongFormsAndSurrogatesAreNoUtf8() {
    for (byte[] bytes :
        new byte[][] {
          {(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xF5, 0}
        }) {
      assertThat(ByteText.bytes(ByteText.text(bytes))).isEqualTo(bytes);
    }
  }

  @Property(tries = 300)
  void bytesComeBackAsTheyWere(@ForAll @Size(max = 40) byte[] bytes) {
    assertThat(ByteText.bytes(ByteText.text(bytes))).isEqualTo(bytes);
  }

  @Property(tries = 300)
  void piecesGiveTheSameTextAsTheWhole(
      @ForAll @Size(max = 12) String text, @ForAll @IntRange(min = 1, max = 4) int size) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteText.Decoder decoder = new ByteText.Decoder();
    StringBuilder read = new StringBuilder();
    for (int at = 0; at < bytes.length; at += size) {
      read.append(decoder.next(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size))));
    }
    assertThat(read.append(decoder.end()).toString()).isEqualTo(ByteText.text(bytes));
  }
}
