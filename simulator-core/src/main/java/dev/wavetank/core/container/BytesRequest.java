package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpMessages;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP to a port on which bytes are exchanged: what comes back may be an answer, or
 * may not.
 */
final class BytesRequest implements ServerConnection.Client {

  /** Bytes kept of what comes back. */
  private static final int RECEIVED_MAX = 4 << 20;

  private final HttpRequest request;
  private final Consumer<HttpResult> then;
  private final StringBuilder received = new StringBuilder();
  private @Nullable Exchange exchange;
  private boolean ended;

  private BytesRequest(HttpRequest request, Consumer<HttpResult> then) {
    this.request = request;
    this.then = then;
  }

  /** Sends a request over a connection of its own. */
  static Exchange send(
      Container container, HttpRequest request, int port, Consumer<HttpResult> then) {
    BytesRequest sent = new BytesRequest(request, then);
    Exchange exchange = ContainerRequests.begin(container, sent::over);
    ServerConnection server = ContainerPorts.accept(container, port, request.client(), sent);
    if (server == null) {
      exchange.end(new HttpResult.Reset());
      return exchange;
    }
    exchange.onEnd(server::stop);
    server.receive(ByteText.bytes(HttpMessages.request(request)));
    sent.exchange = exchange;
    sent.look();
    return exchange;
  }

  /** What has come back, when no more will. */
  private HttpResult whole() {
    String text = received.toString();
    HttpResponse answer = HttpMessages.answer(text, request.method(), true);
    return answer == null ? new HttpResult.NotHttp(text) : new HttpResult.Answered(answer);
  }

  /** A process that has said everything may end at once; the client hears it all the same. */
  private void over(HttpResult result) {
    then.accept(result instanceof HttpResult.Reset && ended ? whole() : result);
  }

  /** Looks at what has come back: what came before the request was sent counts afterwards. */
  private void look() {
    Exchange asked = exchange;
    if (asked == null) {
      return;
    }
    String text = received.toString();
    HttpResponse answer = HttpMessages.answer(text, request.method(), ended);
    if (answer != null) {
      asked.end(new HttpResult.Answered(answer));
    } else if (ended || !HttpMessages.mayBeAnswer(text) || text.length() > RECEIVED_MAX) {
      asked.end(new HttpResult.NotHttp(text));
    }
  }

  @Override
  public void write(byte[] piece) {
    received.append(ByteText.text(piece));
    look();
  }

  @Override
  public void end() {
    ended = true;
    look();
  }
}
