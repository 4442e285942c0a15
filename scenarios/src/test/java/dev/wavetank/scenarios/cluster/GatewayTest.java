package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.http.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A controller of the Gateway API in a pod, the proxy that it runs, and what it says of both. */
class GatewayTest {

  private static final String SHOP =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: empty}
      spec:
        selector: {app: none}
        ports: [{port: 80}]
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: edge}
      spec:
        gatewayClassName: wavetank
        listeners:
        - {name: http, port: 80, protocol: HTTP, hostname: "*.test"}
        - {name: admin, port: 8080, protocol: HTTP}
        - {name: raw, port: 9000, protocol: TCP}
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: shop}
      spec:
        parentRefs: [{name: edge, sectionName: http}]
        hostnames: [shop.test]
        rules:
        - backendRefs: [{name: web, port: 80}]
        - matches: [{path: {value: /empty}}]
          backendRefs: [{name: empty, port: 80}]
        - matches: [{path: {value: /missing}}]
          backendRefs: [{name: missing, port: 80}]
        - matches: [{path: {value: /nothing}}]
          backendRefs: [{name: web, port: 80, weight: 0}]
        - matches: [{path: {value: /old}}]
          filters:
          - {type: RequestRedirect, requestRedirect: {hostname: new.test, statusCode: 301}}
      """;

  private final Cluster cluster = Cluster.builder().nodes(2).start();

  GatewayTest() throws IOException {
    apply("gateway-api.yaml");
    cluster.run(Duration.ofSeconds(2));
    apply("gateway-class.yaml");
    cluster.apply("web.yaml", WebBehindProxy.MANIFEST);
    cluster.apply("shop.yaml", SHOP);
    cluster.run(Duration.ofMinutes(2));
  }

  private void apply(String manifest) throws IOException {
    String text = Files.readString(Path.of("library/manifests", manifest), UTF_8);
    assertThat(cluster.apply(manifest, text).stderr()).isEmpty();
  }

  private HttpResponse get(String header, int port, String path) {
    return WebBehindProxy.get(cluster, "edge-wavetank", port, header, path);
  }

  private String kubectl(String command) {
    return cluster.kubectl(command).stdout();
  }

  private String condition(String object, String path, String type) {
    return kubectl(
        "get %s -o 'jsonpath={.status%s.conditions[?(@.type==\"%s\")].reason}'"
            .formatted(object, path, type));
  }

  @Test
  void net_G_10_aRequestGoesThroughTheProxyToAPod() {
    assertThat(get("shop.test", 80, "/").body()).isEqualTo("web\n");
    assertThat(kubectl("logs deploy/edge-wavetank")).contains("200 [default/shop]");
  }

  @Test
  void net_G_10_whatNoRuleTakesIsNotFound() {
    assertThat(get("other.test", 80, "/").status()).isEqualTo(404);
    assertThat(get("shop.test", 8080, "/").status()).isEqualTo(404);
  }

  @Test
  void net_G_12_withoutReadyEndpointsTheAnswerIs503AndAnInvalidBackendIs500() {
    assertThat(get("shop.test", 80, "/empty").status()).isEqualTo(503);
    assertThat(get("shop.test", 80, "/missing").status()).isEqualTo(500);
    assertThat(get("shop.test", 80, "/nothing").status()).isEqualTo(500);
  }

  @Test
  void aRedirectionIsAnsweredByTheProxy() {
    HttpResponse answer = get("shop.test", 80, "/old/a?b");
    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.header("Location")).isEqualTo("http://new.test/old/a?b");
  }

  @Test
  void net_G_13_theDefinitionDefaultsAMatchToThePrefixOfAll() {
    assertThat(kubectl("get httproute shop -o jsonpath={.spec.rules[0].matches}"))
        .isEqualTo("[{\"path\":{\"type\":\"PathPrefix\",\"value\":\"/\"}}]");
    assertThat(kubectl("get httproute shop -o jsonpath={.spec.rules[0].backendRefs[0].weight}"))
        .isEqualTo("1");
  }

  private String applied(int rules, int matches) {
    String rule = "  - matches: [" + "{path: {value: /a}},".repeat(matches) + "]\n";
    String route =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: big}\n"
            + "spec:\n  rules:\n"
            + rule.repeat(rules);
    return cluster.apply("big.yaml", route).stderr();
  }

  @Test
  void net_G_13_aRouteHas16RulesOf64MatchesAnd128InAllAtMost() {
    assertThat(applied(16, 8)).isEmpty();
    assertThat(applied(2, 64)).isEmpty();
    assertThat(applied(17, 1)).contains("must have at most 16 items");
    assertThat(applied(1, 65)).contains("must have at most 64 items");
    assertThat(applied(3, 43)).contains("must not be more than 128");
  }

  @Test
  void theControllerSaysWhatItAcceptedAndWhatItRuns() {
    assertThat(condition("gatewayclass/wavetank", "", "Accepted")).isEqualTo("Accepted");
    assertThat(condition("gateway/edge", "", "Accepted")).isEqualTo("ListenersNotValid");
    assertThat(condition("gateway/edge", "", "Programmed")).isEqualTo("Programmed");
    assertThat(condition("gateway/edge", ".listeners[2]", "Accepted"))
        .isEqualTo("UnsupportedProtocol");
    assertThat(kubectl("get gateway edge -o jsonpath={.status.listeners[*].attachedRoutes}"))
        .isEqualTo("1 0 0");
    assertThat(kubectl("get gateway edge -o jsonpath={.status.addresses[0].value}"))
        .isEqualTo(kubectl("get service edge-wavetank -o jsonpath={.spec.clusterIP}"));
  }

  @Test
  void theControllerSaysWhyARouteIsNotServed() {
    assertThat(condition("httproute/shop", ".parents[0]", "Accepted")).isEqualTo("Accepted");
    assertThat(condition("httproute/shop", ".parents[0]", "ResolvedRefs"))
        .isEqualTo("BackendNotFound");
    kubectl(
        "patch httproute shop --type=merge -p '{\"spec\":{\"hostnames\":[\"shop.example.com\"]}}'");
    cluster.run(Duration.ofSeconds(5));
    assertThat(condition("httproute/shop", ".parents[0]", "Accepted"))
        .isEqualTo("NoMatchingListenerHostname");
    assertThat(get("shop.test", 80, "/").status()).isEqualTo(404);
  }

  @Test
  void aListenerMoreIsServedByTheProxyThatRuns() {
    kubectl(
        "patch gateway edge --type=json -p '[{\"op\":\"add\",\"path\":\"/spec/listeners/-\","
            + "\"value\":{\"name\":\"more\",\"port\":81,\"protocol\":\"HTTP\"}}]'");
    kubectl(
        "patch httproute shop --type=merge -p '{\"spec\":{\"parentRefs\":[{\"name\":\"edge\"}]}}'");
    cluster.run(Duration.ofSeconds(5));
    assertThat(get("shop.test", 81, "/").body()).isEqualTo("web\n");
    assertThat(get("shop.test", 8080, "/").body()).isEqualTo("web\n");
  }

  @Test
  void whatItRunsGoesWithTheGateway() {
    kubectl("delete gateway edge");
    cluster.run(Duration.ofMinutes(2));
    assertThat(kubectl("get deployments,services")).doesNotContain("edge-wavetank");
  }

  @Test
  void aGatewayOfAnotherClassIsLeftAlone() {
    cluster.apply(
        "other.yaml",
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: foreign}
        spec:
          gatewayClassName: other
          listeners: [{name: http, port: 80, protocol: HTTP}]
        """);
    cluster.run(Duration.ofSeconds(10));
    assertThat(kubectl("get gateway foreign -o jsonpath={.status}")).isEmpty();
    assertThat(kubectl("get services")).doesNotContain("foreign");
  }
}
