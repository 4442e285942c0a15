package dev.wavetank.core.container;

/** A process as the streams that it reads and writes know it. */
interface StreamHolder {

  /** Whether it ended: it reads no more. */
  boolean over();

  /** Sends it a signal, such as that of a broken pipe. */
  void signal(Signal signal);
}
