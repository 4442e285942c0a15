package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.scenarios.traffic.Load;
import dev.wavetank.scenarios.traffic.Traffic;
import org.junit.jupiter.api.Test;

/** When a source sends, over which connections, and what it does about failures. */
class TrafficTest {

  private static final String CLUSTER =
      """
      scenario: Traffic
      cluster:
        nodes: 2
        preloaded: ["shop:1", busybox]
        %s
        images:
        - |
          image: shop
          ports: [{port: 8080}]
          http:
          - {path: /, port: 8080, latency: 100ms, body: hello}
          - {path: /slow, port: 8080, latency: 5s}
          - {path: /broken, port: 8080, status: 500}
          variants:
          - {args: [busy], workers: 1, queue: 2}
          - {args: [drains], terminate: {drain: true}}
          - args: [flaky]
            http:
            - {path: /, port: 8080, status: 500, percent: 20}
            - {path: /, port: 8080, status: 503, over: 2}
            - {path: /, port: 8080, latency: 100ms, jitter: 50ms, cpu: 30ms, body: hello}
      steps:
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: shop}
          spec:
            selector: {app: shop}
            ports: [{port: 80, targetPort: 8080}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: shop}
          spec:
            replicas: 3
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
      - wait-for: {ready: {deployment/shop: 3, service/shop: 3, pod/client: 1}}
      - run: 5s
      """;

  private static RunResult run(String settings, String steps) {
    return PassedRun.of("test.yaml", CLUSTER.formatted(settings) + steps, 3).result();
  }

  private static Traffic send(String plan) {
    return run(
            "dns: true",
            "- traffic: {name: t, from: pod/client, to: \"shop:80\", " + plan + "}\n- run: 70s\n")
        .traffic()
        .get(0);
  }

  @Test
  void constantArrivalsComeEachInterval() {
    assertThat(send("every: 50ms, for: 10s").sent()).isEqualTo(200);
  }

  @Test
  void poissonArrivalsHaveTheSameMeanAndAreNotEven() {
    long sent = send("every: 50ms, arrivals: poisson, for: 60s").sent();
    assertThat(sent).isBetween(1_060L, 1_340L).isNotEqualTo(1_200);
  }

  @Test
  void aRampGrowsEvenly() {
    // From 10 a second to 50 a second: 30 on the average.
    assertThat(send("every: 100ms, ramp-to: 20ms, for: 20s").sent()).isBetween(560L, 640L);
  }

  @Test
  void clientsOfAClosedLoopWaitForTheirAnswers() {
    Traffic traffic = send("clients: 4, think: 100ms, for: 20s");
    // Each turn takes 100 ms of service, 100 ms of thought and the way.
    assertThat(traffic.sent()).isBetween(370L, 400L);
    assertThat(traffic.failed()).isZero();
  }

  @Test
  void clientsOfAClosedLoopMayBeginOneAfterTheOther() {
    // The n-th of ten clients sends from second n on, every 200 ms.
    Traffic slow = send("clients: 10, think: 100ms, start-over: 10s, for: 10s");
    assertThat(slow.sent()).isBetween(240L, 285L);
    assertThat(send("clients: 10, think: 100ms, for: 10s").sent()).isGreaterThan(450);
  }

  @Test
  void whatDoesNotFitItsLoadIsRefused() {
    assertThatThrownBy(() -> send("start-over: 1s"))
        .hasMessageContaining("start-over: only clients start: say how many with clients");
    assertThatThrownBy(() -> send("clients: 2, start-over: 20s, for: 10s"))
        .hasMessageContaining("the last clients would begin after the end");
  }

  @Test
  void clientsThatDoNotRunGoOnTrying() {
    RunResult result =
        run(
            "dns: true",
            """
            - traffic: {name: t, from: pod/nobody, to: "shop:80", clients: 2, for: 10s}
            - run: 15s
            """);
    assertThat(result.traffic().get(0).failures()).containsEntry("the client does not run", 20L);
  }

  @Test
  void net_P_18_requestsOfAKeptConnectionGoToOnePod() {
    Traffic traffic = send("clients: 1, for: 20s, keep-alive: 1");
    assertThat(traffic.perEndpoint()).hasSize(1);
    assertThat(traffic.ok()).isEqualTo(traffic.sent());
  }

