package dev.wavetank.core.container;

import dev.wavetank.core.network.Protocol;

/** A connection to a server of a pod as bytes, from the server's side. */
public interface ServerConnection {

  /** Where the bytes of the server go. */
  interface Client {
    void write(byte[] piece);

    /** The server ends the connection. */
    void end();
  }

  /** A client that hears nothing. */
  Client NOBODY =
      new Client() {
        @Override
        public void write(byte[] piece) {}

        @Override
        public void end() {}
      };

  /**
   * A connection to a port that listens: to HTTP, or to the bytes that are exchanged there.
   *
   * @param from address and port of the client, as the server sees it
   * @param client hears of what the server says first before this returns
   */
  static ServerConnection to(PodSandbox sandbox, int port, String from, Client client) {
    Container container = sandbox.listener(Protocol.TCP, port);
    ServerConnection bytes =
        container == null ? null : ContainerPorts.accept(container, port, from, client);
    return bytes == null ? new HttpServerConnection(sandbox, port, from, client) : bytes;
  }

  int port();

  /** Whether an answer is on its way that takes time. */
  boolean working();

  /** Takes bytes of the client. */
  void receive(byte[] piece);

  /** The client sends nothing more. */
  void receiveEnd();

  /** The server is gone. */
  void reset();

  /** The client is gone. */
  void stop();
}
