package dev.wavetank.core.container.stream;

/** Where what a process writes goes. */
public interface Sink {

  /** Forgets what is written. */
  Sink NOWHERE = (process, text) -> {};

  /**
   * Takes a text.
   *
   * @param process who writes, and whom a broken pipe ends
   */
  void write(StreamHolder process, String text);

  /** The writing end of a pipe. */
  static Sink of(ProgramInput pipe) {
    return (process, text) -> {
      if (pipe.abandoned()) {
        process.signal(Signal.PIPE);
      } else {
        pipe.write(text);
      }
    };
  }
}
