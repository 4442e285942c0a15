package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.http.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An Ingress controller in a pod, and what reaches pods through it. */
class IngressNginxTest {

  private static final String CONTROLLER = "ingress-nginx-controller.ingress-nginx";

  private static final String SHOP =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop}
      spec:
        ingressClassName: nginx
        tls: [{hosts: [secure.test], secretName: cert}]
        rules:
        - host: shop.test
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
            - {path: /none, pathType: Prefix, backend: {service: {name: missing, port: {number: 80}}}}
        - host: secure.test
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      """;

  private final Cluster cluster = Cluster.builder().nodes(2).start();

  IngressNginxTest() throws IOException {
    String controller = Files.readString(Path.of("library/manifests/ingress-nginx.yaml"), UTF_8);
    cluster.apply("ingress-nginx.yaml", controller);
    cluster.apply("web.yaml", WebBehindProxy.MANIFEST);
    cluster.apply("shop.yaml", SHOP);
    cluster.run(Duration.ofSeconds(90));
  }

  private HttpResponse get(String header, int port, String path) {
    return WebBehindProxy.get(cluster, CONTROLLER, port, header, path);
  }

  private String kubectl(String command) {
    return cluster.kubectl(command).stdout();
  }

  @Test
  void seed_S_36_requestsAreRoutedByTheirHost() {
    assertThat(get("shop.test", 80, "/").body()).isEqualTo("web\n");
    assertThat(get("other.test", 80, "/").status()).isEqualTo(404);
  }

  @Test
  void seed_S_36_withoutAControllerNothingIsServed() {
    Cluster without = Cluster.builder().nodes(1).start();
    without.apply("web.yaml", WebBehindProxy.MANIFEST);
    without.apply("shop.yaml", SHOP);
    without.run(Duration.ofSeconds(90));
    assertThat(without.kubectl("get ingress shop -o jsonpath={.status.loadBalancer}").stdout())
        .isEqualTo("{}");
  }

  @Test
  void net_G_05_whatNoRuleTakesIsNotFoundByNginx() {
    HttpResponse answer = get("other.test", 80, "/");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("<center><h1>404 Not Found</h1></center>").contains("nginx");
  }

  @Test
  void net_G_06_aHostWithTlsIsRedirectedToIt() {
    HttpResponse answer = get("secure.test", 80, "/a?b=c");
    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.header("Location")).isEqualTo("https://secure.test/a?b=c");
    assertThat(get("secure.test", 443, "/").body()).isEqualTo("web\n");
  }

  @Test
  void net_G_09_requestsGoToPodsInTurnWhateverTheRulesOfTheNodeSay() {
    kubectl("delete pod --all -n kube-system");
    assertThat(get("shop.test", 80, "/").status()).isEqualTo(200);
    assertThat(kubectl("logs -n ingress-nginx deploy/ingress-nginx-controller"))
        .contains("[default-web-http]");
  }

  @Test
  void aServiceWithoutReadyPodsIsUnavailable() {
    assertThat(get("shop.test", 80, "/none").status()).isEqualTo(503);
    kubectl("scale deployment web --replicas=0");
    cluster.run(Duration.ofSeconds(40));
    assertThat(get("shop.test", 80, "/").status()).isEqualTo(503);
  }

  @Test
  void theAddressIsThatOfThePublishedService() {
    String address = kubectl("get svc -n ingress-nginx -o jsonpath={.items[0].spec.clusterIP}");
    assertThat(kubectl("get ingress shop")).contains("shop.test,secure.test").contains(address);
    assertThat(kubectl("get events")).contains("Scheduled for sync");
  }

  @Test
  void anIngressOfAnotherClassIsNotServed() {
    kubectl("patch ingress shop --type=merge -p '{\"spec\":{\"ingressClassName\":\"other\"}}'");
    cluster.run(Duration.ofSeconds(10));
    assertThat(get("shop.test", 80, "/").status()).isEqualTo(404);
  }

  @Test
  void itListensOnceItHasSeenTheIngresses() {
    kubectl("delete pod -n ingress-nginx --all");
    cluster.run(Duration.ofSeconds(60));
    assertThat(kubectl("get pods -n ingress-nginx")).contains("1/1");
    assertThat(get("shop.test", 80, "/").status()).isEqualTo(200);
  }

  @Test
  void itIsReachedFromOutsideByItsNodePort() {
    String port =
        kubectl("get svc -n ingress-nginx -o jsonpath={.items[0].spec.ports[0].nodePort}");
    Reach reach = cluster.get("outside", "172.18.0.3", Integer.parseInt(port), "/");
    assertThat(reach.response().status()).isEqualTo(404);
  }
}
