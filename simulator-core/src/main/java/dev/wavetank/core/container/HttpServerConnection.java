package dev.wavetank.core.container;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.http.HttpRequestReader;
import dev.wavetank.core.container.http.HttpRequestReader.MalformedRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.HttpStatusText;
import dev.wavetank.core.container.text.ByteText;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server of a pod as bytes: HTTP/1.1 requests come in, one after the other, and
 * their answers go out. Bytes that are no HTTP are answered with 400 and end the connection.
 */
public final class HttpServerConnection implements ServerConnection {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final PodSandbox sandbox;
  private final int port;
  private final String from;
  private final HttpRequestReader reader = new HttpRequestReader();
  private @Nullable Client client;
  private @Nullable Exchange exchange;
  private boolean busy;
  private boolean inputOver;

  /**
   * A connection to a port that listens.
   *
   * @param from address and port of the client, as the server sees it
   */
  public HttpServerConnection(PodSandbox sandbox, int port, String from, Client client) {
    this.sandbox = sandbox;
    this.port = port;
    this.from = from;
    this.client = client;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean working() {
    return busy;
  }

  @Override
  public void receive(byte[] piece) {
    reader.add(piece);
    Client hears = client;
    if (hears != null && reader.full()) {
      answerMalformed(hears, 413);
    } else {
      next();
    }
  }

  @Override
  public void receiveEnd() {
    inputOver = true;
    next();
  }

  private void next() {
    Client hears = client;
    while (hears != null && hears == client && !busy) {
      HttpRequestReader.Message message;
      try {
        message = reader.next();
      } catch (MalformedRequest e) {
        answerMalformed(hears, e.status());
        return;
      }
      if (message == null) {
        if (reader.takeContinue()) {
          hears.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        if (inputOver) {
          close(hears);
        }
        return;
      }
      ask(hears, message);
    }
  }

  private void answerMalformed(Client hears, int status) {
    String words = status + " " + HttpStatusText.of(status);
    hears.write(
        ascii(
            "HTTP/1.1 "
                + words
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
                + words));
    close(hears);
  }

  private void ask(Client hears, HttpRequestReader.Message message) {
    busy = true;
    boolean head = message.request().method().equals("HEAD");
    boolean[] answered = {false};
    Exchange begun =
        sandbox.handle(
            message.request().from(from),
            port,
            result -> {
              answered[0] = true;
              answered(hears, result, head, message.keepAlive());
            });
    if (!answered[0] && begun == null) {
      reset();
    } else if (!answered[0]) {
      exchange = begun;
    }
  }

  private void answered(Client hears, HttpResult result, boolean head, boolean keepAlive) {
    busy = false;
    exchange = null;
    if (client == null) {
      return;
    }
    if (!(result instanceof HttpResult.Answered answer)) {
      close(hears);
      return;
    }
    hears.write(written(answer.response(), head, keepAlive));
    if (keepAlive) {
      next();
    } else {
      close(hears);
    }
  }

  private byte[] written(HttpResponse response, boolean head, boolean keepAlive) {
    byte[] body = ByteText.bytes(response.body());
    boolean bare = response.status() == 204 || response.status() == 304;
    StringBuilder text = new StringBuilder("HTTP/1.1 ");
    text.append(response.status()).append(' ').append(HttpStatusText.of(response.status()));
    text.append("\r\n");
    ImmutableMap<String, String> headers = response.headers();
    headers.forEach(
        (name, value) -> {
          if (!Ascii.equalsIgnoreCase(name, "Content-Length")) {
            text.append(name).append(": ").append(value).append("\r\n");
          }
        });
    if (response.header("Date").isEmpty()) {
      String now = DATE.format(sandbox.runtime().simulation().instant());
      text.append("Date: ").append(now).append("\r\n");
    }
    if (!bare) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    if (!keepAlive) {
      text.append("Connection: close\r\n");
    }
    byte[] start = ascii(text.append("\r\n").toString());
    if (head || bare) {
      return start;
    }
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void close(Client hears) {
    stop();
    hears.end();
  }

  @Override
  public void reset() {
    Client hears = client;
    if (hears != null) {
      close(hears);
    }
  }

  @Override
  public void stop() {
    client = null;
    busy = false;
    Exchange pending = exchange;
    exchange = null;
    if (pending != null && pending.pending()) {
      pending.cancel();
    }
  }
}