  @Test
  void net_P_18_requestsOfAMultiplexedConnectionDoNotWaitForEachOther() {
    Traffic traffic = send("every: 10ms, for: 10s, http2: true");
    assertThat(traffic.perEndpoint()).hasSize(1);
    assertThat(traffic.latency(0.99).toMillis()).isBetween(100L, 120L);
  }

  @Test
  void requestsWaitForAFreeConnection() {
    Traffic traffic = send("every: 40ms, for: 4s, keep-alive: 2, timeout: 60s");
    // Two connections serve 20 requests a second, 25 come.
    assertThat(traffic.ok()).isEqualTo(100);
    assertThat(traffic.latency(1).toMillis()).isGreaterThan(800);
  }

  @Test
  void connectionsThatMayNotGrowOldAreMadeAnew() {
    assertThat(send("every: 200ms, for: 30s, keep-alive: 1, max-age: 1s").perEndpoint()).hasSize(3);
  }

  @Test
  void aTimeoutGivesUpAndTheNextRequestsGoOn() {
    Traffic traffic = send("path: /slow, every: 1s, for: 5s, timeout: 1s, keep-alive: 3");
    assertThat(traffic.failures()).containsOnlyKeys("timed out").containsValue(5L);
  }

  @Test
  void failuresAreTriedAgainWithinTheBudget() {
    Traffic all = send("path: /broken, every: 100ms, for: 10s, retries: 2, back-off: 50ms");
    assertThat(all.failed()).isEqualTo(100);
    assertThat(all.retried()).isEqualTo(200);
    Traffic few =
        send("path: /broken, every: 100ms, for: 10s, retries: 2, back-off: 50ms, retry-budget: 10");
    assertThat(few.retried()).isBetween(9L, 10L);
  }

  @Test
  void aServerWithFewWorkersLetsRequestsWaitAndTurnsOthersAway() {
    RunResult result =
        run(
            "dns: true",
            """
            - apply: |
                apiVersion: v1
                kind: Pod
                metadata: {name: busy, labels: {app: busy}}
                spec:
                  containers: [{name: busy, image: "shop:1", args: [busy]}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: busy}
                spec:
                  selector: {app: busy}
                  ports: [{port: 80, targetPort: 8080}]
            - wait-for: {ready: {service/busy: 1}}
            - run: 5s
            - traffic: {name: calm, from: pod/client, to: "busy:80", every: 110ms, for: 10s}
            - run: 15s
            - traffic: {name: rush, from: pod/client, to: "busy:80", every: 50ms, for: 10s}
            - run: 15s
            - expect: {traffic: {calm: {failed: 0, max-millis: "<= 120"}, rush: {ok: "<= 105"}}}
            """);
    Traffic rush = result.traffic().get(1);
    // One worker answers ten requests a second, twenty come; of three in the house one works.
    assertThat(rush.failures()).containsOnlyKeys("HTTP 503");
    assertThat(rush.failed()).isBetween(90L, 105L);
    assertThat(rush.latency(1).toMillis()).isBetween(250L, 310L);
  }

  @Test
  void requestsOnKeptConnectionsFailWithThePod() {
    RunResult result =
        run(
            "dns: true",
            """
            - traffic: {name: t, from: pod/client, to: "shop:80", every: 10ms, for: 20s, http2: true}
            - run: 5s
            - kubectl: delete pods -l app=shop --now --wait=false
            - run: 20s
            - expect: {traffic: {t: {failed: "> 0", ok: "> 1000", endpoints: ">= 2"}}}
            - why: traffic/t
              contains: ["is deleted by", "connection reset by peer"]
            """);
    assertThat(result.traffic().get(0).failures()).containsKey("connection reset by peer");
  }

  private static final String ROLL =
      """
      - kubectl: >-
          patch deployment shop --type=json
          -p '[{"op":"add","path":"/spec/template/spec/containers/0/args","value":["%s"]}]'
      - wait-for: {ready: {deployment/shop: 3}, timeout: 2m}
      - run: 60s
      - traffic: {name: t, from: pod/client, to: "shop:80", %s, for: 20s}
      - run: 5s
      - kubectl: scale deployment shop --replicas=1
      - run: 30s
      """;

