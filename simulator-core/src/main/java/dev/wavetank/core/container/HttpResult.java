package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;

/** How a request to a listening port ended. */
public sealed interface HttpResult {

  /** The server answered. */
  record Answered(HttpResponse response) implements HttpResult {}

  /**
   * What came back is no HTTP.
   *
   * @param received what it is, as {@link ByteText}; empty when the server ended the connection
   */
  record NotHttp(String received) implements HttpResult {}

  /** The container died before it answered: the client sees the connection reset. */
  record Reset() implements HttpResult {}
}
