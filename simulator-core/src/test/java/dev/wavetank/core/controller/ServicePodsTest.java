package dev.wavetank.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicePodsTest {

  private static KubeObject pod(String spec, String status) {
    return Manifests.parse(
            "pod.yaml",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {%s}, status: {%s}}"
                .formatted(spec, status))
        .get(0)
        .object();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phase: Running, podIP: 10.0.0.1 | true",
        "phase: Pending, podIP: 10.0.0.1 | true",
        "phase: Running, podIPs: [{ip: 10.0.0.1}] | true",
        "phase: Running | false",
        "phase: Succeeded, podIP: 10.0.0.1 | false",
        "phase: Failed, podIP: 10.0.0.1 | false",
      })
  void net_E_01_aPodWithAnAddressThatIsNotTerminalCounts(String status, boolean counts) {
    assertThat(ServicePods.endpoint(pod("", status), true)).isEqualTo(counts);
    assertThat(ServicePods.endpoint(pod("", status), false)).isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource({
    "'hostname: h, subdomain: web', true",
    "'hostname: h, subdomain: other', false",
    "'hostname: h', false",
    "'subdomain: web', false",
  })
  void net_E_05_aHostnameBelongsToTheServiceThatIsItsSubdomain(String spec, boolean set) {
    KubeObject service =
        KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", "web", "namespace", "default"));
    assertThat(ServicePods.hostnameSet(pod(spec, ""), service)).isEqualTo(set);
    KubeObject elsewhere = service.with("other", "metadata", "namespace");
    assertThat(ServicePods.hostnameSet(pod(spec, ""), elsewhere)).isFalse();
  }

  private static long port(String spec, String name, String protocol) {
    return ServicePods.findPort(
        pod(spec, ""), KubeMap.of("port", 80, "targetPort", name, "protocol", protocol));
  }

  @Test
  void net_E_15_aNamedPortIsFoundByNameAndProtocol() {
    String spec =
        "containers: [{ports: [{name: p, containerPort: 53, protocol: UDP}]},"
            + " {ports: [{name: p, containerPort: 54}, {name: p, containerPort: 55}]}]";
    assertThat(port(spec, "p", "UDP")).isEqualTo(53);
    assertThat(port(spec, "p", "TCP")).isEqualTo(54);
    assertThat(port(spec, "p", "SCTP")).isEqualTo(-1);
    assertThat(port(spec, "q", "TCP")).isEqualTo(-1);
  }

  @Test
  void net_E_15_ofInitContainersOnlyThoseThatRestartAreLookedAtAndLast() {
    String spec =
        "initContainers: [{ports: [{name: init, containerPort: 1}]},"
            + " {restartPolicy: Always, ports: [{name: side, containerPort: 2}, {name: web,"
            + " containerPort: 3}]}], containers: [{ports: [{name: web, containerPort: 4}]}]";
    assertThat(port(spec, "init", "TCP")).isEqualTo(-1);
    assertThat(port(spec, "side", "TCP")).isEqualTo(2);
    assertThat(port(spec, "web", "TCP")).isEqualTo(4);
  }

  @Test
  void net_E_15_aNumberIsItselfAndAMissingTargetIsThePort() {
    KubeObject pod = pod("", "");
    assertThat(ServicePods.findPort(pod, KubeMap.of("port", 80, "targetPort", 8080)))
        .isEqualTo(8080);
    assertThat(ServicePods.findPort(pod, KubeMap.of("port", 80))).isEqualTo(80);
  }

  /** Commits to one pod, and whether each of them matters. */
  private static final class Commits {
    final ControlPlane plane = new ControlPlane();
    final ObjectKey key = ObjectKey.of(ResourceType.PODS, "default", "web-1");
    final List<Boolean> matter = new ArrayList<>();

    Commits() {
      plane.webPod("web-1", "10.244.0.4", false, "node-1", KubeMap.EMPTY);
      plane.server.listen(
          commit -> {
            if (commit.key().equals(key)) {
              matter.add(ServicePods.matters(commit));
            }
          });
    }

    void metadata(Object value, String... path) {
      plane.server.patch(ResourceType.PODS, key, pod -> pod.with(value, path));
    }
  }

  @Test
  void net_E_19_labelsAddressesReadinessAndTheBeginningOfDeletionMatter() {
    Commits commits = new Commits();
    commits.metadata("x", "metadata", "labels", "tier");
    commits.metadata("h", "spec", "hostname");
    commits.metadata("web", "spec", "subdomain");
    commits.plane.ready(commits.key, true);
    commits.plane.server.patchStatus(
        commits.key,
        status ->
            status.with(
                "podIPs",
                KubeList.of(KubeMap.of("ip", "10.244.0.4"), KubeMap.of("ip", "fd00::4"))));
    commits.plane.server.delete(commits.key, DeleteOptions.BACKGROUND);
    assertThat(commits.matter).hasSize(6).containsOnly(true);
  }

  @Test
  void net_E_19_annotationsOtherConditionsAndPhasesDoNot() {
    Commits commits = new Commits();
    commits.metadata("x", "metadata", "annotations", "note");
    commits.plane.ready(commits.key, false);
    commits.plane.server.patchStatus(
        commits.key, status -> status.with("hostIP", "172.18.0.2").with("phase", "Running"));
    commits.plane.server.patchStatus(
        commits.key,
        status ->
            status.with(
                "conditions",
                status
                    .listOrEmpty("conditions")
                    .plus(KubeMap.of("type", "PodScheduled", "status", "True"))));
    assertThat(commits.matter).isNotEmpty().containsOnly(false);
  }
}
