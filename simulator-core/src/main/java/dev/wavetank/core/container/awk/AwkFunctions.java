package dev.wavetank.core.container.awk;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Range;
import dev.wavetank.core.container.text.PosixPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;

/** The functions that {@code awk} brings along. */
final class AwkFunctions {

  /** Names, each with how few and how many arguments it takes. */
  private static final ImmutableMap<String, Range<Integer>> ARGUMENTS =
      ImmutableMap.<String, Range<Integer>>builder()
          .put("length", Range.closed(0, 1))
          .put("substr", Range.closed(2, 3))
          .put("index", Range.closed(2, 2))
          .put("split", Range.closed(2, 3))
          .put("sub", Range.closed(2, 3))
          .put("gsub", Range.closed(2, 3))
          .put("match", Range.closed(2, 2))
          .put("sprintf", Range.closed(1, Integer.MAX_VALUE))
          .put("toupper", Range.closed(1, 1))
          .put("tolower", Range.closed(1, 1))
          .put("int", Range.closed(1, 1))
          .put("sqrt", Range.closed(1, 1))
          .put("exp", Range.closed(1, 1))
          .put("log", Range.closed(1, 1))
          .put("sin", Range.closed(1, 1))
          .put("cos", Range.closed(1, 1))
          .put("atan2", Range.closed(2, 2))
          .put("rand", Range.closed(0, 0))
          .put("srand", Range.closed(0, 1))
          .buildOrThrow();

  private AwkFunctions() {}

  static boolean isFunction(String name) {
    return ARGUMENTS.containsKey(name);
  }

  /**
   * A call.
   *
   * @throws AwkFailure when the arguments are not those of the function
   */
  static AwkExpression call(String name, List<AwkExpression> arguments) {
    Range<Integer> counts = ARGUMENTS.get(name);
    if (counts == null || !counts.contains(arguments.size())) {
      throw new AwkFailure("wrong number of arguments in call to " + name);
    }
    return switch (name) {
      case "length" -> length(arguments);
      case "substr" -> state -> substr(state, arguments);
      case "split" -> split(arguments);
      case "sub", "gsub" -> substitution(arguments, name.equals("gsub"));
      case "match" -> state -> match(state, arguments.get(0), arguments.get(1));
      case "sprintf" -> state -> format(state, arguments);
      default -> state -> simple(state, name, values(state, arguments));
    };
  }

  private static List<Object> values(AwkState state, List<AwkExpression> arguments) {
    List<Object> values = new ArrayList<>(arguments.size());
    arguments.forEach(argument -> values.add(argument.value(state)));
    return values;
  }

  /** The text of a format and its arguments. */
  static String format(AwkState state, List<AwkExpression> arguments) {
    List<Object> values = values(state, arguments);
    String format = state.text(values.get(0));
    return AwkState.bounded(
        AwkFormat.of(format, values.subList(1, values.size()), state.text("CONVFMT")));
  }

  private static Object simple(AwkState state, String name, List<Object> values) {
    Object first = values.isEmpty() ? AwkValues.NOTHING : values.get(0);
    double number = AwkValues.number(first);
    return switch (name) {
      case "index" -> (double) (state.text(first).indexOf(state.text(values.get(1))) + 1);
      case "toupper" -> state.text(first).toUpperCase(Locale.ROOT);
      case "tolower" -> state.text(first).toLowerCase(Locale.ROOT);
      case "int" -> number < 0 ? Math.ceil(number) : Math.floor(number);
      case "sqrt" -> Math.sqrt(number);
      case "exp" -> StrictMath.exp(number);
      case "log" -> StrictMath.log(number);
      case "sin" -> StrictMath.sin(number);
      case "cos" -> StrictMath.cos(number);
      case "atan2" -> StrictMath.atan2(number, AwkValues.number(values.get(1)));
      case "rand" -> state.random();
      default -> {
        state.seed(number);
        yield 0.0;
      }
    };
  }

