package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import java.util.Map;

/**
 * One request that is handed on, as the server in the pod sees it, and its answer, as the client
 * does: links back to the same place lead through the proxy.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/proxy/transport.go (v1.36).
 */
final class ProxyExchange {

  /** Headers that are between two neighbours only. */
  private static final ImmutableSet<String> BETWEEN_NEIGHBOURS =
      ImmutableSet.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final ApiRequest request;
  private final ProxyPath path;
  private final Proxies.Location location;

  ProxyExchange(ApiRequest request, ProxyPath path, Proxies.Location location) {
    this.request = request;
    this.path = path;
    this.location = location;
  }

  /** The request as it arrives in the pod. */
  HttpRequest request() {
    int question = request.target().indexOf('?');
    String query = question < 0 ? "" : request.target().substring(question);
    String own = path.rest().isEmpty() ? "/" : path.rest();
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    request
        .headers()
        .forEach(
            (name, value) -> {
              boolean ours = BETWEEN_NEIGHBOURS.contains(name) || name.startsWith("x-forwarded-");
              if (!ours && !name.equals("host") && !name.equals("authorization")) {
                headers.put(canonical(name), value);
              }
            });
    headers.put("X-Forwarded-For", "127.0.0.1");
    headers.put("X-Forwarded-Uri", path.own() + own);
    return new HttpRequest(
        request.method(),
        request.header("host"),
        own + query,
        headers.buildOrThrow(),
        ByteText.text(request.body()));
  }

  /** A header's name as Go writes it. */
  private static String canonical(String name) {
    StringBuilder out = new StringBuilder(name.length());
    boolean begins = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(begins ? Ascii.toUpperCase(c) : Ascii.toLowerCase(c));
      begins = c == '-';
    }
    return out.toString();
  }

  /** The answer when there is none from the pod. */
  ApiResponse failed(String error) {
    return ApiHandler.refused(
        request, Status.bare(503, "ServiceUnavailable", "error trying to reach service: " + error));
  }

  /** The answer as the client sees it. */
  ApiResponse answered(HttpResponse response) {
    String type = response.contentType();
    int semicolon = type.indexOf(';');
    String media = (semicolon < 0 ? type : type.substring(0, semicolon)).trim();
    boolean moved = !response.header("Location").isEmpty();
    boolean rewritten =
        !moved && media.equals("text/html") && response.header("Content-Encoding").isEmpty();
    String body = rewritten ? HtmlLinks.rewritten(response.body(), this::through) : response.body();
    ApiResponse answer = ApiResponse.bytes(response.status(), ByteText.bytes(body));
    for (Map.Entry<String, String> header : response.headers().entrySet()) {
      String name = Ascii.toLowerCase(header.getKey());
      if (!BETWEEN_NEIGHBOURS.contains(name) && !name.equals("content-length")) {
        boolean place = name.equals("location");
        answer =
            answer.with(header.getKey(), place ? through(header.getValue()) : header.getValue());
      }
    }
    return answer;
  }

  /** A URL that leads to the same server, through the proxy; others stay as they are. */
  private String through(String url) {
    String rest = url;
    int scheme = url.indexOf("://");
    boolean hosted = url.startsWith("//") || scheme > 0;
    if (hosted) {
      int begin = url.startsWith("//") ? 2 : scheme + 3;
      int slash = url.indexOf('/', begin);
      String host = slash < 0 ? url.substring(begin) : url.substring(begin, slash);
      boolean here = host.equals(location.host()) || host.equals(request.header("host"));
      if (!here || slash < 0) {
        return url;
      }
      rest = url.substring(slash);
      String before = host.equals(request.header("host")) ? url.substring(0, slash) : "";
      return before + prefixed(rest);
    }
    return rest.startsWith("/") ? prefixed(rest) : url;
  }

  private String prefixed(String rest) {
    return rest.startsWith(path.own()) ? rest : path.own() + rest;
  }
}
