package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.StreamConnection;

/** What a client says on a stream of its connection. */
final class ClientInput {

  private static final byte[] NOTHING = new byte[0];

  /** Forms of it; their names are those of the record of a session. */
  enum Kind {
    OPEN,
    DATA,
    END
  }

  private final Kind kind;
  private final int stream;
  private final int port;
  private final byte[] piece;

  /**
   * An input.
   *
   * @param stream its number
   * @param port that a new connection is forwarded to; 0 unless it is one
   * @param piece bytes, which must not be changed; empty unless they are what is said
   */
  ClientInput(Kind kind, int stream, int port, byte[] piece) {
    this.kind = kind;
    this.stream = stream;
    this.port = port;
    this.piece = piece;
  }

  static ClientInput open(int stream, int port) {
    return new ClientInput(Kind.OPEN, stream, port, NOTHING);
  }

  static ClientInput data(int stream, byte[] piece) {
    return new ClientInput(Kind.DATA, stream, 0, piece);
  }

  static ClientInput end(int stream) {
    return new ClientInput(Kind.END, stream, 0, NOTHING);
  }

  Kind kind() {
    return kind;
  }

  int stream() {
    return stream;
  }

  int port() {
    return port;
  }

  byte[] piece() {
    return piece;
  }

  void to(StreamConnection connection) {
    switch (kind) {
      case OPEN -> connection.open(stream, port);
      case DATA -> connection.receive(stream, piece);
      case END -> connection.receiveEnd(stream);
    }
  }
}
