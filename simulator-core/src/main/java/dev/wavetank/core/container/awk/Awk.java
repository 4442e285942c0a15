package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.awk.AwkStatement.Flow;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The program {@code awk}. */
public final class Awk {

  private final ProgramContext context;
  private final AwkState state;
  private final AwkProgram program;
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder unread = new StringBuilder();
  private boolean over;

  private Awk(ProgramContext context, String text) {
    this.context = context;
    this.state = new AwkState(output::append);
    context
        .env()
        .forEach(
            (name, value) ->
                state.element(state.global("ENVIRON"), name).set(new AwkValues.Input(value)));
    this.program = new AwkProgram(text, state, this::write);
  }

  /** The program {@code awk}. */
  public static void run(ProgramContext context) {
    ProgramOptions options = ProgramOptions.leading(context, "F:v:f:");
    if (options == null) {
      return;
    }
    List<String> operands = new ArrayList<>(options.operands());
    StringBuilder text = new StringBuilder();
    for (String file : options.values("f")) {
      String content = context.container().file(context.path(file));
      if (content == null) {
        context.err("awk: can't open file " + file + "\n");
        context.exit(2);
        return;
      }
      text.append(content).append('\n');
    }
    if (text.length() == 0 && operands.isEmpty()) {
      context.err("Usage: awk [-F SEP] [-v VAR=VAL] [-f FILE | 'PROGRAM'] [FILE]...\n");
      context.exit(2);
      return;
    }
    String script = text.length() > 0 ? text.toString() : operands.remove(0);
    try {
      Awk awk = new Awk(context, script);
      awk.configure(options, operands);
      awk.start(operands);
    } catch (AwkFailure e) {
      fail(context, e);
    }
  }

  private static void fail(ProgramContext context, AwkFailure failure) {
    context.err("awk: " + failure.getMessage() + "\n");
    context.exit(2);
  }

  private void configure(ProgramOptions options, List<String> operands) {
    if (options.has("F")) {
      String separator = options.value("F", " ");
      state.set("FS", separator.equals("t") ? "\t" : AwkLexer.unescaped(separator));
    }
    options.values("v").forEach(this::assign);
    AwkCell arguments = state.global("ARGV");
    state.element(arguments, "0").set("awk");
    for (int i = 0; i < operands.size(); i++) {
      state.element(arguments, Integer.toString(i + 1)).set(new AwkValues.Input(operands.get(i)));
    }
    state.set("ARGC", operands.size() + 1.0);
  }

  private static boolean assigns(String word) {
    return word.matches("(?s)[A-Za-z_]\\w*=.*");
  }

  private void assign(String word) {
    int equals = word.indexOf('=');
    if (!assigns(word)) {
      throw new AwkFailure("improper assignment: -v " + word);
    }
    String value = AwkLexer.unescaped(word.substring(equals + 1));
    state.set(word.substring(0, equals), new AwkValues.Input(value));
  }

  private String write(String file, String text, boolean append) {
    if (file.equals("/dev/stderr")) {
      context.err(text);
      return "";
    }
    String path = context.path(file);
    ContainerFiles files = context.container().files();
    return append ? files.append(path, text) : files.write(path, text);
  }

  private void start(List<String> operands) {
    over = program.begin().run(state) == Flow.EXIT;
    flush();
    if (over || !program.reads()) {
      finish(true);
      return;
    }
    file(operands, 0, false, true);
  }

  /** Reads one operand after the other; each may be an assignment instead of a file. */
  private void file(List<String> operands, int at, boolean anyRead, boolean allRead) {
    if (over || context.over()) {
      return;
    }
    if (at == operands.size()) {
      if (anyRead) {
        guarded(() -> finish(allRead));
      } else {
        read(List.of(), all -> guarded(() -> finish(all)));
      }
      return;
    }
    String operand = operands.get(at);
    if (assigns(operand)) {
      assign(operand);
      file(operands, at + 1, anyRead, allRead);
      return;
    }
    state.set("FILENAME", operand);
    state.set("FNR", 0.0);
    read(List.of(operand), all -> file(operands, at + 1, true, allRead && all));
  }

  private void read(List<String> files, Consumer<Boolean> then) {
    FileInput.lines(
        context,
        files,
        this::line,
        all -> {
          guarded(this::last);
          then.accept(all);
        });
  }

  private void guarded(Runnable action) {
    if (over) {
      return;
    }
    try {
      action.run();
    } catch (AwkFailure e) {
      over = true;
      flush();
      fail(context, e);
    }
  }

  private void line(String line) {
    guarded(
        () -> {
          String separator = state.text("RS");
          if (separator.equals("\n") && unread.length() == 0) {
            record(line.endsWith("\n") ? line.substring(0, line.length() - 1) : line);
            return;
          }
          boolean blank = separator.isEmpty() && line.equals("\n");
          if (!blank) {
            unread.append(line);
            AwkState.bounded(unread.length());
          }
          if (separator.isEmpty()) {
            if (blank) {
              last();
            }
            return;
          }
          for (int at = unread.indexOf(separator); at >= 0 && !over; ) {
            String whole = unread.substring(0, at);
            unread.delete(0, at + separator.length());
            record(whole);
            at = unread.indexOf(separator);
          }
        });
  }

  /** What is left at the end of a file, or before a blank line, is a record too. */
  private void last() {
    int length = unread.length();
    if (length > 0) {
      boolean ends = unread.charAt(length - 1) == '\n';
      String whole = unread.substring(0, ends ? length - 1 : length);
      unread.setLength(0);
      record(whole);
    }
  }

  private void record(String text) {
    state.set("NR", AwkValues.number(state.global("NR").value()) + 1);
    state.set("FNR", AwkValues.number(state.global("FNR").value()) + 1);
    state.setRecord(text);
    for (AwkProgram.Rule rule : program.rules()) {
      Flow flow = rule.run(state);
      if (flow == Flow.EXIT) {
        finish(true);
        return;
      }
      if (flow == Flow.NEXT) {
        break;
      }
    }
    flush();
  }

  private void flush() {
    context.out(output.toString());
    output.setLength(0);
  }

  /** Runs the actions of the end, which {@code exit} elsewhere does not prevent. */
  private void finish(boolean allRead) {
    over = true;
    program.end().run(state);
    flush();
    int code = state.exitCode();
    context.exit(code != 0 ? code & 255 : allRead ? 0 : 2);
  }
}
