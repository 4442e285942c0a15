package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers to {@code /healthz}, {@code /livez} and {@code /readyz}, and to their checks one by
 * one. A server that answers is healthy: nothing of it runs elsewhere.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go (v1.36); the names are
 * those that a kube-apiserver with its defaults has.
 */
final class Health {

  private static final ImmutableList<String> FIRST = ImmutableList.of("ping", "log", "etcd");
  private static final String HOOK = "poststarthook/";

  /** What runs when a server has started, in the order in which it is made known. */
  private static final ImmutableList<String> HOOKS =
      ImmutableList.of(
          "start-apiserver-admission-initializer",
          "generic-apiserver-start-informers",
          "priority-and-fairness-config-consumer",
          "priority-and-fairness-filter",
          "storage-object-count-tracker-hook",
          "start-apiextensions-informers",
          "start-apiextensions-controllers",
          "crd-informer-synced",
          "start-system-namespaces-controller",
          "peer-endpoint-reconciler-controller",
          "start-cluster-authentication-info-controller",
          "start-kube-apiserver-identity-lease-controller",
          "start-kube-apiserver-identity-lease-garbage-collector",
          "storage-readiness",
          "start-legacy-token-tracking-controller",
          "start-service-ip-repair-controllers",
          "rbac/bootstrap-roles",
          "scheduling/bootstrap-system-priority-classes",
          "priority-and-fairness-config-producer",
          "bootstrap-controller",
          "start-kubernetes-service-cidr-controller",
          "start-kube-aggregator-informers",
          "apiservice-status-local-available-controller",
          "apiservice-status-remote-available-controller",
          "apiservice-registration-controller",
          "apiservice-wait-for-first-sync",
          "apiservice-discovery-controller",
          "kube-apiserver-autoregistration");

  private static final ImmutableList<String> LAST_HOOKS =
      ImmutableList.of("apiservice-openapi-controller", "apiservice-openapiv3-controller");

  private static final ImmutableList<String> ALIVE = checks(false);
  private static final ImmutableList<String> READY = checks(true);

  private Health() {}

  private static ImmutableList<String> checks(boolean ready) {
    ImmutableList.Builder<String> checks = ImmutableList.builder();
    checks.addAll(FIRST);
    if (ready) {
      checks.add("etcd-readiness", "informer-sync");
    }
    HOOKS.forEach(hook -> checks.add(HOOK + hook));
    checks.add("autoregister-completion");
    LAST_HOOKS.forEach(hook -> checks.add(HOOK + hook));
    if (ready) {
      checks.add("shutdown");
    }
    return checks.build();
  }

  /**
   * The answer.
   *
   * @param segments of the path, {@code readyz} first
   */
  static ApiResponse answer(ApiRequest request, ImmutableList<String> segments) {
    String name = segments.get(0);
    ImmutableList<String> checks = name.equals("readyz") ? READY : ALIVE;
    if (segments.size() > 1) {
      String check = String.join("/", segments.subList(1, segments.size()));
      return checks.contains(check) ? ok() : ApiHandler.notFound();
    }
    if (!request.query().has("verbose")) {
      return ok();
    }
    List<String> unknown = new ArrayList<>(request.query().strings("exclude"));
    List<String> excluded = List.copyOf(unknown);
    StringBuilder out = new StringBuilder();
    for (String check : checks) {
      boolean left = excluded.contains(check);
      unknown.remove(check);
      out.append("[+]").append(check).append(left ? " excluded: ok\n" : " ok\n");
    }
    if (!unknown.isEmpty()) {
      List<String> quoted = new ArrayList<>();
      unknown.stream().distinct().sorted().forEach(word -> quoted.add(GoQuote.quote(word)));
      out.append("warn: some health checks cannot be excluded: no matches for ")
          .append(String.join(",", quoted))
          .append('\n');
    }
    return plain(out + name + " check passed\n");
  }

  private static ApiResponse ok() {
    return plain("ok");
  }

  private static ApiResponse plain(String text) {
    return ApiResponse.text(200, text).with("X-Content-Type-Options", "nosniff");
  }
}
