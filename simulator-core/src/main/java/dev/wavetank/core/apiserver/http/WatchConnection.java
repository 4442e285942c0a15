package dev.wavetank.core.apiserver.http;

/**
 * A watch as a connection on which the client says nothing: each event is a piece of stream 0.
 *
 * <p>Follows {@code HandleWS} of staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go
 * (v1.36).
 */
final class WatchConnection implements StreamConnection {

  private static final int EVENTS = 0;

  private final WatchStream stream;

  WatchConnection(WatchStream stream) {
    this.stream = stream;
  }

  @Override
  public void start(Client client) {
    stream.start(
        new ResponseStream.Sink() {
          @Override
          public void write(byte[] piece) {
            client.write(EVENTS, piece);
          }

          @Override
          public void end() {
            client.close();
          }
        });
  }

  /** What a watching client says is not read. */
  @Override
  public void receive(int number, byte[] piece) {}

  @Override
  public void receiveEnd(int number) {}

  /** Always for the next event. */
  @Override
  public boolean waiting() {
    return true;
  }

  @Override
  public void stop() {
    stream.stop();
  }
}
