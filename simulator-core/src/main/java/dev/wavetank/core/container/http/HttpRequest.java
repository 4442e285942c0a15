package dev.wavetank.core.container.http;

import com.google.common.collect.ImmutableMap;

/**
 * An HTTP request as a server sees it.
 *
 * @param method such as {@code GET}
 * @param host the {@code Host} header, a port included when it is not the scheme's own
 * @param path with the query, starting with {@code /}
 * @param headers the other headers, in the client's order
 * @param body empty for none
 * @param client address and port that the server sees it come from, such as {@code
 *     10.244.1.7:41234}; empty when nothing is known of it
 * @param tls whether it is sent over TLS, which the simulation only tells and does not do
 */
public record HttpRequest(
    String method,
    String host,
    String path,
    ImmutableMap<String, String> headers,
    String body,
    String client,
    boolean tls) {

  /** Protocol, the word Host, blanks and line breaks. */
  private static final long REQUEST_LINE_BYTES = 22;

  /** A request that has not come to any server yet. */
  public HttpRequest(
      String method, String host, String path, ImmutableMap<String, String> headers, String body) {
    this(method, host, path, headers, body, "", false);
  }

  public static HttpRequest get(String host, String path) {
    return new HttpRequest("GET", host, path.isEmpty() ? "/" : path, ImmutableMap.of(), "");
  }

  /** What templates see of a datagram: its text as the body. */
  public static HttpRequest datagram(String text, String client) {
    return new HttpRequest("", "", "", ImmutableMap.of(), text, client, false);
  }

  /** The header's value, or the empty text. */
  public String header(String name) {
    return HttpHeaders.value(headers, name);
  }

  /** About what it takes in HTTP/1.1, without headers that the simulation leaves out. */
  public long bytes() {
    return REQUEST_LINE_BYTES
        + method.length()
        + host.length()
        + path.length()
        + HttpHeaders.bytes(headers)
        + body.length();
  }

  /** This request for another path. */
  public HttpRequest withPath(String newPath) {
    return new HttpRequest(method, host, newPath, headers, body, client, tls);
  }

  /** This request with more headers, which stand for those of the same name. */
  public HttpRequest withHeaders(ImmutableMap<String, String> more) {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    all.putAll(headers).putAll(more);
    return new HttpRequest(method, host, path, all.buildKeepingLast(), body, client, tls);
  }

  /** This request as a server sees it come from an address and port. */
  public HttpRequest from(String address) {
    return new HttpRequest(method, host, path, headers, body, address, tls);
  }

  /** This request over TLS or not. */
  public HttpRequest over(boolean encrypted) {
    return new HttpRequest(method, host, path, headers, body, client, encrypted);
  }

  /** The path without the query. */
  public String plainPath() {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }
}
