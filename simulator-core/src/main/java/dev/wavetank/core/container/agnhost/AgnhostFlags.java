package dev.wavetank.core.container.agnhost;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoDurations;
import dev.wavetank.core.api.GoQuote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flags of a sub-command of agnhost, read as cobra and pflag read them: an underscore in a name
 * is a hyphen, and {@code -v} and the other flags of logging are known everywhere.
 */
final class AgnhostFlags {

  private enum Kind {
    TEXT,
    NUMBER,
    SWITCH,
    DURATION
  }

  private record Flag(Kind kind, String usual) {}

  private static final ImmutableList<String> LOGGING =
      ImmutableList.of("v", "vmodule", "log-flush-frequency");

  private final Map<String, Flag> flags = new LinkedHashMap<>();
  private final Map<String, String> letters = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> arguments = new ArrayList<>();

  AgnhostFlags() {
    LOGGING.forEach(name -> text(name, ""));
    letter('v', "v");
  }

  AgnhostFlags text(String name, String usual) {
    flags.put(name, new Flag(Kind.TEXT, usual));
    return this;
  }

  AgnhostFlags number(String name, long usual) {
    flags.put(name, new Flag(Kind.NUMBER, Long.toString(usual)));
    return this;
  }

  AgnhostFlags toggle(String name, boolean usual) {
    flags.put(name, new Flag(Kind.SWITCH, Boolean.toString(usual)));
    return this;
  }

  AgnhostFlags duration(String name) {
    flags.put(name, new Flag(Kind.DURATION, "0s"));
    return this;
  }

  AgnhostFlags letter(char letter, String name) {
    letters.put(String.valueOf(letter), name);
    return this;
  }

  /**
   * Reads the words of a command line.
   *
   * @return what is wrong with them; empty for nothing
   */
  String read(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        arguments.addAll(words.subList(i + 1, words.size()));
        return "";
      }
      if (!word.startsWith("-") || word.equals("-")) {
        arguments.add(word);
        continue;
      }
      boolean named = word.startsWith("--");
      int equals = word.indexOf('=');
      String given = word.substring(named ? 2 : 1, equals < 0 || !named ? word.length() : equals);
      String name = named ? given.replace('_', '-') : letters.get(given.substring(0, 1));
      Flag flag = name == null ? null : flags.get(name);
      if (name == null || flag == null) {
        return named
            ? "unknown flag: --" + name
            : "unknown shorthand flag: " + rune(given) + " in " + word;
      }
      String value;
      if (named ? equals >= 0 : given.length() > 1) {
        String rest = named ? word.substring(equals + 1) : given.substring(1);
        value = !named && rest.startsWith("=") ? rest.substring(1) : rest;
      } else if (flag.kind() == Kind.SWITCH) {
        value = "true";
      } else if (++i < words.size()) {
        value = words.get(i);
      } else {
        return "flag needs an argument: " + (named ? word : rune(given) + " in " + word);
      }
      String why = problem(flag.kind(), value);
      if (!why.isEmpty()) {
        String shown = named ? "--" + name : "-" + given.charAt(0) + ", --" + name;
        return "invalid argument "
            + GoQuote.quote(value)
            + " for "
            + GoQuote.quote(shown)
            + " flag: "
            + why;
      }
      values.put(name, value);
    }
    return "";
  }

  private static String rune(String given) {
    return "'" + given.charAt(0) + "'";
  }

  private static String problem(Kind kind, String value) {
    String quoted = GoQuote.quote(value);
    return switch (kind) {
      case TEXT -> "";
      case NUMBER ->
          value.matches("[-+]?\\d{1,18}")
              ? ""
              : "strconv.ParseInt: parsing " + quoted + ": invalid syntax";
      case SWITCH ->
          value.matches("1|t|T|TRUE|true|True|0|f|F|FALSE|false|False")
              ? ""
              : "strconv.ParseBool: parsing " + quoted + ": invalid syntax";
      case DURATION -> nanos(value) >= 0 ? "" : "time: invalid duration " + quoted;
    };
  }

  /** Nanoseconds of a duration as Go writes it; -1 for what is none. */
  static long nanos(String text) {
    try {
      return text.matches(".*d") ? -1 : GoDurations.parseNanos(text);
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  private String value(String name) {
    Flag flag = flags.get(name);
    return values.getOrDefault(name, flag == null ? "" : flag.usual());
  }

  String text(String name) {
    return value(name);
  }

  /** A number, at most as large as an {@code int} is. */
  int number(String name) {
    long number = Long.parseLong(value(name));
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  boolean on(String name) {
    return value(name).matches("1|[tT].*");
  }

  long durationNanos(String name) {
    return nanos(value(name));
  }

  /** The words that are no flags. */
  List<String> arguments() {
    return arguments;
  }
}
