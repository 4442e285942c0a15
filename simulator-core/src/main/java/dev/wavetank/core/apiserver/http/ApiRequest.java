package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** One request of a client. */
public final class ApiRequest {

  private final String method;
  private final String target;
  private final ImmutableMap<String, String> headers;
  private final byte[] body;
  private final Peer peer;
  private final String path;
  private final QueryParameters query;

  /** A request of somebody who is trusted because he reaches the server. */
  public ApiRequest(String method, String target, Map<String, String> headers, byte[] body) {
    this(method, target, headers, body, Peer.TRUSTED);
  }

  /**
   * A request.
   *
   * @param method such as {@code GET}
   * @param target path and query as they stand in the request line, still encoded
   * @param headers names in any case; of a repeated one the values are joined with commas
   * @param body empty for none; it is not copied and must not be changed
   * @param peer who sends it, as far as its connection tells
   * @throws dev.wavetank.core.api.ApiException 400 when the query is not well encoded
   */
  public ApiRequest(
      String method, String target, Map<String, String> headers, byte[] body, Peer peer) {
    this.method = method;
    this.target = target;
    Map<String, String> lower = new LinkedHashMap<>();
    headers.forEach((name, value) -> lower.put(Ascii.toLowerCase(name), value));
    this.headers = ImmutableMap.copyOf(lower);
    this.body = body;
    this.peer = peer;
    int question = target.indexOf('?');
    this.path = question < 0 ? target : target.substring(0, question);
    this.query = QueryParameters.parse(question < 0 ? "" : target.substring(question + 1));
  }

  public String method() {
    return method;
  }

  /** Path and query as they were sent. */
  public String target() {
    return target;
  }

  /** The path, still encoded. */
  public String path() {
    return path;
  }

  public QueryParameters query() {
    return query;
  }

  /** All headers, by their names in lower case. */
  public ImmutableMap<String, String> headers() {
    return headers;
  }

  /** The header of that name, which is in lower case; empty when there is none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The body, which must not be changed; empty for none. */
  public byte[] body() {
    return body;
  }

  /** Who sends it, as far as its connection tells. */
  public Peer peer() {
    return peer;
  }

  boolean hasBody() {
    return body.length > 0;
  }
}
