package dev.wavetank.core.container.text;

/** Backslashes in the texts of {@code echo -e} and {@code printf}. */
public final class Escapes {

  private Escapes() {}

  /** The text with its escapes replaced by what they stand for; {@code \c} ends it. */
  public static String of(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char kind = text.charAt(++i);
      switch (kind) {
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'r' -> plain.append('\r');
        case 'e' -> plain.append('\u001b');
        case '0' -> {
          int end = i + 1;
          while (end < text.length() && end < i + 4 && "01234567".indexOf(text.charAt(end)) >= 0) {
            end++;
          }
          plain.append((char) Integer.parseInt("0" + text.substring(i + 1, end), 8));
          i = end - 1;
        }
        case 'c' -> {
          return plain.toString();
        }
        case '\\', '"' -> plain.append(kind);
        default -> plain.append('\\').append(kind);
      }
    }
    return plain.toString();
  }
}
