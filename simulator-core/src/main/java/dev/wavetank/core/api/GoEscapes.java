package dev.wavetank.core.api;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * The characters that Go's JSON escapes: beside those that must be, the signs of HTML and two ends
 * of lines; digits are small. Follows appendString and htmlSafeSet of Go's encoding/json.
 */
final class GoEscapes extends CharacterEscapes {

  private static final long serialVersionUID = 1;

  private static final SerializableString[] ASCII = new SerializableString[128];
  private static final SerializableString LINE_SEPARATOR = escape('\u2028');
  private static final SerializableString PARAGRAPH_SEPARATOR = escape('\u2029');

  static {
    for (char sign = 0; sign < ASCII.length; sign++) {
      ASCII[sign] = escape(sign);
    }
  }

  private static SerializableString escape(char sign) {
    String digits = Integer.toHexString(sign);
    return new SerializedString("\\u" + "0".repeat(4 - digits.length()) + digits);
  }

  private final int[] codes = standardAsciiEscapesForJSON();

  GoEscapes() {
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == ESCAPE_STANDARD || i == '<' || i == '>' || i == '&') {
        codes[i] = ESCAPE_CUSTOM;
      }
    }
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return codes.clone();
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int sign) {
    if (sign < ASCII.length) {
      return ASCII[sign];
    }
    return switch (sign) {
      case '\u2028' -> LINE_SEPARATOR;
      case '\u2029' -> PARAGRAPH_SEPARATOR;
      default -> null;
    };
  }
}