  private static AwkExpression length(List<AwkExpression> arguments) {
    if (arguments.isEmpty()) {
      return state -> (double) state.record().length();
    }
    AwkExpression of = arguments.get(0);
    return state ->
        of instanceof AwkExpression.Variable variable && variable.cell(state).isArray()
            ? (double) variable.cell(state).array().size()
            : (double) state.text(of.value(state)).length();
  }

  /** Positions count from 1, and are rounded; what lies outside of the text is left out. */
  private static Object substr(AwkState state, List<AwkExpression> arguments) {
    String text = state.text(arguments.get(0).value(state));
    double start = Math.rint(AwkValues.number(arguments.get(1).value(state)));
    double end = text.length() + 1.0;
    if (arguments.size() > 2) {
      double length = Math.rint(AwkValues.number(arguments.get(2).value(state)));
      end = Math.min(end, start + length);
    }
    int from = (int) Math.max(1, Math.min(start, text.length() + 1.0));
    return end > from ? text.substring(from - 1, (int) end - 1) : "";
  }

  private static AwkExpression split(List<AwkExpression> arguments) {
    if (!(arguments.get(1) instanceof AwkExpression.Variable array)) {
      throw new AwkFailure("split wants an array");
    }
    return state -> {
      String text = state.text(arguments.get(0).value(state));
      String separator =
          arguments.size() > 2 ? AwkExpression.pattern(arguments.get(2), state) : state.text("FS");
      List<String> parts = new ArrayList<>();
      state.split(text, separator, parts);
      AwkCell cell = array.cell(state);
      cell.array().clear();
      for (int i = 0; i < parts.size(); i++) {
        state.element(cell, Integer.toString(i + 1)).set(new AwkValues.Input(parts.get(i)));
      }
      return (double) parts.size();
    };
  }

  private static Object match(AwkState state, AwkExpression text, AwkExpression pattern) {
    String in = state.text(text.value(state));
    Matcher matcher = state.pattern(AwkExpression.pattern(pattern, state)).matcher(in);
    boolean found = PosixPattern.find(matcher);
    double start = found ? matcher.start() + 1 : 0;
    state.set("RSTART", start);
    state.set("RLENGTH", found ? (double) (matcher.end() - matcher.start()) : -1.0);
    return start;
  }

  private static AwkExpression substitution(List<AwkExpression> arguments, boolean all) {
    AwkExpression in =
        arguments.size() > 2 ? arguments.get(2) : new AwkExpression.Field(state -> 0.0);
    if (!(in instanceof AwkExpression.Target target)) {
      throw new AwkFailure((all ? "gsub" : "sub") + " wants something that can be assigned to");
    }
    return state -> {
      String text = state.text(target.value(state));
      String replacement = state.text(arguments.get(1).value(state));
      Matcher matcher = state.pattern(AwkExpression.pattern(arguments.get(0), state)).matcher(text);
      StringBuilder changed = new StringBuilder();
      int copied = 0;
      int count = 0;
      int lastEnd = -1;
      while (PosixPattern.find(matcher)) {
        state.step();
        // An empty match right behind another one does not count.
        if (matcher.end() == matcher.start() && matcher.start() == lastEnd) {
          continue;
        }
        changed.append(text, copied, matcher.start());
        replace(replacement, text.substring(matcher.start(), matcher.end()), changed);
        copied = matcher.end();
        lastEnd = copied;
        count++;
        AwkState.bounded(changed.length());
        if (!all) {
          break;
        }
      }
      if (count > 0) {
        target.set(state, changed.append(text, copied, text.length()).toString());
      }
      return (double) count;
    };
  }

  /** An ampersand stands for what was found, one behind a backslash for itself. */
  private static void replace(String replacement, String found, StringBuilder into) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
      if (c == '\\' && (next == '&' || next == '\\')) {
        into.append(next);
        i++;
      } else if (c == '&') {
        into.append(found);
      } else {
        into.append(c);
      }
    }
  }
}
