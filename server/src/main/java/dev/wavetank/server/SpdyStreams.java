package dev.wavetank.server;

import org.jspecify.annotations.Nullable;

/** Which SPDY streams of a client are which streams of its connection. */
interface SpdyStreams {

  /** The headers that a client opens a stream with. */
  interface Headers {
    /** The value of a header; empty when there is none. */
    String get(String name);
  }

  /**
   * A client opens a stream.
   *
   * @param id SPDY's number
   * @return why not; null when it is open
   */
  @Nullable String open(int id, Headers headers);

  /** What a connection hears of the stream that was opened last; null for nothing. */
  @Nullable ClientInput opened();

  /** The number of a connection's stream by SPDY's; -1 for none. */
  int stream(int id);

  /** SPDY's number by that of a connection's stream; -1 while the client has not opened it. */
  int id(int stream);

  /** A stream is over in both directions. */
  void forget(int stream);
}
