package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.stream.Signal;

/**
 * The frame of a shell that reads its commands from its standard input: it runs one as soon as it
 * is complete, and reads on. On a terminal it asks for each.
 */
final class ShellPrompt extends ShellFrame {

  /** Most characters of one command. */
  private static final int COMMAND_MAX = 1 << 20;

  /** A command of more lines is not looked at after each of them. */
  private static final int LINES_MANY = 100;

  private final Shell shell;
  private final String name;
  private final boolean terminal;
  private final StringBuilder typed = new StringBuilder();
  private int lines;
  private int linesRun;
  private int linesToLookAt;
  private boolean asks;
  private boolean interrupted;

  /** A frame that has read nothing yet. */
  ShellPrompt(Shell shell, String name, boolean terminal) {
    this.shell = shell;
    this.name = name;
    this.terminal = terminal;
  }

  @Override
  void step(Shell same) {
    asks = true;
    write(lines == 0 ? first() : "> ");
    shell.await();
    shell.process().in().line(shell.process(), this::take);
  }

  private void write(String text) {
    if (terminal) {
      shell.streams().err().write(shell.process(), text);
    }
  }

  private String first() {
    Container container = shell.process().container();
    String directory = shell.directory();
    if (name.endsWith("bash")) {
      return "root@" + container.sandbox().hostname() + ":" + directory + "# ";
    }
    return container.busyBox() ? directory + " # " : "# ";
  }

  private void take(String line) {
    asks = false;
    boolean over = line.isEmpty();
    if (over && lines == 0) {
      shell.end(shell.status());
      return;
    }
    typed.append(line);
    lines++;
    if (typed.length() > COMMAND_MAX) {
      forget();
      shell.complain("the command is too long");
    } else if (over || complete()) {
      run();
    }
    shell.resume(shell.status());
  }

  private void forget() {
    typed.setLength(0);
    lines = 0;
    linesToLookAt = 0;
  }

  private void run() {
    String script = typed.toString();
    shell.setLinesBefore(linesRun);
    linesRun += lines;
    forget();
    String error = terminal ? error(script) : "";
    if (error.isEmpty()) {
      ShellFrame frame = shell.script(script);
      if (frame != null) {
        shell.push(frame);
      }
    } else {
      shell.complain("syntax error: " + error);
      shell.setStatus(2);
    }
  }

  /** Why it is no script; empty when it is one. */
  private static String error(String script) {
    try {
      ShellParser parser = ShellParser.of(script);
      while (parser.nextCommand() != null) {
        // Nothing of it runs before all of it is known to be right.
      }
      return parser.cutShort() ? "end of file in a here-document" : "";
    } catch (ShellSyntaxException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private boolean complete() {
    if (lines < linesToLookAt) {
      return false;
    }
    linesToLookAt = lines < LINES_MANY ? 0 : lines + lines / 10;
    String script = typed.toString();
    if (script.endsWith("\\\n")) {
      return false;
    }
    String error = error(script);
    return !error.contains("unterminated") && !error.contains("end of file");
  }

  /** Gives up the command that was interrupted. */
  void unwind() {
    if (interrupted) {
      interrupted = false;
      while (shell.top() != this && shell.top() != null) {
        shell.pop();
      }
      write("\n");
    }
  }

  /** A shell that people type to does not end by these. */
  boolean ignores(Signal signal) {
    if (!terminal) {
      return false;
    }
    if (asks && signal == Signal.INT) {
      forget();
      write("\n" + first());
    } else {
      interrupted |= signal == Signal.INT;
    }
    return signal == Signal.INT || signal == Signal.TERM || signal == Signal.QUIT;
  }
}
