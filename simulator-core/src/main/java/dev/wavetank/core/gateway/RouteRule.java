package dev.wavetank.core.gateway;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * A rule of an HTTPRoute.
 *
 * @param route {@code NAMESPACE/NAME}
 * @param mirrors that get a copy of each request
 */
record RouteRule(
    String route,
    ImmutableList<RouteMatch> matches,
    RouteFilters filters,
    WeightedBackends backends,
    ImmutableList<BackendReference> mirrors) {

  /** Most rules of a route, matches of a rule and backends of it that are read. */
  private static final int RULES_MAX = 16;

  private static final int MATCHES_MAX = 64;

  /** The rules of a route, in order; of a route that says none one that matches everything. */
  static ImmutableList<RouteRule> of(KubeObject route, GatewayObjects objects) {
    KubeList said = route.spec().listOrEmpty("rules");
    ImmutableList.Builder<RouteRule> rules = ImmutableList.builder();
    for (int i = 0; i < Math.min(said.size(), RULES_MAX); i++) {
      rules.add(of(route, said.map(i), objects));
    }
    return said.isEmpty() ? ImmutableList.of(of(route, KubeMap.EMPTY, objects)) : rules.build();
  }

  private static RouteRule of(KubeObject route, KubeMap rule, GatewayObjects objects) {
    KubeList said = rule.listOrEmpty("matches");
    ImmutableList.Builder<RouteMatch> matches = ImmutableList.builder();
    for (int i = 0; i < Math.min(said.size(), MATCHES_MAX); i++) {
      matches.add(RouteMatch.of(said.map(i)));
    }
    RouteFilters filters = RouteFilters.of(rule.listOrEmpty("filters"));
    return new RouteRule(
        route.namespace() + "/" + route.name(),
        said.isEmpty() ? ImmutableList.of(RouteMatch.ALL) : matches.build(),
        filters,
        WeightedBackends.of(route, rule.listOrEmpty("backendRefs"), objects),
        filters.mirrors().stream()
            .map(mirror -> BackendReference.of(route, mirror, objects))
            .collect(ImmutableList.toImmutableList()));
  }
}
