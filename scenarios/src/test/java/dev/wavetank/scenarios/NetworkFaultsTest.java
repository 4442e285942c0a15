package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Faults of the network, written in scenarios and as objects of Chaos Mesh. */
class NetworkFaultsTest {

  private static final String CLUSTER =
      """
      scenario: Faults
      cluster:
        nodes:
        - {name: n1, address: 172.18.0.3, pods: 10.244.0.0/24, labels: {topology.kubernetes.io/zone: a}}
        - {name: n2, address: 172.18.0.4, pods: 10.244.1.0/24, labels: {topology.kubernetes.io/zone: b}}
        preloaded: [nginx, busybox]
      steps:
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec:
            selector: {app: web}
            ports: [{port: 80}]
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: web, labels: {app: web}}
          spec:
            nodeName: n2
            containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: client, labels: {app: client}}
          spec:
            nodeName: n1
            containers: [{name: client, image: busybox, command: [sleep, "86400"]}]
      - wait-for: {ready: {service/web: 1, pod/client: 1}}
      - run: 5s
      - connect: {from: pod/client, to: "web:80", path: /, outcome: ok}
      """;

  private static void passes(String steps) {
    PassedRun.of("test.yaml", CLUSTER + steps, 1);
  }

  private static String chaos(String kind, String spec) {
    return """
    - fault:
        chaos: |
          apiVersion: chaos-mesh.org/v1alpha1
          kind: %s
          metadata: {name: test}
          spec: {%s}
    """
        .formatted(kind, spec);
  }

  @Test
  void aPartitionStopsPacketsAndEndsAfterItsTime() {
    passes(
        """
        - fault: {network: {action: partition, between: "pods -l app=client", and: pod/web, for: 30s}}
        - connect: {from: pod/client, to: "web:80", outcome: timeout}
        - connect: {from: node/n1, to: "web:80", outcome: no-name}
        - run: 30s
        - connect: {from: pod/client, to: "web:80", outcome: ok}
        """);
  }

  @Test
  void aConnectionIsMadeByALaterPacketWhenThePartitionEnds() {
    passes(
        """
        - fault: {network: {between: pod/client, and: pod/web, for: 2s}}
        - connect: {from: pod/client, to: "web:80", outcome: ok}
        """);
  }

  @Test
  void zonesAndNodesAreSidesToo() {
    passes(
        """
        - fault: {network: {between: zone/a, and: zone/b, for: 1m}}
        - path: {from: pod/client, to: "10.244.1.2:80"}
          contains: ["partition between zone a and zone b"]
        - run: 1m
        - fault: {network: {between: node/n2, for: 1m}}
        - path: {from: pod/client, to: "10.244.1.2:80"}
          contains: ["partition between node n2 and all"]
        """);
  }

  @Test
  void oneDirectionIsEnoughToLoseTheAnswer() {
    passes(
        """
        - fault: {network: {between: pod/client, and: pod/web, direction: from}}
        - path: {from: pod/client, to: "web:80"}
          contains: ["timed out: partition between pod/client and pod/web, on the way back"]
        """);
  }

  @Test
  void delaysAddUpOnEveryPacketOfARequest() {
    passes(
        """
        - fault: {network: {action: delay, between: pod/client, and: pod/web, latency: 100ms, jitter: 10ms}}
        - traffic: {name: slow, from: pod/client, to: "web:80", every: 1s, for: 10s}
        - run: 15s
        - expect: {traffic: {slow: {failed: 0, ok: 10, p50-millis: ">= 360"}}}
        """);
  }

  @Test
  void lossIsRepairedByRetransmissionAtThePriceOfTime() {
    passes(
        """
        - fault: {network: {action: loss, percent: 10, between: pod/client, and: pod/web}}
        - traffic: {name: lossy, from: pod/client, to: "web:80", every: 100ms, for: 20s, timeout: 60s}
        - run: 90s
        - expect: {traffic: {lossy: {failed: 0, ok: 200, max-millis: ">= 1000"}}}
        """);
  }

  @Test
  void duplicatesDoNotDisturbConnections() {
    passes(
        """
        - fault: {network: {action: duplicate, between: pod/client}}
        - connect: {from: pod/client, to: "web:80", path: /, times: 5, outcome: ok}
        """);
  }

  @Test
  void aNetworkChaosIsReadAsItIs() {
    passes(
        chaos(
                "NetworkChaos",
                "action: partition, mode: all, selector: {namespaces: [default], labelSelectors:"
                    + " {app: client}}, direction: both, target: {mode: all, selector: {pods:"
                    + " {default: [web]}}}, duration: 30s")
            + """
            - connect: {from: pod/client, to: "web:80", outcome: timeout}
            - run: 30s
            - connect: {from: pod/client, to: "web:80", outcome: ok}
            """
            + chaos(
                "NetworkChaos",
                "action: delay, mode: one, selector: {labelSelectors: {app: web}}, delay: {latency:"
                    + " 50ms, correlation: '25', jitter: 5ms}")
            + """
            - traffic: {name: slow, from: pod/client, to: "web:80", every: 1s, for: 5s}
            - run: 10s
            - expect: {traffic: {slow: {failed: 0, p50-millis: ">= 90"}}}
            """);
  }

  @Test
  void aDnsChaosIsReadAsItIs() {
    passes(
        chaos(
                "DNSChaos",
                "action: error, mode: all, selector: {labelSelectors: {app: client}}, patterns:"
                    + " [\"web.*\"], duration: 1m")
            + """
            - dig: {from: pod/client, name: "web.default.svc.cluster.local"}
              contains: ["SERVFAIL"]
            - dig: {from: pod/client, name: "kubernetes.default.svc.cluster.local +short"}
              contains: ["10.96.0.1"]
            - run: 1m
            - connect: {from: pod/client, to: "web:80", outcome: ok}
            """
            + chaos(
                "DNSChaos", "action: random, mode: all, selector: {labelSelectors: {app: client}}")
            + """
            - connect: {from: pod/client, to: "web:80", outcome: timeout}
            """);
  }

