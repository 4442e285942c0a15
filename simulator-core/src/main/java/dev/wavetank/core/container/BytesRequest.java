package dev.wavetank.core.container;

import java.util.function.Consumer;

/**
 * A request of HTTP to a port on which bytes are exchanged: what comes back may be an answer, or
 * may not.
 */
final class BytesRequest implements ServerConnection.Client {

  /** Bytes kept of what comes back. */
  private static final int RECEIVED_MAX = 4 << 20;

  private final Exchange exchange;
  private final HttpRequest request;
  private final StringBuilder received = new StringBuilder();
  private boolean sent;
  private boolean ended;

  private BytesRequest(Exchange exchange, HttpRequest request) {
    this.exchange = exchange;
    this.request = request;
  }

  /** Sends a request over a connection of its own. */
  static Exchange send(
      Container container, HttpRequest request, int port, Consumer<HttpResult> then) {
    Exchange exchange = container.begin(then);
    BytesRequest sent = new BytesRequest(exchange, request);
    ServerConnection server = ContainerPorts.accept(container, port, request.client(), sent);
    if (server == null) {
      exchange.end(new HttpResult.Reset());
      return exchange;
    }
    exchange.onEnd(server::stop);
    server.receive(ByteText.bytes(HttpMessages.request(request)));
    sent.sent = true;
    sent.look();
    return exchange;
  }

  /** Looks at what has come back: what came before the request was sent counts afterwards. */
  private void look() {
    String text = received.toString();
    HttpResponse answer = HttpMessages.answer(text, request.method(), ended);
    boolean other = !HttpMessages.mayBeAnswer(text) || text.length() > RECEIVED_MAX;
    if (answer != null) {
      exchange.end(new HttpResult.Answered(answer));
    } else if (other || ended) {
      exchange.end(new HttpResult.NotHttp(text));
    }
  }

  @Override
  public void write(byte[] piece) {
    received.append(ByteText.text(piece));
    if (sent) {
      look();
    }
  }

  @Override
  public void end() {
    ended = true;
    if (sent) {
      look();
    }
  }
}
