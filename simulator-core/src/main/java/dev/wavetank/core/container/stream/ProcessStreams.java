package dev.wavetank.core.container.stream;

import org.jspecify.annotations.Nullable;

/**
 * The standard streams of a process, as somebody outside of its container holds them.
 *
 * @param in what it reads
 * @param client who hears what it writes
 * @param terminal null when its streams are pipes
 */
public record ProcessStreams(ProgramInput in, ProcessClient client, @Nullable Terminal terminal) {

  /** Writes to the standard output. */
  public void out(String text) {
    client.out(terminal == null ? text : Terminal.shown(text));
  }

  /** Writes to the standard error, which a terminal shows with the output. */
  public void err(String text) {
    if (terminal == null) {
      client.err(text);
    } else {
      client.out(Terminal.shown(text));
    }
  }
}
