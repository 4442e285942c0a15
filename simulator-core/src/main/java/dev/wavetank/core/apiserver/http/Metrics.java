package dev.wavetank.core.apiserver.http;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.authorization.Attributes;
import dev.wavetank.core.apiserver.endpoints.VersionInfo;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the server counts of itself, as Prometheus reads it: requests by what they asked for and how
 * they were answered, and the objects that there are. Durations are not counted: a request takes no
 * time while it is answered.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go and
 * staging/src/k8s.io/apiserver/pkg/storage/etcd3/metrics/metrics.go (v1.36).
 */
final class Metrics {

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** Paths of no resource that are counted. */
  private static final ImmutableList<String> PATHS =
      ImmutableList.of("/healthz", "/livez", "/metrics", "/openapi/v3", "/readyz", "/version");

  private final ApiServer server;
  private final ResourceCatalog catalog;
  private final Map<String, Long> requests = new TreeMap<>();

  Metrics(ApiServer server, ResourceCatalog catalog) {
    this.server = server;
    this.catalog = catalog;
  }

  /** Counts an answered request; one for what is not served does not count. */
  void count(ApiRequest request, int code) {
    String labels = labels(request, code);
    if (!labels.isEmpty()) {
      requests.merge(labels, 1L, Long::sum);
    }
  }

  private String labels(ApiRequest request, int code) {
    Attributes asked = RequestAttributes.of(request);
    if (!asked.isResource()) {
      return PATHS.contains(request.path())
          ? labels(code, "", "", "", request.path(), "", request.method(), "")
          : "";
    }
    ImmutableList<String> segments = RequestPath.segments(ProxyPath.of(request.path()).own());
    String version = segments.get(asked.group().isEmpty() ? 1 : 2);
    ResourceType type = catalog.find(asked.group(), version, asked.resource());
    boolean known =
        type != null
            && (asked.subresource().isEmpty()
                || catalog.subresource(type, asked.subresource()) != null);
    if (!known) {
      return "";
    }
    String scope =
        !asked.name().isEmpty() || asked.verb().equals("create")
            ? "resource"
            : asked.namespace().isEmpty() ? "cluster" : "namespace";
    return labels(
        code,
        asked.group(),
        version,
        asked.resource(),
        asked.subresource(),
        scope,
        verb(request, asked),
        request.query().string("dryRun"));
  }

  private static String verb(ApiRequest request, Attributes asked) {
    return switch (asked.subresource()) {
      case "attach", "exec", "log", "portforward", "proxy" -> "CONNECT";
      default ->
          switch (asked.verb()) {
            case "create" -> "POST";
            case "update" -> "PUT";
            case "patch" -> Writes.isApply(request) ? "APPLY" : "PATCH";
            default -> asked.verb().toUpperCase(Locale.ROOT);
          };
    };
  }

  private static String labels(
      int code,
      String group,
      String version,
      String resource,
      String subresource,
      String scope,
      String verb,
      String dryRun) {
    return "code=\""
        + code
        + "\",component=\"apiserver\",dry_run=\""
        + (dryRun.equals("All") ? dryRun : "")
        + "\",group=\""
        + group
        + "\",resource=\""
        + resource
        + "\",scope=\""
        + scope
        + "\",subresource=\""
        + subresource
        + "\",verb=\""
        + verb
        + "\",version=\""
        + version
        + "\"";
  }

  /** The answer to {@code /metrics}. */
  ApiResponse answer() {
    StringBuilder out = new StringBuilder();
    head(out, "apiserver_current_inflight_requests", "gauge", "Requests that wait for an answer.");
    for (String kind : ImmutableList.of("mutating", "readOnly")) {
      line(out, "apiserver_current_inflight_requests", "request_kind=\"" + kind + "\"", 0);
    }
    head(out, "apiserver_request_total", "counter", "Requests that were answered.");
    requests.forEach((labels, count) -> line(out, "apiserver_request_total", labels, count));
    objects(out);
    head(out, "kubernetes_build_info", "gauge", "The version that is simulated.");
    line(out, "kubernetes_build_info", build(), 1);
    return ApiResponse.of(200, TEXT, out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String build() {
    KubeMap version = VersionInfo.ofClient();
    Map<String, String> labels = new TreeMap<>();
    version.forEach(
        (name, value) ->
            labels.put(
                CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name), value.toString()));
    StringBuilder out = new StringBuilder();
    labels.forEach(
        (name, value) ->
            out.append(out.length() == 0 ? "" : ",")
                .append(name)
                .append("=\"")
                .append(value)
                .append('"'));
    return out.toString();
  }

  private void objects(StringBuilder out) {
    Map<String, Integer> byGroup = new TreeMap<>();
    Map<String, Integer> byName = new TreeMap<>();
    for (ResourceType type : server.types()) {
      int count = server.count(type);
      byGroup.put("group=\"" + type.group() + "\",resource=\"" + type.plural() + "\"", count);
      byName.put("resource=\"" + type.groupResource() + "\"", count);
    }
    head(out, "apiserver_resource_objects", "gauge", "Objects that are stored.");
    byGroup.forEach((labels, count) -> line(out, "apiserver_resource_objects", labels, count));
    head(out, "apiserver_storage_objects", "gauge", "Objects that are stored.");
    byName.forEach((labels, count) -> line(out, "apiserver_storage_objects", labels, count));
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, long value) {
    out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }
}
