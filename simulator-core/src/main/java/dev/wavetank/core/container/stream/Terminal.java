package dev.wavetank.core.container.stream;

import java.util.function.Consumer;

/**
 * The terminal of a process: it shows what is typed, hands lines over when they are complete, and
 * turns control characters into what they mean.
 *
 * <p>Characters: {@code ^C} interrupts, {@code ^D} at the beginning of a line ends the input,
 * backspace and {@code ^U} take back what was typed.
 */
public final class Terminal {

  /** Most characters of a line; more are not taken. */
  static final int LINE_MAX = 4096;

  private static final char INTERRUPT = 3;
  private static final char END = 4;
  private static final char BACKSPACE = 8;
  private static final char KILL = 21;
  private static final char DELETE = 127;

  private final ProgramInput input;
  private final StringBuilder line = new StringBuilder();
  private final Consumer<String> screen;
  private Runnable interrupted = () -> {};
  private int rows;
  private int columns;

  /**
   * A terminal.
   *
   * @param input where its lines go
   * @param screen sees what is typed
   */
  public Terminal(ProgramInput input, Consumer<String> screen) {
    this.input = input;
    this.screen = screen;
  }

  /** What its process reads. */
  public ProgramInput input() {
    return input;
  }

  /** Sets who is interrupted. */
  public void onInterrupt(Runnable newInterrupted) {
    interrupted = newInterrupted;
  }

  /** Sets its size in characters. */
  public void resize(int newRows, int newColumns) {
    rows = newRows;
    columns = newColumns;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** A process writes: line feeds become carriage return and line feed. */
  static String shown(String text) {
    return text.replace("\n", "\r\n");
  }

  /**
   * Somebody types.
   *
   * @return whether there was room for it
   */
  public boolean type(String text) {
    boolean fits = true;
    for (int i = 0; i < text.length(); i++) {
      fits &= key(text.charAt(i));
    }
    return fits;
  }

  private boolean key(char key) {
    switch (key) {
      case '\r', '\n' -> {
        screen.accept("\r\n");
        line.append('\n');
        return hand();
      }
      case INTERRUPT -> {
        screen.accept("^C");
        line.setLength(0);
        interrupted.run();
      }
      case END -> {
        if (line.length() == 0) {
          input.close();
        } else {
          return hand();
        }
      }
      case BACKSPACE, DELETE -> {
        if (line.length() > 0) {
          line.setLength(line.length() - 1);
          screen.accept("\b \b");
        }
      }
      case KILL -> {
        screen.accept("\b \b".repeat(line.length()));
        line.setLength(0);
      }
      default -> {
        if (line.length() < LINE_MAX) {
          line.append(key);
          screen.accept(String.valueOf(key));
        }
      }
    }
    return true;
  }

  private boolean hand() {
    String typed = line.toString();
    line.setLength(0);
    return input.write(typed);
  }
}
