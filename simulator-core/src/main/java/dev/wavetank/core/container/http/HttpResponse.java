package dev.wavetank.core.container.http;

import com.google.common.collect.ImmutableMap;

/**
 * An HTTP answer.
 *
 * @param status such as 200
 * @param headers in the server's order, the content type among them
 */
public record HttpResponse(int status, ImmutableMap<String, String> headers, String body) {

  /** Protocol, status, its word and line breaks. */
  private static final long STATUS_LINE_BYTES = 19;

  public static HttpResponse of(int status, String contentType, String body) {
    return new HttpResponse(status, ImmutableMap.of("Content-Type", contentType), body);
  }

  /** About what it takes in HTTP/1.1, without headers that the simulation leaves out. */
  public long bytes() {
    return STATUS_LINE_BYTES + HttpHeaders.bytes(headers) + body.length();
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
