package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.shell.ShellWord.Literal;
import dev.wavetank.core.container.shell.ShellWord.Parameter;
import dev.wavetank.core.container.shell.ShellWord.Part;
import dev.wavetank.core.container.text.ShellPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frame that expands words: parameters, arithmetic, command substitution, splitting into
 * fields, names of files.
 */
final class ShellExpansion extends ShellFrame {

  /** What words become. */
  enum Mode {
    /** Any number of fields. */
    FIELDS,
    /** One text a word. */
    TEXT,
    /** One pattern a word, in which quoted characters stand for themselves. */
    PATTERN
  }

  /** Characters that all words of a command may become. */
  private static final long CHARACTERS_MAX = 8L << 20;

  /** A field while it grows. */
  private static final class Field {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder pattern = new StringBuilder();
    private boolean present;

    void append(String more, boolean quoted) {
      text.append(more);
      pattern.append(quoted ? ShellPattern.quote(more) : more);
      present |= quoted || !more.isEmpty();
    }
  }

  /**
   * Parts of a word that are being expanded; what they become goes to a field of their own or not.
   */
  private static final class Cursor {
    final List<Part> parts;
    final @Nullable Field capture;
    final Consumer<Field> captured;
    int next;

    Cursor(List<Part> parts, @Nullable Field capture, Consumer<Field> captured) {
      this.parts = parts;
      this.capture = capture;
      this.captured = captured;
    }
  }

  private final List<ShellWord> words;
  private final Mode mode;
  private final Consumer<List<String>> then;
  private final List<String> results = new ArrayList<>();
  private final Deque<Cursor> cursors = new ArrayDeque<>();
  private Field field = new Field();
  private boolean splitByBlank;
  private int next;
  private long characters;
  private boolean failed;

  ShellExpansion(List<ShellWord> words, Mode mode, Consumer<List<String>> then) {
    this.words = words;
    this.mode = mode;
    this.then = then;
  }

  @Override
  void step(Shell shell) {
    while (!shell.waiting() && shell.top() == this) {
      Cursor cursor = cursors.peek();
      if (cursor != null && cursor.next < cursor.parts.size()) {
        expand(shell, cursor.parts.get(cursor.next++));
      } else if (cursor != null) {
        cursors.pop();
        if (cursor.capture != null) {
          cursor.captured.accept(cursor.capture);
        } else if (cursors.isEmpty()) {
          endWord(shell);
        }
      } else if (next < words.size()) {
        List<Part> parts = words.get(next++).parts();
        cursors.push(new Cursor(tilde(shell, parts), null, found -> {}));
      } else {
        shell.pop();
        then.accept(results);
        return;
      }
    }
  }

  private List<Part> tilde(Shell shell, List<Part> parts) {
    boolean home =
        !parts.isEmpty()
            && parts.get(0) instanceof Literal first
            && !first.quoted()
            && (first.text().startsWith("~/") || (first.text().equals("~") && parts.size() == 1));
    if (!home) {
      return parts;
    }
    List<Part> expanded = new ArrayList<>(parts);
    expanded.set(0, new Literal(shell.variables().value("HOME", "~"), true));
    expanded.add(1, new Literal(((Literal) parts.get(0)).text().substring(1), false));
    return expanded;
  }

  private void endWord(Shell shell) {
    switch (mode) {
      case FIELDS -> endField(shell, false);
      case TEXT -> results.add(field.text.toString());
      case PATTERN -> results.add(field.pattern.toString());
    }
    field = new Field();
    splitByBlank = false;
  }

  private void endField(Shell shell, boolean evenEmpty) {
    if (field.present || evenEmpty) {
      String pattern = field.pattern.toString();
      List<String> files = ShellPattern.special(pattern) ? shell.files(pattern) : List.of();
      if (files.isEmpty()) {
        results.add(field.text.toString());
      } else {
        results.addAll(files);
      }
    }
    field = new Field();
  }

  private void expand(Shell shell, Part part) {
    if (part instanceof Literal literal) {
      target().append(literal.text(), literal.quoted());
    } else if (part instanceof Parameter parameter) {
      expand(shell, parameter);
    } else if (part instanceof ShellWord.Command command) {
      shell.substitute(command.commands(), printed -> add(shell, printed, command.quoted()));
    } else if (part instanceof ShellWord.Arithmetic arithmetic) {
      capture(
          arithmetic.expression(),
          found -> compute(shell, found.text.toString(), arithmetic.quoted()));
    }
  }

  private void capture(ShellWord word, Consumer<Field> captured) {
    cursors.push(new Cursor(word.parts(), new Field(), captured));
  }