  @Test
  void whatIsWrongInAChaosObjectHasItsPlace() {
    assertThatThrownBy(
            () -> passes(chaos("NetworkChaos", "action: partitoin, mode: all, selector: {}")))
        .hasMessageContaining("test.yaml (chaos):4:")
        .hasMessageContaining("did you mean \"partition\"?");
    assertThatThrownBy(() -> passes("- fault: {network: {between: deployment/web}}\n"))
        .hasMessageContaining("expected pods, such as pod/web");
  }

  private static String bandwidth(String settings) {
    return chaos(
        "NetworkChaos",
        "action: bandwidth, mode: all, selector: {labelSelectors: {app: web}}, bandwidth: {"
            + settings
            + "}");
  }

  @Test
  void aBandwidthLetsLargeAnswersWaitForTokens() {
    // A request costs the server some 400 bytes, most of them for its answer.
    passes(
        bandwidth("rate: 1kbps, limit: 20971520, buffer: 1500")
            + """
            - traffic: {name: slow, from: pod/client, to: "web:80", every: 10s, for: 50s}
            - run: 60s
            - expect: {traffic: {slow: {failed: 0, max-millis: "< 100"}}}
            - traffic: {name: busy, from: pod/client, to: "web:80", every: 1s, for: 10s, timeout: 60s}
            - run: 60s
            - expect: {traffic: {busy: {failed: 0, p50-millis: "< 1000"}}}
            - traffic: {name: much, from: pod/client, to: "web:80", every: 100ms, for: 10s, timeout: 200s}
            - run: 200s
            - expect: {traffic: {much: {failed: 0, p50-millis: "> 15000", p99-millis: "< 45000"}}}
            """);
  }

  @Test
  void aBandwidthHoldsForTheSelectedPodsPacketsOnly() {
    passes(
        chaos(
                "NetworkChaos",
                "action: bandwidth, mode: all, selector: {labelSelectors: {app: client}},"
                    + " bandwidth: {rate: 1kbps, limit: 1000000, buffer: 1500}")
            + """
            - traffic: {name: load, from: pod/client, to: "web:80", every: 1s, for: 10s}
            - run: 20s
            - expect: {traffic: {load: {failed: 0, max-millis: "< 200"}}}
            """);
  }

  @Test
  void whatMayNotWaitIsLostAndSentAgain() {
    passes(
        bandwidth("rate: 1kbps, limit: 2000, buffer: 1500")
            + """
            - traffic: {name: much, from: pod/client, to: "web:80", every: 50ms, for: 10s, timeout: 3s}
            - run: 60s
            - expect: {traffic: {much: {failed: "> 100", ok: "> 5"}}}
            """);
  }

  @Test
  void aLinksRateIsPartOfNetem() {
    passes(
        chaos(
                "NetworkChaos",
                "action: netem, mode: all, selector: {fieldSelectors: {metadata.name: web}}, rate:"
                    + " {rate: 8kbit}, delay: {latency: 50ms}")
            + """
            - traffic: {name: slow, from: pod/client, to: "web:80", every: 10s, for: 50s, timeout: 5s}
            - run: 60s
            - expect: {traffic: {slow: {failed: 0, p50-millis: "> 450"}}}
            """);
  }

  @Test
  void externalTargetsAreAddressesAndBlocks() {
    passes(
        chaos(
                "NetworkChaos",
                "action: partition, mode: all, selector: {labelSelectors: {app: client}},"
                    + " externalTargets: [10.244.1.0/24, 192.0.2.1]")
            + """
            - connect: {from: pod/client, to: "web:80", outcome: timeout}
            """);
    assertThatThrownBy(
            () ->
                passes(
                    chaos(
                        "NetworkChaos",
                        "action: loss, mode: all, selector: {}, loss: {loss: '50'},"
                            + " externalTargets: [example.com]")))
        .hasMessageContaining("example.com is no address or block");
  }

  @Test
  void directionsNeedTheirTarget() {
    assertThatThrownBy(
            () ->
                passes(
                    chaos(
                        "NetworkChaos",
                        "action: loss, mode: all, selector: {}, loss: {loss: '50'}, direction:"
                            + " both")))
        .hasMessageContaining("cannot be used when targets is empty in netem action");
  }

  @Test
  void aBandwidthThatIsWrongHasItsPlace() {
    assertThatThrownBy(() -> passes(bandwidth("rate: 1mb, limit: 1, buffer: 1")))
        .hasMessageContaining("test.yaml (chaos):4:")
        .hasMessageContaining("expected a rate such as 1mbps");
    assertThatThrownBy(() -> passes(bandwidth("rate: 999999999tbps, limit: 1, buffer: 1")))
        .hasMessageContaining("less than 1024tbps");
    assertThatThrownBy(() -> passes(bandwidth("rate: 7bit, limit: 1, buffer: 1")))
        .hasMessageContaining("at least a byte");
    assertThatThrownBy(() -> passes(bandwidth("rate: 1mbps, limit: 1")))
        .hasMessageContaining("bandwidth needs buffer");
    assertThatThrownBy(() -> passes(bandwidth("rate: 1mbps, limit: 1, buffer: 0")))
        .hasMessageContaining("expected a whole number from 1 to");
    assertThatThrownBy(
            () ->
                passes(
                    chaos(
                        "NetworkChaos",
                        "action: partition, mode: all, selector: {}, scheduler: {cron: '@every"
                            + " 1m'}")))
        .hasMessageContaining("Chaos Mesh has none since version 2");
  }
}
