package dev.wavetank.core.container;

/** The frame of a shell on a terminal: asks for a command, runs it, and asks again. */
final class ShellPrompt extends ShellFrame {

  /** Most characters of one command. */
  private static final int COMMAND_MAX = 64 << 10;

  private final Shell shell;
  private final String name;
  private final StringBuilder typed = new StringBuilder();
  private boolean asks;
  private boolean interrupted;

  ShellPrompt(Shell shell, String name) {
    this.shell = shell;
    this.name = name;
  }

  @Override
  void step(Shell same) {
    asks = true;
    write(typed.length() == 0 ? first() : "> ");
    shell.await();
    shell.process().in().line(shell.process(), this::take);
  }

  private void write(String text) {
    shell.streams().err().write(shell.process(), text);
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
    if (line.isEmpty()) {
      shell.end(shell.status());
      return;
    }
    typed.append(line);
    if (typed.length() > COMMAND_MAX) {
      typed.setLength(0);
      shell.complain("the command is too long");
    } else if (complete()) {
      run();
    }
    shell.resume(shell.status());
  }

  private void run() {
    String script = typed.toString();
    typed.setLength(0);
    String error = error(script);
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
      return "";
    } catch (ShellSyntaxException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private boolean complete() {
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
    if (asks && signal == Signal.INT) {
      typed.setLength(0);
      write("\n" + first());
    } else {
      interrupted |= signal == Signal.INT;
    }
    return signal == Signal.INT || signal == Signal.TERM || signal == Signal.QUIT;
  }
}
