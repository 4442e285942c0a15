package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Associations of SCTP with pods and Services. */
class SctpTest {

  private static final String CLUSTER =
      """
      scenario: SCTP
      cluster:
        nodes: 2
        dns: true
        proxy-mode: %s
        preloaded: ["diameter:1", busybox]
        images:
        - |
          image: diameter
          ports: [{port: 3868, protocol: SCTP}]
      steps:
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: peer}
          spec:
            type: NodePort
            selector: {app: peer}
            ports: [{port: 3868, protocol: SCTP, nodePort: 30868}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: peer}
          spec:
            replicas: 2
            selector: {matchLabels: {app: peer}}
            template:
              metadata: {labels: {app: peer}}
              spec:
                containers:
                - {name: peer, image: "diameter:1", ports: [{containerPort: 3868, protocol: SCTP}]}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: client}
          spec:
            containers: [{name: client, image: busybox, command: [sleep, "86400"]}]
      - wait-for: {ready: {deployment/peer: 2, service/peer: 2, pod/client: 1}}
      - run: 5s
      """;

  private static List<String> run(String mode, String steps) {
    return PassedRun.of("test.yaml", CLUSTER.formatted(mode) + steps, 3).story();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ipvs"})
  void associationsAreBalancedBetweenTheEndpointsOfAService(String mode) {
    run(
        mode,
        """
        - connect: {from: pod/client, to: "peer:3868", sctp: true, times: 10, spread: even}
        - connect: {from: outside, to: "172.18.0.3:30868", sctp: true, times: 4}
        """);
  }

  @Test
  void slicesSayTheProtocol() {
    assertThat(
            run(
                "iptables",
                "- kubectl: get endpointslices -l kubernetes.io/service-name=peer -o"
                    + " jsonpath={.items[0].ports[0].protocol}\n"))
        .anyMatch(line -> line.strip().endsWith("SCTP"));
  }

  @Test
  void anotherProtocolOfThePortIsAnotherPort() {
    run(
        "iptables",
        """
        - connect: {from: pod/client, to: "peer:3868", outcome: timeout}
        - kubectl: expose deployment peer --name=tcp --port=3868 --protocol=TCP
        - run: 5s
        - connect: {from: pod/client, to: "tcp:3868", outcome: refused}
        """);
  }

  @Test
  void withoutEndpointsAnAssociationIsRefused() {
    run(
        "iptables",
        """
        - kubectl: scale deployment/peer --replicas=0
        - run: 60s
        - connect: {from: pod/client, to: "peer:3868", sctp: true, outcome: refused}
        """);
  }

  @Test
  void nothingIsAskedOverSctp() {
    assertThatThrownBy(
            () -> run("iptables", "- connect: {to: \"peer:3868\", sctp: true, path: /}\n"))
        .hasMessageContaining("path: nothing is asked over SCTP");
  }
}
