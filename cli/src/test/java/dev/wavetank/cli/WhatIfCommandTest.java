package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Questions to a cluster that a file tells of, as kubectl prints it. */
class WhatIfCommandTest {

  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: Node
        metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}}
        status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}, fieldOfTheFuture: 1}
      - apiVersion: v1
        kind: Node
        metadata: {name: n2, labels: {topology.kubernetes.io/zone: b}}
        status: {allocatable: {cpu: "2", memory: 8Gi, pods: "110"}}
      - apiVersion: v1
        kind: Pod
        metadata:
          name: p
          namespace: x
          ownerReferences:
          - {apiVersion: apps/v1, kind: ReplicaSet, name: r, controller: true, uid: u}
        spec: {nodeName: n1, containers: [{name: c, resources: {requests: {cpu: 1500m}}}]}
        status: {phase: Running}
      """;

  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: web, resources: {limits: {cpu: 1}}}]}
      """;

  private static final String PACKING =
      """
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      profiles:
      - plugins: {score: {disabled: [{name: NodeResourcesBalancedAllocation}]}}
        pluginConfig:
        - name: NodeResourcesFit
          args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
      """;

  @TempDir private Path directory = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void files() throws IOException {
    Files.writeString(directory.resolve("cluster.yaml"), CLUSTER);
    Files.writeString(directory.resolve("web.yaml"), WORKLOAD);
    Files.writeString(directory.resolve("packing.yaml"), PACKING);
  }

  private int run(String line) {
    String[] args = ("what-if " + line.replace("@", directory + "/")).split(" ");
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void capacitySaysWhatStopsTheNextPod() {
    assertThat(run("capacity -f @cluster.yaml --pod @web.yaml")).as(err.toString()).isZero();
    assertThat(out.toString().lines().toList().subList(0, 3))
        .isEqualTo(List.of("4 more of web-0 fit", "  n1: 2", "  n2: 2"));
    assertThat(out.toString())
        .contains("the next one does not: 0/2 nodes are available: 2 Insufficient cpu.");
  }

  @Test
  void aDrainedNodesPodsMove() {
    assertThat(run("drain -f @cluster.yaml n1")).as(err.toString()).isZero();
    assertThat(out.toString()).endsWith("  x/p: n1 -> n2\n");
  }

  @Test
  void aZoneThatIsLost() throws IOException {
    assertThat(run("drain -f @cluster.yaml --zone a --lost -o json")).as(err.toString()).isZero();
    assertThat(json().path("nodes").toString()).isEqualTo("[\"n1\"]");
    assertThat(json().path("moves").path(0).path("to").asText()).isEqualTo("n2");
    assertThat(json().path("pending").asInt()).isZero();
  }

  @Test
  void twoConfigurationsSideBySide() throws IOException {
    assertThat(run("compare -f @cluster.yaml --workload @web.yaml -o json default @packing.yaml"))
        .as(err.toString())
        .isZero();
    JsonNode placements = json().path("placements");
    assertThat(placements).hasSize(2);
    assertThat(placements.path("default").path("placed").asInt()).isEqualTo(3);
    assertThat(placements.path("default").path("cpu").path("mean").asDouble()).isPositive();
  }

  @Test
  void aNodeThatIsNotThereIsAnErrorOfUse() {
    assertThat(run("drain -f @cluster.yaml n9")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).startsWith("nodes \"n9\" not found");
  }

  @Test
  void aConfigurationThatIsWrongIsAnInvalidFile() throws IOException {
    Files.writeString(directory.resolve("bad.yaml"), PACKING + "percentageOfNodesToScore: 200\n");
    assertThat(run("capacity -f @cluster.yaml --pod @web.yaml --config @bad.yaml"))
        .isEqualTo(ExitCode.INVALID_FILE);
    assertThat(err.toString())
        .contains("percentageOfNodesToScore: Invalid value: 200: not in valid range [0-100]");
  }
}
