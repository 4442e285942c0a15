package dev.wavetank.server;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A client of exec or attach that speaks the channel protocol over the JDK's own WebSocket. */
final class ChannelClient implements WebSocket.Listener {

  private static final long SECONDS_MAX = 60;

  private final ByteArrayOutputStream[] streams = new ByteArrayOutputStream[5];
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private boolean ended;

  /** Opens a connection, with the words of the command, if it is one. */
  ChannelClient(ServedPods pods, String path, String protocol, String... command) {
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new ByteArrayOutputStream();
    }
    StringBuilder target = new StringBuilder(path);
    for (String word : command) {
      target.append("&command=").append(URLEncoder.encode(word, StandardCharsets.UTF_8));
    }
    socket =
        pods.clients()
            .build()
            .newWebSocketBuilder()
            .subprotocols(protocol)
            .buildAsync(
                URI.create(
                    pods.server.url().replaceFirst("http", "ws")
                        + "/api/v1/namespaces/default/pods/"
                        + target),
                this)
            .join();
  }

  @Override
  public synchronized CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    while (data.hasRemaining()) {
      message.write(data.get());
    }
    if (last) {
      byte[] bytes = message.toByteArray();
      message.reset();
      streams[bytes[0]].write(bytes, 1, bytes.length - 1);
      notifyAll();
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended = true;
    notifyAll();
    closed.complete(status + " " + reason);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized void onError(WebSocket from, Throwable error) {
    ended = true;
    notifyAll();
    closed.complete("broken");
  }

  void send(int stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer sent = ByteBuffer.allocate(bytes.length + 1);
    sent.put((byte) stream).put(bytes).flip();
    socket.sendBinary(sent, true).join();
  }

  void end(int stream) {
    socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, (byte) stream}), true).join();
  }

  /** Waits until a stream has said that; what it has said. */
  synchronized String await(int stream, String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!said(stream).contains(text) && !ended && System.nanoTime() < end) {
      wait(100);
    }
    return said(stream);
  }

  synchronized String said(int stream) {
    return streams[stream].toString(StandardCharsets.UTF_8);
  }

  /** Waits until the server has closed the connection; how. */
  String closed() throws Exception {
    return closed.get(SECONDS_MAX, TimeUnit.SECONDS);
  }

  void leave() {
    socket.abort();
  }
}
