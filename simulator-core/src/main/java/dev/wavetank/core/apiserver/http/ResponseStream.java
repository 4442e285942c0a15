package dev.wavetank.core.apiserver.http;

/** A body that comes into being while time passes: a watch, or a log that is followed. */
public interface ResponseStream {

  /** Where the body goes. */
  interface Sink {

    /** Takes the next piece; it is not copied and must not be changed. */
    void write(byte[] piece);

    /** The body is over. */
    void end();
  }

  /** Begins; the pieces that are there already are written at once. Called once. */
  void start(Sink sink);

  /** Looks for new pieces that nothing announces. Called now and then, between events. */
  void poll();

  /** The client is gone. Also called after the end, and any number of times. */
  void stop();
}
