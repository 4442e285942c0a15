package dev.wavetank.core.container.program;

import dev.wavetank.core.container.ProgramContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Options of a program's command line, and the operands that are left, as {@code getopt} finds
 * them.
 */
public final class ProgramOptions {

  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();

  private ProgramOptions() {}

  /**
   * Reads the arguments of a program. When one is wrong, the program says so and ends.
   *
   * @param letters known options of one letter; a colon follows those that take a value
   * @param words known long options without their dashes; an equals sign ends those that take a
   *     value; a long option counts as the letter after its colon, as in {@code all:a}
   * @return null when the program has ended
   */
  public static @Nullable ProgramOptions of(
      ProgramContext context, String letters, String... words) {
    return read(context, context.arguments(), letters, true, words);
  }

  /** The same, with options before the first operand only. */
  public static @Nullable ProgramOptions leading(
      ProgramContext context, String letters, String... words) {
    return read(context, context.arguments(), letters, false, words);
  }

  /** The same, where {@code -5} and {@code +5} stand for {@code -n5} and {@code -n+5}. */
  public static @Nullable ProgramOptions counted(ProgramContext context, String letters) {
    List<String> arguments = new ArrayList<>();
    String before = "";
    for (String word : context.arguments()) {
      boolean value = before.equals("-n") || before.equals("-c");
      boolean number = !value && word.matches("[-+]\\d{1,9}");
      before = word;
      arguments.add(number ? "-n" + word.substring(word.startsWith("-") ? 1 : 0) : word);
    }
    return read(context, arguments, letters, true);
  }

  private static @Nullable ProgramOptions read(
      ProgramContext context,
      List<String> arguments,
      String letters,
      boolean anywhere,
      String... words) {
    ProgramOptions found = new ProgramOptions();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.equals("--") || (!anywhere && !found.operands.isEmpty())) {
        found.operands.addAll(arguments.subList(word.equals("--") ? i + 1 : i, arguments.size()));
        return found;
      }
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
      int taken = found.take(word, next, letters, words);
      if (taken < 0) {
        String name = context.argv().get(0);
        String wrong = word.startsWith("--") ? word.substring(2) : found.wrong;
        context.err(name.substring(name.lastIndexOf('/') + 1) + ": unrecognized option: " + wrong);
        context.err("\n");
        context.exit(1);
        return null;
      }
      i += taken;
    }
    return found;
  }

  private String wrong = "";

  /** Takes a word; how many more it has taken, or -1 when it is none that is known. */
  private int take(String word, @Nullable String next, String letters, String... words) {
    if (word.startsWith("--")) {
      return takeLong(word.substring(2), next, words);
    }
    if (!word.startsWith("-") || word.length() == 1) {
      operands.add(word);
      return 0;
    }
    for (int i = 1; i < word.length(); i++) {
      int at = letters.indexOf(word.charAt(i));
      wrong = word.substring(i, i + 1);
      if (at < 0 || word.charAt(i) == ':') {
        return -1;
      }
      if (at + 1 < letters.length() && letters.charAt(at + 1) == ':') {
        boolean joined = i + 1 < word.length();
        if (!joined && next == null) {
          return -1;
        }
        put(wrong, joined || next == null ? word.substring(i + 1) : next);
        return joined ? 0 : 1;
      }
      put(wrong, "");
    }
    return 0;
  }

  private int takeLong(String word, @Nullable String next, String... words) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    for (String known : words) {
      int colon = known.indexOf(':');
      String plain = colon < 0 ? known : known.substring(0, colon);
      boolean valued = plain.endsWith("=");
      if (!name.equals(valued ? plain.substring(0, plain.length() - 1) : plain)) {
        continue;
      }
      String key = colon < 0 ? name : known.substring(colon + 1);
      if (!valued) {
        put(key, "");
        return 0;
      }
      if (equals < 0 && next == null) {
        return -1;
      }
      put(key, equals >= 0 || next == null ? word.substring(equals + 1) : next);
      return equals >= 0 ? 0 : 1;
    }
    return -1;
  }

  /**
   * Takes a word of options of one letter, for a program that reads its words itself.
   *
   * @param following the word after it, the value of a last option that takes one
   * @param takesValue whether an option such as {@code -o} takes a value
   * @param option takes each option with its value, empty where it takes none
   * @return how many of the next words were taken, too
   */
  public static int letters(
      String word,
      String following,
      Predicate<String> takesValue,
      BiConsumer<String, String> option) {
    for (int i = 1; i < word.length(); i++) {
      String letter = "-" + word.charAt(i);
      if (takesValue.test(letter)) {
        boolean joined = i + 1 < word.length();
        option.accept(letter, joined ? word.substring(i + 1) : following);
        return joined ? 0 : 1;
      }
      option.accept(letter, "");
    }
    return 0;
  }

  private void put(String key, String value) {
    options.computeIfAbsent(key, absent -> new ArrayList<>(1)).add(value);
  }

  /** Whether an option was given. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /** The value that was given last, or else. */
  public String value(String option, String otherwise) {
    List<String> values = options.get(option);
    return values == null ? otherwise : values.get(values.size() - 1);
  }

  /** All values of an option, in the order in which they were given. */
  public List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** The value as a number of at most nine digits; -1 for a word that is none. */
  public int number(String option, int otherwise) {
    if (!has(option)) {
      return otherwise;
    }
    String value = value(option, "");
    return value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
  }

  /** What is left of the arguments without the options. */
  public List<String> operands() {
    return operands;
  }
}
