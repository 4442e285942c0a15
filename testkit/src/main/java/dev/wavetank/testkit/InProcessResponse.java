package dev.wavetank.testkit;

import dev.wavetank.core.apiserver.http.ApiResponse;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An answer of the API server as fabric8 reads it. */
final class InProcessResponse extends StandardHttpHeaders implements HttpResponse<AsyncBody> {

  private final HttpRequest request;
  private final int code;
  private final AsyncBody body;

  InProcessResponse(HttpRequest request, ApiResponse response, AsyncBody body) {
    super(headers(response));
    this.request = request;
    this.code = response.code();
    this.body = body;
  }

  private static Map<String, List<String>> headers(ApiResponse response) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    response.headers().asMap().forEach((name, values) -> headers.put(name, List.copyOf(values)));
    return headers;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public AsyncBody body() {
    return body;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public Optional<HttpResponse<?>> previousResponse() {
    return Optional.empty();
  }
}
