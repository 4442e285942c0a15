package dev.wavetank.core.container.stream;

/** Who hears, outside of the container, what a process writes. */
public interface ProcessClient {

  /** A piece of the standard output; everything where the process has a terminal. */
  void out(String text);

  /** A piece of the standard error. */
  void err(String text);
}