  private void compute(Shell shell, String expression, boolean quoted) {
    try {
      long value = ShellArithmetic.evaluate(expression, shell.variables());
      add(shell, Long.toString(value), quoted);
    } catch (ShellArithmetic.Failure e) {
      shell.fail(String.valueOf(e.getMessage()));
    }
  }

  private Field target() {
    for (Cursor cursor : cursors) {
      if (cursor.capture != null) {
        return cursor.capture;
      }
    }
    return field;
  }

  /** Whether there is memory for more; else the shell ends. */
  private boolean fits(Shell shell, int more) {
    characters += more + 1;
    boolean fits = characters <= CHARACTERS_MAX && !shell.variables().full();
    if (!fits && !failed) {
      failed = true;
      shell.fail("out of memory");
    }
    return fits && !failed;
  }

  /** Adds the value of an expansion, which is split when it is not quoted. */
  private void add(Shell shell, String value, boolean quoted) {
    if (!fits(shell, value.length())) {
      return;
    }
    Field target = target();
    if (quoted || mode != Mode.FIELDS || target != field) {
      target.append(value, quoted);
      return;
    }
    String separators = shell.variables().value("IFS", " \t\n");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (separators.indexOf(c) < 0) {
        field.append(String.valueOf(c), false);
        splitByBlank = false;
      } else if (c == ' ' || c == '\t' || c == '\n') {
        splitByBlank |= field.present;
        endField(shell, false);
      } else {
        if (!splitByBlank) {
          endField(shell, true);
        }
        splitByBlank = false;
      }
    }
  }

  private void expand(Shell shell, Parameter parameter) {
    String name = parameter.name();
    if ((name.equals("@") || name.equals("*")) && parameter.operator().isEmpty()) {
      addArguments(shell, name.equals("@"), parameter.quoted());
      return;
    }
    String value = shell.parameter(name);
    String operator = parameter.operator();
    boolean missing = value == null || (operator.startsWith(":") && value.isEmpty());
    switch (operator) {
      case ":-", "-" -> {
        if (missing) {
          expandOperand(parameter);
        } else {
          add(shell, value(value), parameter.quoted());
        }
      }
      case ":+", "+" -> {
        if (missing) {
          add(shell, "", parameter.quoted());
        } else {
          expandOperand(parameter);
        }
      }
      case ":=", "=" -> {
        if (missing) {
          capture(parameter.operand(), found -> assign(shell, parameter, found.text.toString()));
        } else {
          add(shell, value(value), parameter.quoted());
        }
      }
      case ":?", "?" -> {
        if (missing) {
          capture(parameter.operand(), found -> refuse(shell, name, found.text.toString()));
        } else {
          add(shell, value(value), parameter.quoted());
        }
      }
      case "length" ->
          add(shell, Integer.toString(checked(shell, name, value).length()), parameter.quoted());
      case "" -> add(shell, checked(shell, name, value), parameter.quoted());
      default -> {
        String whole = checked(shell, name, value);
        capture(
            parameter.operand(),
            found ->
                add(shell, cut(whole, operator, found.pattern.toString()), parameter.quoted()));
      }
    }
  }

  private void expandOperand(Parameter parameter) {
    target().append("", parameter.quoted());
    cursors.push(new Cursor(parameter.operand().parts(), null, found -> {}));
  }

  private static String value(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String checked(Shell shell, String name, @Nullable String value) {
    if (value == null && shell.nounset()) {
      shell.fail(name + ": parameter not set");
    }
    return value(value);
  }

  private static String cut(String value, String operator, String pattern) {
    boolean longest = operator.length() == 2;
    return operator.startsWith("%")
        ? ShellPattern.withoutSuffix(value, pattern, longest)
        : ShellPattern.withoutPrefix(value, pattern, longest);
  }

  private void assign(Shell shell, Parameter parameter, String value) {
    if (!ShellLexer.isName(parameter.name())) {
      shell.fail(parameter.name() + ": bad variable name");
    } else if (shell.assign(parameter.name(), value)) {
      add(shell, value, parameter.quoted());
    }
  }

  private static void refuse(Shell shell, String name, String message) {
    shell.fail(name + ": " + (message.isEmpty() ? "parameter not set or null" : message));
  }

  private void addArguments(Shell shell, boolean separate, boolean quoted) {
    List<String> arguments = shell.arguments();
    boolean fields = mode == Mode.FIELDS && target() == field;
    if (quoted && !(separate && fields)) {
      String separators = shell.variables().value("IFS", " ");
      String between = separators.isEmpty() ? "" : separators.substring(0, 1);
      add(shell, String.join(separate ? " " : between, arguments), true);
      return;
    }
    for (int i = 0; i < arguments.size(); i++) {
      if (i > 0 && fields) {
        endField(shell, false);
      } else if (i > 0) {
        target().append(" ", false);
      }
      add(shell, arguments.get(i), quoted);
    }
  }
}
