package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ScenarioException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster of both families, from a scenario's setting to what answers. */
class IpFamiliesTest {

  private static final String BOTH =
      """
      scenario: A cluster of both families
      cluster:
        nodes: 2
        ip-families: IPv4,IPv6
        preloaded: [todobackend, busybox]
      steps:
      - kubectl: run client --image=busybox --image-pull-policy=IfNotPresent -- sleep 1d
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec:
            ipFamilyPolicy: PreferDualStack
            clusterIP: 10.96.0.77
            clusterIPs: [10.96.0.77, "fd00:10:96::77"]
            selector: {app: web}
            ports: [{port: 80, targetPort: 8000}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web}
          spec:
            replicas: 4
            selector: {matchLabels: {app: web}}
            template:
              metadata: {labels: {app: web}}
              spec:
                containers:
                - {name: web, image: todobackend, imagePullPolicy: IfNotPresent}
      - wait-for: {ready: {deployment/web: 4, pod/client: 1}}
      - run: 5s
      - connect: {from: pod/client, to: "web:80", times: 8, path: /, status: 200, spread: even}
      - path: {from: pod/client, to: "web:80"}
        contains: "fd00:10:96::77"
      - connect: {from: pod/client, to: "10.96.0.77:80", path: /, status: 200}
      """;

  private static Scenario read(String text) {
    return Scenario.read("test.yaml", text, FileLookup.NONE);
  }

  @Test
  void aNameOfBothLeadsToPodsByIpv6() {
    List<String> story = new ArrayList<>();
    RunResult result = ScenarioRun.run(read(BOTH), 1, Long.MAX_VALUE, story::add);
    assertThat(result.failure()).as(String.join("\n", story)).isEmpty();
  }

  @Test
  void oneRunIsLikeTheOther() {
    RunResult one = ScenarioRun.run(read(BOTH), 3, Long.MAX_VALUE, line -> {});
    RunResult same = ScenarioRun.run(read(BOTH), 3, Long.MAX_VALUE, line -> {});
    assertThat(one.traceHash()).isEqualTo(same.traceHash());
  }

  @Test
  void otherFamiliesAndTooManyNodesAreRefused() {
    assertThatThrownBy(() -> read(BOTH.replace("IPv4,IPv6", "IPv6,IPv4")))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("ip-families: expected one of IPv4, IPv4,IPv6");
    assertThatThrownBy(() -> read(BOTH.replace("nodes: 2", "nodes: 70000")))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("nodes: a cluster of both families has at most 65536 nodes");
  }
}
