package dev.wavetank.core.container.stream;

/** A process as the streams that it reads and writes know it. */
public interface StreamHolder {

  /** Whether it ended: it reads no more. */
  boolean over();

  /** Sends it a signal, such as that of a broken pipe. */
  void signal(Signal signal);
}
