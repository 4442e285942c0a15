package dev.wavetank.core.container.stream;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The signals that programs send and hear, with the numbers of Linux. */
public enum Signal {
  /** No signal: what a shell traps to run something at its end. */
  EXIT(0),
  HUP(1),
  INT(2),
  QUIT(3),
  KILL(9),
  USR1(10),
  USR2(12),
  PIPE(13),
  ALRM(14),
  TERM(15);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** What a process reports that such a signal ended. */
  public int exitCode() {
    return 128 + number;
  }

  /** The signal of that name or number, such as {@code SIGTERM}, {@code term} or 15; or null. */
  public static @Nullable Signal of(String word) {
    String name = word.toUpperCase(Locale.ROOT);
    if (name.startsWith("SIG")) {
      name = name.substring(3);
    }
    for (Signal signal : values()) {
      if (signal.name().equals(name) || Integer.toString(signal.number).equals(name)) {
        return signal;
      }
    }
    return null;
  }
}
