package dev.wavetank.core.container.http;

import com.google.common.collect.ImmutableMap;

/**
 * An HTTP answer.
 *
 * @param status such as 200
 * @param headers in the server's order, the content type among them
 */
public record HttpResponse(int status, ImmutableMap<String, String> headers, String body) {

  public static HttpResponse of(int status, String contentType, String body) {
    return new HttpResponse(status, ImmutableMap.of("Content-Type", contentType), body);
  }

  /** The header's value, or the empty text. */
  public String header(String name) {
    return HttpHeaders.value(headers, name);
  }

  /** The media type, or the empty text. */
  public String contentType() {
    return header("Content-Type");
  }
}
