package dev.wavetank.core.container.stream;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a program reads: a text that is used up from its beginning, and that may still grow when it
 * is the end of a pipe.
 */
public final class ProgramInput {

  /** Characters that wait in a pipe; what comes beyond is lost. */
  private static final int WAITING_MAX = 1 << 20;

  /** Characters of a line that a program waits for: it holds them itself, and not the pipe. */
  private static final int LINE_MAX = 8 << 20;

  private final StringBuilder text = new StringBuilder();
  private int position;

  /** Up to where no line ends behind the position. */
  private int searched;

  private boolean closed;
  private boolean abandoned;
  private @Nullable Runnable reader;
  private boolean readsLines;

  private ProgramInput() {}

  /** A text that is complete. */
  public static ProgramInput of(String text) {
    ProgramInput input = new ProgramInput();
    input.text.append(text);
    input.closed = true;
    return input;
  }

  /** A pipe, which is open and empty. */
  public static ProgramInput pipe() {
    return new ProgramInput();
  }

  /**
   * Adds to what can be read; whoever waits for it goes on at once.
   *
   * @return whether there was room for it; what nobody will read takes none
   */
  public boolean write(String more) {
    if (closed || abandoned) {
      return true;
    }
    int most = reader != null && readsLines ? LINE_MAX : WAITING_MAX;
    if (text.length() - position + more.length() > most) {
      return false;
    }
    text.append(more);
    wake();
    return true;
  }

  /** Nothing will be written any more. */
  public void close() {
    closed = true;
    wake();
  }

  /** Whether a program waits for more to be written. */
  public boolean awaited() {
    return reader != null && !closed;
  }

  /** Nobody will read any more. */
  public void abandon() {
    abandoned = true;
  }

  boolean abandoned() {
    return abandoned;
  }

  private void wake() {
    Runnable waiting = reader;
    boolean enough = readsLines ? lineEnds() : position < text.length();
    if (waiting != null && (closed || enough)) {
      reader = null;
      waiting.run();
    }
  }

  /** Whether a line ends in what is there; what was looked through is not again. */
  private boolean lineEnds() {
    boolean ends = text.indexOf("\n", Math.max(position, searched)) >= 0;
    searched = ends ? position : text.length();
    return ends;
  }

  private void await(boolean lines, Runnable goOn) {
    readsLines = lines;
    reader = goOn;
  }

  /**
   * Reads one line.
   *
   * @param then gets the line with its line end, which the last line may lack, or the empty text
   *     when the input has ended; it is not called when the process is over by then
   */
  public void line(StreamHolder process, Consumer<String> then) {
    String line = take();
    if (!line.isEmpty() || closed) {
      then.accept(line);
      return;
    }
    await(
        true,
        () -> {
          if (!process.over()) {
            line(process, then);
          }
        });
  }

  /** Reads whatever is there, again and again, until the input or the process ends. */
  public void chunks(StreamHolder process, Consumer<String> each, Runnable end) {
    while (!process.over()) {
      if (position == text.length()) {
        if (closed) {
          end.run();
        } else {
          await(false, () -> chunks(process, each, end));
        }
        return;
      }
      String chunk = text.substring(position);
      text.setLength(0);
      position = 0;
      searched = 0;
      each.accept(chunk);
    }
  }

  /** Reads line after line until the input or the process ends. */
  public void lines(StreamHolder process, Consumer<String> each, Runnable end) {
    while (!process.over()) {
      String line = take();
      if (line.isEmpty()) {
        if (closed) {
          end.run();
        } else {
          await(true, () -> lines(process, each, end));
        }
        return;
      }
      each.accept(line);
    }
  }

  private String take() {
    int end = text.indexOf("\n", position);
    int next = end >= 0 ? end + 1 : closed ? text.length() : position;
    String line = text.substring(position, next);
    position = next;
    if (position > text.length() / 2) {
      text.delete(0, position);
      position = 0;
      searched = 0;
    }
    return line;
  }
}
