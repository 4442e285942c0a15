package dev.wavetank.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private static final String GATEWAY =
      """
      kind: Gateway
      apiVersion: gateway.networking.k8s.io/v1
      metadata: {namespace: infra, name: edge}
      spec:
        gatewayClassName: wavetank
        listeners:
        - {name: any, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
        - {name: wild, port: 80, protocol: HTTP, hostname: "*.wild.test",
           allowedRoutes: {namespaces: {from: All}}}
        - {name: own, port: 81, protocol: HTTP}
        - {name: labelled, port: 82, protocol: HTTP, allowedRoutes:
            {namespaces: {from: Selector, selector: {matchLabels: {edge: "yes"}}}}}
        - {name: tcp, port: 83, protocol: TCP}
        - {name: other, port: 84, protocol: HTTP, allowedRoutes:
            {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}}
      ---
      """;

  private static String route(String name, String created, String spec) {
    return """
        kind: HTTPRoute
        apiVersion: gateway.networking.k8s.io/v1
        metadata: {namespace: shop, name: %s, creationTimestamp: "2026-01-01T00:00:%sZ"}
        spec:
          parentRefs: [{namespace: infra, name: edge, sectionName: any}]
        %s
        ---
        """
        .formatted(name, created, spec.indent(2));
  }

  private static String route(String name, String spec) {
    return route(name, "00", spec);
  }

  private static FixedObjects objects(String yaml) {
    return new FixedObjects(GATEWAY + yaml);
  }

  private static RouteTable table(String yaml) {
    FixedObjects objects = objects(yaml);
    return RouteTable.of(objects.gateways().get(0), objects);
  }

  private static HttpRequest request(String method, String host, String path, String... headers) {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return new HttpRequest(method, host, path, all.buildOrThrow(), "");
  }

  /** Name of the route that takes the request, with the path of its match. */
  private static String taker(RouteTable table, HttpRequest request) {
    RouteTable.Found found = table.find(80, request);
    RouteTable.Entry entry = found == null ? null : found.entry();
    return entry == null
        ? "none"
        : entry.rule().route().substring("shop/".length()) + entry.match().path().text();
  }

  private static String get(RouteTable table, String host, String path, String... headers) {
    return taker(table, request("GET", host, path, headers));
  }

  private static String matches(String... matches) {
    StringBuilder text = new StringBuilder("rules:\n");
    for (String match : matches) {
      text.append("- matches: [{").append(match).append("}]\n");
    }
    return text.toString();
  }

  private static String path(String type, String value) {
    return "path: {type: " + type + ", value: \"" + value + "\"}";
  }

  @Test
  void net_G_10_exactPathsComeBeforePrefixesAndLongPrefixesFirst() {
    RouteTable table =
        table(
            route(
                "r",
                matches(
                    path("PathPrefix", "/"),
                    path("PathPrefix", "/a"),
                    path("PathPrefix", "/a/b"),
                    path("Exact", "/a/b"))));
    assertThat(get(table, "x.test", "/a/b/c")).isEqualTo("r/a/b");
    assertThat(get(table, "x.test", "/a/bc")).isEqualTo("r/a");
    assertThat(get(table, "x.test", "/ab")).isEqualTo("r/");
    RouteTable.Found exact = table.find(80, request("GET", "x.test", "/a/b"));
    assertThat(exact).isNotNull();
    assertThat(exact.entry()).isNotNull();
    assertThat(exact.entry().order()).isEqualTo(3);
  }

  @Test
  void net_G_10_aMethodCountsMoreThanHeadersAndTheyMoreThanParameters() {
    String header = "headers: [{name: A, value: \"1\"}, {name: B, value: \"1\"}]";
    RouteTable table =
        table(
            route("query", matches("queryParams: [{name: q, value: \"1\"}]"))
                + route("headers", matches(header))
                + route("method", matches("method: GET"))
                + route("one", matches("headers: [{name: a, value: \"1\"}]")));
    assertThat(get(table, "x.test", "/?q=1", "a", "1", "b", "1")).isEqualTo("method/");
    assertThat(taker(table, request("PUT", "x.test", "/?q=1", "a", "1", "b", "1")))
        .isEqualTo("headers/");
    assertThat(taker(table, request("PUT", "x.test", "/?q=1", "a", "1"))).isEqualTo("one/");
    assertThat(taker(table, request("PUT", "x.test", "/?p=2&q=1"))).isEqualTo("query/");
    assertThat(taker(table, request("PUT", "x.test", "/?q=2"))).isEqualTo("none");
  }

  @Test
  void net_G_10_theOldestRouteThenTheFirstByNameThenTheFirstRuleWins() {
    String all = matches(path("PathPrefix", "/"));
    assertThat(get(table(route("a", "09", all) + route("b", "05", all)), "x.test", "/"))
        .isEqualTo("b/");
    assertThat(get(table(route("b", all) + route("a", all)), "x.test", "/")).isEqualTo("a/");
    RouteTable twice =
        table(route("r", matches(path("PathPrefix", "/a"), path("PathPrefix", "/a/"))));
    RouteTable.Found found = twice.find(80, request("GET", "x.test", "/a"));
    assertThat(found).isNotNull();
    assertThat(found.entry()).isNotNull();
    assertThat(found.entry().order()).isZero();
  }

  @Test
  void net_G_10_whatNoRuleMatchesIsTakenByNone() {
    RouteTable table = table(route("r", matches(path("Exact", "/a"))));
    assertThat(get(table, "x.test", "/b")).isEqualTo("none");
    assertThat(table.find(99, request("GET", "x.test", "/a"))).isNull();
  }

  @Test
  void net_G_11_aWildcardStandsForOneLabelOrMore() {
    RouteTable table =
        table(route("r", "hostnames: [\"*.x.test\"]\n" + matches(path("PathPrefix", "/"))));
    assertThat(get(table, "a.x.test:8080", "/")).isEqualTo("r/");
    assertThat(get(table, "B.a.x.test", "/")).isEqualTo("r/");
    assertThat(get(table, "x.test", "/")).isEqualTo("none");
  }

  @Test
  void net_G_11_theMorePreciseHostnameTakesPrecedence() {
    String deep = matches(path("Exact", "/deep"));
    String all = matches(path("PathPrefix", "/"));
    RouteTable table =
        table(
            route("any", "hostnames: []\n" + deep)
                + route("short", "hostnames: [\"*.test\"]\n" + all)
                + route("long", "hostnames: [\"*.x.test\"]\n" + all)
                + route("name", "hostnames: [a.x.test]\n" + all));
    assertThat(get(table, "a.x.test", "/deep")).isEqualTo("name/");
    assertThat(get(table, "b.x.test", "/deep")).isEqualTo("long/");
    assertThat(get(table, "x.test", "/deep")).isEqualTo("short/");
    assertThat(get(table, "else", "/deep")).isEqualTo("any/deep");
  }

  @Test
  void net_G_11_aRequestIsServedByTheListenerThatFitsBest() {
    RouteTable table = table(route("any", matches(path("PathPrefix", "/"))));
    assertThat(get(table, "x.test", "/")).isEqualTo("any/");
    assertThat(get(table, "a.wild.test", "/")).isEqualTo("none");
  }

  @Test
  void net_G_13_withoutMatchesAndWithoutRulesEverythingMatches() {
    assertThat(get(table(route("r", "rules: [{}]")), "x.test", "/a/b")).isEqualTo("r/");
    assertThat(get(table(route("r", "hostnames: []")), "x.test", "/a/b")).isEqualTo("r/");
  }

  @Test
  void net_G_13_moreRulesAndMatchesThanTheApiAllowsAreNotRead() {
    String[] many = new String[17];
    for (int i = 0; i < many.length; i++) {
      many[i] = path("Exact", "/" + i);
    }
    RouteTable table = table(route("r", matches(many)));
    assertThat(get(table, "x.test", "/15")).isEqualTo("r/15");
    assertThat(get(table, "x.test", "/16")).isEqualTo("none");
  }

  @Test
  void aRegularExpressionDescribesTheWholePathOrValue() {
    RouteTable table =
        table(
            route(
                "r",
                matches(
                    path("RegularExpression", "/a[0-9]+"),
                    path("RegularExpression", "/b(")
                        + ", headers: [{type: RegularExpression, name: h, value: \"x+\"}]",
                    path("Exact", "/h")
                        + ", headers: [{type: RegularExpression, name: h, value: \"x+\"}]")));
    assertThat(get(table, "x.test", "/a12")).isEqualTo("r/a[0-9]+");
    assertThat(get(table, "x.test", "/a12/")).isEqualTo("none");
    assertThat(get(table, "x.test", "/b(", "h", "x")).isEqualTo("none");
    assertThat(get(table, "x.test", "/h", "H", "xx")).isEqualTo("r/h");
    assertThat(get(table, "x.test", "/h", "H", "xxy")).isEqualTo("none");
  }

  private static String accepted(String yaml, String parent) {
    FixedObjects objects = objects(yaml);
    KubeObject route = objects.routes().get(0);
    KubeObject gateway = objects.gateways().get(0);
    FixedObjects parents = new FixedObjects("kind: P\napiVersion: v1\nspec: " + parent);
    return RouteAttachment.of(route, parents.first().spec(), gateway, objects).reason();
  }

  @Test
  void aRouteIsAcceptedByListenersThatAllowItAndShareAHostname() {
    String host = route("r", "hostnames: [x.test]");
    assertThat(accepted(host, "{name: edge, sectionName: any}")).isEqualTo("Accepted");
    assertThat(accepted(host, "{name: edge, port: 80}")).isEqualTo("Accepted");
    assertThat(accepted(host, "{name: edge, sectionName: none}")).isEqualTo("NoMatchingParent");
    assertThat(accepted(host, "{name: edge, sectionName: wild}"))
        .isEqualTo("NoMatchingListenerHostname");
    assertThat(accepted(host, "{name: edge, sectionName: own}")).isEqualTo("NotAllowedByListeners");
    assertThat(accepted(host, "{name: edge, sectionName: other}"))
        .isEqualTo("NotAllowedByListeners");
  }

  @Test
  void aSelectorAllowsNamespacesWithItsLabels() {
    String namespace =
        "kind: Namespace\napiVersion: v1\nmetadata: {name: shop, labels: {%s}}\n---\n";
    String host = route("r", "hostnames: [x.test]");
    String parent = "{name: edge, sectionName: labelled}";
    assertThat(accepted(namespace.formatted("edge: \"yes\"") + host, parent)).isEqualTo("Accepted");
    assertThat(accepted(namespace.formatted("edge: \"no\"") + host, parent))
        .isEqualTo("NotAllowedByListeners");
  }

  @Property(tries = 50)
  void theOrderInWhichRoutesComeDoesNotMatter(@ForAll long seed) {
    List<String> routes = new ArrayList<>();
    routes.add(route("a", "hostnames: [x.test]\n" + matches(path("PathPrefix", "/a"))));
    routes.add(route("b", "hostnames: [\"*.test\"]\n" + matches(path("PathPrefix", "/a"))));
    routes.add(route("c", matches(path("PathPrefix", "/"), path("Exact", "/a"))));
    routes.add(route("d", matches(path("PathPrefix", "/"))));
    RouteTable expected = table(String.join("", routes));
    Collections.shuffle(routes, new Random(seed));
    RouteTable shuffled = table(String.join("", routes));
    for (String host : List.of("x.test", "y.test", "else")) {
      for (String asked : List.of("/", "/a", "/a/b", "/z")) {
        assertThat(get(shuffled, host, asked)).isEqualTo(get(expected, host, asked));
      }
    }
  }
}
