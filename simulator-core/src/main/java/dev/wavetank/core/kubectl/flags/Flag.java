package dev.wavetank.core.kubectl.flags;

import dev.wavetank.core.api.GoQuote;
import java.util.ArrayList;
import java.util.List;

/**
 * One flag that a command knows.
 *
 * @param name long name, without its dashes
 * @param shorthand its one letter, or empty
 * @param kind what its value is
 * @param initial the value when the flag is not given
 * @param alone the value when the flag is given without one; empty when it needs a value
 * @param deprecated what to use instead; empty for one in use
 * @param usage what it does, in one line
 */
public record Flag(
    String name,
    String shorthand,
    Kind kind,
    String initial,
    String alone,
    String deprecated,
    String usage) {

  /** What a flag's value is. */
  public enum Kind {
    STRING,
    BOOL,
    INT,
    DURATION,
    /** Values with commas between them, in any number of flags. */
    STRINGS,
    /** One value a flag, in any number of flags. */
    STRING_ARRAY;

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException with Go's words when it is none
     */
    void check(String value) {
      switch (this) {
        case BOOL -> parseBool(value);
        case INT -> parseInt(value);
        case DURATION -> DurationText.parse(value);
        case STRING, STRINGS, STRING_ARRAY -> {}
      }
    }
  }

  /**
   * A truth value as Go reads it.
   *
   * @throws IllegalArgumentException with Go's words when it is none
   */
  public static boolean parseBool(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "strconv.ParseBool: parsing " + GoQuote.quote(value) + ": invalid syntax");
    };
  }

  private static long parseInt(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      boolean digits = value.matches("[+-]?[0-9]+");
      throw new IllegalArgumentException(
          "strconv.ParseInt: parsing "
              + GoQuote.quote(value)
              + (digits ? ": value out of range" : ": invalid syntax"),
          e);
    }
  }

  /** The parts of a value with commas; a part in double quotes may have commas of its own. */
  static List<String> parts(String value) {
    List<String> parts = new ArrayList<>();
    if (value.isEmpty()) {
      return parts;
    }
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quoted && c == '"' && value.startsWith("\"\"", i)) {
        part.append('"');
        i++;
      } else if (c == '"' && (quoted || part.isEmpty())) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  /** {@code --output} or {@code -o, --output}: how an error names it. */
  String named() {
    return shorthand.isEmpty() ? "--" + name : "-" + shorthand + ", --" + name;
  }
}
