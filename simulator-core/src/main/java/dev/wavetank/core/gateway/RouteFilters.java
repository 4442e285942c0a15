package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.httpproxy.HostName;
import dev.wavetank.core.httpproxy.PathPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a rule or of one of its backends.
 *
 * <p>Follows apis/v1/httproute_types.go of gateway-api, {@code HTTPRouteFilter}.
 *
 * @param redirect answers instead of a backend; null for none
 * @param mirrors references to backends that get a copy of each request
 * @param supported whether all of them are of kinds that this proxy knows
 */
record RouteFilters(
    KubeMap requestHeaders,
    KubeMap responseHeaders,
    @Nullable KubeMap redirect,
    KubeMap rewrite,
    ImmutableList<KubeMap> mirrors,
    boolean supported) {

  static final RouteFilters NONE = of(KubeList.EMPTY);

  static RouteFilters of(KubeList filters) {
    KubeMap request = KubeMap.EMPTY;
    KubeMap response = KubeMap.EMPTY;
    KubeMap redirect = null;
    KubeMap rewrite = KubeMap.EMPTY;
    List<KubeMap> mirrors = new ArrayList<>();
    boolean supported = true;
    for (KubeMap filter : filters.maps()) {
      switch (filter.string("type", "")) {
        case "RequestHeaderModifier" -> request = filter.mapOrEmpty("requestHeaderModifier");
        case "ResponseHeaderModifier" -> response = filter.mapOrEmpty("responseHeaderModifier");
        case "RequestRedirect" -> redirect = filter.mapOrEmpty("requestRedirect");
        case "URLRewrite" -> rewrite = filter.mapOrEmpty("urlRewrite");
        case "RequestMirror" ->
            mirrors.add(filter.mapOrEmpty("requestMirror").mapOrEmpty("backendRef"));
        default -> supported = false;
      }
    }
    return new RouteFilters(
        request, response, redirect, rewrite, ImmutableList.copyOf(mirrors), supported);
  }

  /** The request that a backend gets. */
  HttpRequest request(HttpRequest request, PathPattern matched) {
    RoutePath path = RoutePath.of(rewrite.map("path"));
    return new HttpRequest(
        request.method(),
        rewrite.string("hostname", request.host()),
        path == null ? request.path() : path.apply(request.path(), matched),
        changed(request.headers(), requestHeaders),
        request.body());
  }

  /** The answer that the client gets. */
  HttpResponse response(HttpResponse response) {
    return responseHeaders.isEmpty()
        ? response
        : new HttpResponse(
            response.status(), changed(response.headers(), responseHeaders), response.body());
  }

  /**
   * The answer of the redirection.
   *
   * @param said the filter
   * @param port of the listener
   */
  static HttpResponse redirection(
      KubeMap said, HttpRequest request, PathPattern matched, String listenerScheme, int port) {
    String scheme = said.string("scheme", listenerScheme);
    int usual = scheme.equals("https") ? 443 : 80;
    long shown = said.number("port", said.has("scheme") ? usual : port);
    RoutePath path = RoutePath.of(said.map("path"));
    String location =
        scheme
            + "://"
            + said.string("hostname", HostName.of(request.host()))
            + (shown == usual ? "" : ":" + shown)
            + (path == null ? request.path() : path.apply(request.path(), matched));
    int status = (int) said.number("statusCode", 302);
    return new HttpResponse(status, ImmutableMap.of("Location", location), "");
  }

  /** Headers are set, then added, then removed; their names in any case. */
  private static ImmutableMap<String, String> changed(
      ImmutableMap<String, String> headers, KubeMap modifier) {
    if (modifier.isEmpty()) {
      return headers;
    }
    Map<String, String> changed = new LinkedHashMap<>(headers);
    for (KubeMap header : modifier.listOrEmpty("set").maps()) {
      remove(changed, header.string("name", ""));
      changed.put(header.string("name", ""), header.string("value", ""));
    }
    for (KubeMap header : modifier.listOrEmpty("add").maps()) {
      String name = header.string("name", "");
      String before = remove(changed, name);
      String value = header.string("value", "");
      changed.put(name, before == null ? value : before + "," + value);
    }
    for (Object name : modifier.listOrEmpty("remove")) {
      remove(changed, name.toString());
    }
    return ImmutableMap.copyOf(changed);
  }

  private static @Nullable String remove(Map<String, String> headers, String name) {
    String wanted = Ascii.toLowerCase(name);
    for (String known : headers.keySet()) {
      if (Ascii.toLowerCase(known).equals(wanted)) {
        return headers.remove(known);
      }
    }
    return null;
  }
}
