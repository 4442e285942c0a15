package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.scenarios.traffic.Traffic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sources that choose between the endpoints of a Service themselves, and how new ones start. */
class TrafficBalanceTest {

  private static final String CLUSTER =
      """
      scenario: Balance
      cluster:
        nodes: 1
        dns: true
        preloaded: ["shop:1", busybox]
        images:
        - |
          image: shop
          ports: [{port: 8080}]
          http: [{path: /, port: 8080, latency: 5ms, body: hello}]
      steps:
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: shop}
          spec:
            selector: {app: shop}
            ports: [{name: web, port: 80, targetPort: 8080}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: shop}
          spec:
            replicas: 2
            selector: {matchLabels: {app: shop}}
            template:
              metadata: {labels: {app: shop}}
              spec:
                containers: [{name: shop, image: "shop:1", ports: [{containerPort: 8080}]}]
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: client}
          spec:
            containers: [{name: client, image: busybox, command: [sleep, "86400"]}]
      - wait-for: {ready: {deployment/shop: 2, service/shop: 2, pod/client: 1}}
      - run: 5s
      """;

  private static List<Traffic> run(String steps) {
    return PassedRun.of("test.yaml", CLUSTER + steps, 3).result().traffic();
  }

  /** What a third endpoint takes of 50 requests a second in the minute after it was asked for. */
  private static long newest(String plan) {
    return newest(
        run("""
            - traffic: {from: pod/client, to: "shop:80", every: 20ms, for: 122s, balance: client%s}
            - run: 61s
            - kubectl: scale deployment/shop --replicas=3
            - run: 65s
            """
                .formatted(plan))
            .get(0));
  }

  private static long newest(Traffic traffic) {
    return traffic.perEndpoint().values().stream().mapToLong(n -> n).min().orElse(0);
  }

  @Test
  void aSourceThatBalancesTakesEndpointsInTurn() {
    Traffic traffic =
        run("""
            - traffic: {from: pod/client, to: "shop.default.svc.cluster.local:80", every: 100ms, for: 10s, balance: client}
            - run: 15s
            """)
            .get(0);
    assertThat(traffic.failed()).isZero();
    assertThat(traffic.perEndpoint().values()).containsExactly(50L, 50L);
  }

  @Test
  void withoutSlowStartANewEndpointTakesAWholeShareAtOnce() {
    assertThat(newest("")).isBetween(940L, 1_000L);
  }

  @Test
  void withSlowStartItsShareGrowsOverTheWindow() {
    // w/(2+w) of the requests, with w from 0.1 to 1 over 60 s: 0.19 on the average.
    assertThat(newest(", slow-start: 60s")).isBetween(520L, 580L);
  }

  @Test
  void moreAggressionIsFasterAtFirst() {
    String plan = ", slow-start: {window: 60s, aggression: 2.5, min-weight-percent: 1}";
    // With w = t^0.4 it is 0.255 on the average.
    assertThat(newest(plan)).isBetween(710L, 780L);
  }

  @Test
  void endpointsThatTheSourceFindsShareEvenly() {
    Traffic traffic =
        run("""
            - traffic: {from: pod/client, to: "shop:80", every: 20ms, for: 10s, balance: client, slow-start: 60s}
            - run: 15s
            """)
            .get(0);
    assertThat(traffic.imbalance()).isLessThanOrEqualTo(1);
  }

  @Test
  void withoutEndpointsTheAnswerIs503AndTheySoonAreUsed() {
    Traffic traffic =
        run("""
            - kubectl: scale deployment/shop --replicas=0
            - run: 60s
            - traffic: {name: t, from: pod/client, to: "shop:80", every: 100ms, for: 60s, balance: client}
            - run: 10s
            - kubectl: scale deployment/shop --replicas=1
            - run: 60s
            """)
            .get(0);
    assertThat(traffic.failures()).containsOnlyKeys("HTTP 503");
    assertThat(traffic.failed()).isBetween(100L, 160L);
    assertThat(traffic.ok()).isGreaterThan(430);
  }

  @Test
  void keptConnectionsToAnEndpointEndWhenItGoes() {
    Traffic traffic =
        run("""
            - traffic: {name: t, from: pod/client, to: "shop:80", every: 50ms, for: 60s, balance: client, keep-alive: 2}
            - run: 10s
            - kubectl: scale deployment/shop --replicas=1
            - run: 60s
            """)
            .get(0);
    // Only those that are sent before the source has heard of it fail.
    assertThat(traffic.failed()).isLessThan(20);
    assertThat(newest(traffic)).isBetween(95L, 110L);
  }

  private static void refused(String keys, String message) {
    assertThatThrownBy(
            () ->
                Scenario.read(
                    "test.yaml", CLUSTER + "- traffic: {" + keys + "}\n", FileLookup.NONE))
        .hasMessageContaining(message)
        .hasMessageContaining("test.yaml:38:");
  }

  @Test
  void whatCannotBeBalancedIsRefusedWithItsPlace() {
    String to = "from: pod/client, to: \"shop:80\", ";
    refused(to + "slow-start: 30s", "slow-start: only a source that balances has it");
    refused(to + "balance: clent", "expected one of service, client, not \"clent\"");
    refused("to: \"shop:80\", balance: client", "pods cannot be reached from outside");
    refused("from: pod/client, to: \"10.96.0.20:80\", balance: client", "expected its name");
    refused(to + "udp: true, balance: client", "datagrams have no such thing");
    refused(to + "balance: client, slow-start: 0s", "expected more than nothing");
    refused(to + "balance: client, slow-start: {aggression: 2}", "field \"window\" is required");
    refused(
        to + "balance: client, slow-start: {window: 9s, aggression: 0}",
        "aggression: expected a number above 0");
    refused(
        to + "balance: client, slow-start: {window: 9s, min-weight-percent: 101}",
        "expected a whole number from 1 to 100");
  }
}
