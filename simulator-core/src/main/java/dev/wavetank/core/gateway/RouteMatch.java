package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.httpproxy.PathPattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One match of a rule of an HTTPRoute: all of it has to hold.
 *
 * <p>Follows apis/v1/httproute_types.go of gateway-api, {@code HTTPRouteMatch}. Regular expressions
 * of paths, which the API leaves open, come between exact paths and prefixes.
 *
 * @param method empty for any
 */
record RouteMatch(
    PathPattern path,
    String method,
    ImmutableList<TextMatch> headers,
    ImmutableList<TextMatch> parameters) {

  /** Which of several that match takes a request. */
  static final Comparator<RouteMatch> PRECEDENCE =
      Comparator.comparing((RouteMatch match) -> match.kindRank())
          .thenComparing(match -> -match.path.text().length())
          .thenComparing(match -> match.method.isEmpty())
          .thenComparing(match -> -match.headers.size())
          .thenComparing(match -> -match.parameters.size());

  /** What a rule without matches matches: everything. */
  static final RouteMatch ALL = of(KubeMap.EMPTY);

  static RouteMatch of(KubeMap match) {
    KubeMap path = match.mapOrEmpty("path");
    String value = path.string("value", "/");
    PathPattern pattern =
        switch (path.string("type", "PathPrefix")) {
          case "Exact" -> PathPattern.exact(value);
          case "RegularExpression" -> PathPattern.wholeRegex(value);
          default -> PathPattern.prefix(value);
        };
    return new RouteMatch(
        pattern,
        match.string("method", ""),
        TextMatch.headers(match.listOrEmpty("headers")),
        TextMatch.parameters(match.listOrEmpty("queryParams")));
  }

  private int kindRank() {
    return switch (path.kind()) {
      case EXACT -> 0;
      case WHOLE_REGEX -> 1;
      default -> 2;
    };
  }

  boolean matches(HttpRequest request) {
    return path.matches(request.plainPath())
        && (method.isEmpty() || method.equals(request.method()))
        && (headers.isEmpty() || headersMatch(request))
        && (parameters.isEmpty() || parametersMatch(request));
  }

  private boolean headersMatch(HttpRequest request) {
    Map<String, String> values = new LinkedHashMap<>();
    request.headers().forEach((name, value) -> values.put(Ascii.toLowerCase(name), value));
    return headers.stream().allMatch(header -> header.matches(values));
  }

  /** Of a parameter that comes several times the first counts. */
  private boolean parametersMatch(HttpRequest request) {
    int query = request.path().indexOf('?');
    if (query < 0) {
      return false;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : request.path().substring(query + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.putIfAbsent(decoded(name), decoded(value));
    }
    return parameters.stream().allMatch(parameter -> parameter.matches(values));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
