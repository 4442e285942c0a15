package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.text.PosixPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * A program of {@code awk} that runs: variables, the record and its fields, what it has written.
 * Steps, output, and the sizes of texts and arrays are bounded.
 */
final class AwkState {

  private static final int STEPS_MAX = 5_000_000;
  private static final int OUTPUT_MAX = 1 << 20;
  private static final int TEXT_MAX = 1 << 20;
  private static final int FIELDS_MAX = 32_767;
  private static final int ELEMENTS_MAX = 200_000;
  private static final int CALLS_MAX = 500;
  private static final int PATTERNS_KEPT = 100;

  /** Where what a program writes goes. */
  interface Output {
    void write(String text);
  }

  private final Map<String, AwkCell> globals = new LinkedHashMap<>();
  private final Map<String, PosixPattern> patterns = new LinkedHashMap<>();
  private final List<String> fields = new ArrayList<>();
  private final Output output;
  private AwkCell[] frame = new AwkCell[0];
  private String record = "";
  private int steps;
  private int elements;
  private int calls;
  private long written;
  private int exitCode;
  private final Set<String> opened = new LinkedHashSet<>();
  private long seed;

  AwkState(Output output) {
    this.output = output;
    set("FS", " ");
    set("OFS", " ");
    set("ORS", "\n");
    set("RS", "\n");
    set("SUBSEP", "\u001c");
    set("CONVFMT", "%.6g");
    set("OFMT", "%.6g");
    set("NR", 0.0);
    set("FNR", 0.0);
    set("RSTART", 0.0);
    set("RLENGTH", -1.0);
    globals.put("NF", new FieldCount());
  }

  /** The variable {@code NF}: to set it cuts the record off, or makes it longer. */
  private final class FieldCount extends AwkCell {
    @Override
    Object value() {
      return (double) fields.size();
    }

    @Override
    void set(Object newValue) {
      int count = fieldNumber(AwkValues.number(newValue));
      while (fields.size() > count) {
        fields.remove(fields.size() - 1);
      }
      pad(count);
      join();
    }
  }

  /** A global variable. */
  AwkCell global(String name) {
    return globals.computeIfAbsent(name, absent -> new AwkCell());
  }

  void set(String name, Object value) {
    global(name).set(value);
  }

  String text(String variable) {
    return text(global(variable).value());
  }

  String text(Object value) {
    return value instanceof Double
        ? AwkValues.text(value, (String) plain(global("CONVFMT").value()))
        : AwkValues.text(value, "");
  }

  private static Object plain(Object value) {
    return value instanceof Double ? "%.6g" : AwkValues.text(value, "");
  }

  int compare(Object one, Object other) {
    return AwkValues.compare(one, other, "%.6g");
  }

  /** One more step is done. */
  void step() {
    if (++steps > STEPS_MAX) {
      throw new AwkFailure("too many steps");
    }
  }

  /** A text that has grown. */
  static String bounded(String text) {
    bounded(text.length());
    return text;
  }

  /** The same by its length. */
  static void bounded(int length) {
    if (length > TEXT_MAX) {
      throw new AwkFailure("out of memory");
    }
  }

  void print(String text) {
    written += text.length();
    if (written > OUTPUT_MAX) {
      throw new AwkFailure("too much output");
    }
    output.write(text);
  }

  /** Whether the program has written to a file before. */
  boolean opened(String file) {
    return !opened.add(file);
  }

  void exitWith(int code) {
    exitCode = code;
  }

  int exitCode() {
    return exitCode;
  }

  // Fields

  String record() {
    return record;
  }

  void setRecord(String text) {
    record = text;
    split(text, text("FS"), fields);
  }

  /** Parts of a text between separators; a single space stands for any white space. */
  void split(String text, String separator, List<String> into) {
    into.clear();
    if (separator.equals(" ")) {
      for (String field : text.split("[ \t\n]+", -1)) {
        if (!field.isEmpty()) {
          into.add(field);
        }
      }
    } else if (!text.isEmpty()) {
      if (separator.isEmpty()) {
        text.chars().forEach(c -> into.add(Character.toString((char) c)));
      } else {
        boolean plain = separator.length() == 1;
        parts(text, plain ? PosixPattern.literal(separator, false) : pattern(separator), into);
      }
    }
    if (into.size() > FIELDS_MAX) {
      throw new AwkFailure("too many fields");
    }
  }

  private static void parts(String text, PosixPattern separator, List<String> into) {
    Matcher matcher = separator.matcher(text);
    int from = 0;
    while (PosixPattern.find(matcher)) {
      if (matcher.end() > matcher.start()) {
        into.add(text.substring(from, matcher.start()));
        from = matcher.end();
      }
    }
    into.add(text.substring(from));
  }

  private static int fieldNumber(double number) {
    if (number < 0 || number > FIELDS_MAX) {
      throw new AwkFailure("bad field number " + AwkValues.text(number, "%.6g"));
    }
    return (int) number;
  }

  Object field(double number) {
    int index = fieldNumber(number);
    if (index == 0) {
      return new AwkValues.Input(record);
    }
    return index <= fields.size() ? new AwkValues.Input(fields.get(index - 1)) : AwkValues.NOTHING;
  }

  void setField(double number, Object value) {
    int index = fieldNumber(number);
    if (index == 0) {
      setRecord(text(value));
      return;
    }
    pad(index);
    fields.set(index - 1, text(value));
    join();
  }

  private void pad(int count) {
    while (fields.size() < count) {
      fields.add("");
    }
  }

  private void join() {
    record = bounded(String.join(text("OFS"), fields));
  }

  // Arrays, patterns, functions

  /** The element of an array, made where there is none. */
  AwkCell element(AwkCell array, String key) {
    return array
        .array()
        .computeIfAbsent(
            key,
            absent -> {
              if (++elements > ELEMENTS_MAX) {
                throw new AwkFailure("out of memory");
              }
              return new AwkCell();
            });
  }

  PosixPattern pattern(String expression) {
    PosixPattern known = patterns.get(expression);
    if (known == null) {
      if (patterns.size() >= PATTERNS_KEPT) {
        patterns.clear();
      }
      try {
        known = PosixPattern.of(expression, /* extended= */ true, /* ignoresCase= */ false);
      } catch (IllegalArgumentException e) {
        throw new AwkFailure("regular expression compile failed: " + expression);
      }
      patterns.put(expression, known);
    }
    return known;
  }

  boolean matches(String text, String expression) {
    return PosixPattern.find(pattern(expression).matcher(text));
  }

  AwkCell local(int index) {
    return frame[index];
  }

  /** Enters a function with its parameters; gives what to hand to {@link #leave}. */
  AwkCell[] enter(AwkCell[] parameters) {
    if (++calls > CALLS_MAX) {
      throw new AwkFailure("function call nesting too deep");
    }
    AwkCell[] before = frame;
    frame = parameters;
    return before;
  }

  void leave(AwkCell[] before) {
    calls--;
    frame = before;
  }

  /** The next number of its generator, at least 0 and less than 1. */
  double random() {
    seed = (seed * 0x5DEECE66DL + 0xBL) & ((1L << 48) - 1);
    return (seed >>> 16) / (double) (1L << 32);
  }

  void seed(double newSeed) {
    seed = (Double.doubleToLongBits(newSeed) ^ 0x5DEECE66DL) & ((1L << 48) - 1);
  }
}