  @Test
  void aServerThatDrainsAnswersWhatItWorksOn() {
    Traffic killed =
        run("dns: true", ROLL.formatted("dies", "clients: 12, keep-alive: 12")).traffic().get(0);
    assertThat(killed.failures()).containsKey("connection reset by peer");
    Traffic drained =
        run("dns: true", ROLL.formatted("drains", "clients: 12, keep-alive: 12")).traffic().get(0);
    assertThat(drained.failures()).doesNotContainKey("connection reset by peer");
    assertThat(drained.ok()).isGreaterThan(2_000);
  }

  @Test
  void aServerThatDrainsSendsStreamsOfHttp2ToAnotherConnection() {
    Traffic drained =
        run("dns: true", ROLL.formatted("drains", "every: 10ms, http2: true, retries: 3"))
            .traffic()
            .get(0);
    assertThat(drained.failures()).isEmpty();
  }

  @Test
  void aServerThatDrainsTakesNoNewConnections() {
    Traffic drained = run("dns: true", ROLL.formatted("drains", "every: 5ms")).traffic().get(0);
    assertThat(drained.failures()).containsKey("connection refused");
    assertThat(drained.failures()).doesNotContainKey("connection reset by peer");
  }

  @Test
  void answersFailByChanceAndByLoad() {
    String flaky = ROLL.replace("replicas=1", "replicas=3");
    Traffic calm = run("dns: true", flaky.formatted("flaky", "every: 200ms")).traffic().get(0);
    assertThat(calm.failures()).containsOnlyKeys("HTTP 500");
    assertThat(calm.failed()).isBetween(8L, 35L);
    assertThat(calm.latency(1).toMillis()).isBetween(120L, 155L);
    Traffic rush = run("dns: true", flaky.formatted("flaky", "every: 5ms")).traffic().get(0);
    assertThat(rush.failures()).containsOnlyKeys("HTTP 500", "HTTP 503");
  }

  @Test
  void recordedRequestsAreSentWhenTheRecordSays() {
    Traffic traffic =
        run(
                "dns: true",
                """
                - traffic:
                    name: t
                    from: pod/client
                    to: shop:80
                    recorded: |
                      # three at once, and a late one
                      0
                      0
                      0
                      9.5
                - run: 9s
                - expect: {traffic: {t: {sent: 3}}}
                - run: 2s
                """)
            .traffic()
            .get(0);
    assertThat(traffic.sent()).isEqualTo(4);
    assertThat(traffic.ok()).isEqualTo(4);
  }

  @Test
  void aRecordThatGoesBackInTimeIsRefusedWithItsLine() {
    assertThatThrownBy(() -> Load.Recorded.read("record.txt", "1.5\n1.25\n"))
        .hasMessageContaining("record.txt:2:1")
        .hasMessageContaining("before the last one");
    assertThatThrownBy(() -> send("recorded: \"1\\n2\\n\", every: 1s"))
        .hasMessageContaining("requests are sent when the record says");
  }

  @Test
  void aPlanThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> send("every: 1s, clients: 3"))
        .hasMessageContaining("clients that wait for their answers send when they have them");
    assertThatThrownBy(() -> send("think: 1s")).hasMessageContaining("only clients think");
    assertThatThrownBy(() -> send("max-age: 1s")).hasMessageContaining("no connection is kept");
    assertThatThrownBy(() -> send("http2: true, keep-alive: 2"))
        .hasMessageContaining("http2 has one connection");
  }

  @Test
  void net_K_09_aPluginThatEnforcesNothingKeepsSilentAboutIt() {
    String steps =
        """
        - apply: |
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny-all}
            spec: {podSelector: {}, policyTypes: [Ingress]}
          output: |
            networkpolicy.networking.k8s.io/deny-all created
        - run: 1s
        - connect: {from: pod/client, to: "shop:80", outcome: %s}
        """;
    run("network-policies: false", steps.formatted("ok"));
    run("network-policies: true", steps.formatted("timeout"));
  }
}
