package dev.wavetank.verification;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.EventExpiry;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.controllermanager.KubeControllerManager;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The start state of the recorded kubectl stories, with the stand-in for kubelets that they had.
 */
final class LabCluster {

  private static final int RECORDED_PORT = 37_210;
  private static final long SECOND = 1_000_000_000L;
  private static final long UPTIME_NANOS = 11 * 60 * SECOND;

  /** So long nothing is written when a cluster counts as settled. */
  private static final long QUIET_NANOS = 850_000_000L;

  private static final long SETTLING_NANOS_MAX = 12 * SECOND;

  final Simulation simulation = new Simulation(Choices.seeded(1));
  final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  final StandInKubelet kubelet;
  private long lastWriteNanos;

  LabCluster() {
    ApiServerConfiguration configuration =
        new ApiServerConfiguration(
            IpAddress.parse("10.96.0.0"), 16, IpAddress.parse("172.18.0.10"), RECORDED_PORT);
    configuration.install(server);
    new EventExpiry(server);
    new Bootstrap(server, configuration).create();
    Map<String, String> addresses = new LinkedHashMap<>();
    for (int i = 1; i <= 3; i++) {
      String address = "172.18.0." + (i + 1);
      addresses.put("node-" + i, address);
      createNode("node-" + i, address, "10.244." + (i - 1) + ".0/24");
    }
    kubelet = new StandInKubelet(server, addresses);
    new KubeControllerManager(server, node -> simulation.now() - 1);
    new Scheduler(server).start();
    simulation.runUntil(UPTIME_NANOS);
    server.listen(
        commit -> {
          if (!commit.key().type().equals(ResourceType.LEASES)) {
            lastWriteNanos = simulation.now();
          }
        });
  }

  private void createNode(String name, String address, String podCidr) {
    KubeMap.Builder labels = KubeMap.builder();
    for (String prefix : List.of("beta.kubernetes.io", "kubernetes.io")) {
      labels.put(prefix + "/arch", "amd64").put(prefix + "/os", "linux");
    }
    labels.put("kubernetes.io/hostname", name);
    KubeMap annotations =
        KubeMap.of(
            "node.alpha.kubernetes.io/ttl",
            "0",
            "volumes.kubernetes.io/controller-managed-attach-detach",
            "true");
    KubeObject node =
        KubeObject.of(
                ResourceType.NODES,
                KubeMap.of("name", name, "labels", labels.build(), "annotations", annotations))
            .withSpec(KubeMap.of("podCIDR", podCidr, "podCIDRs", KubeList.of(podCidr)));
    server.create(ResourceType.NODES, node);
    server.patchStatus(
        node.key(ResourceType.NODES), before -> status(name, address, server.timestamp()));
    server.create(
        ResourceType.LEASES,
        KubeObject.of(ResourceType.LEASES, KubeMap.of("name", name, "namespace", "kube-node-lease"))
            .withSpec(
                KubeMap.of("holderIdentity", name, "renewTime", "2026-01-01T00:00:00.000000Z")));
  }

  private static KubeMap status(String name, String address, String now) {
    List<KubeMap> conditions = new ArrayList<>();
    conditions.add(
        condition(
            "MemoryPressure",
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
            now));
    conditions.add(
        condition(
            "DiskPressure",
            "False",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure",
            now));
    conditions.add(
        condition(
            "PIDPressure",
            "False",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
            now));
    conditions.add(
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now));
    KubeMap amounts =
        KubeMap.builder()
            .put("cpu", "4")
            .put("ephemeral-storage", "100Gi")
            .put("hugepages-1Gi", "0")
            .put("hugepages-2Mi", "0")
            .put("memory", "8Gi")
            .put("pods", "110")
            .build();
    KubeMap info =
        KubeMap.builder()
            .put("architecture", "amd64")
            .put("containerRuntimeVersion", "containerd://2.1.4")
            .put("kernelVersion", "6.1.0-40-amd64")
            .put("kubeletVersion", "v1.36.2")
            .put("operatingSystem", "linux")
            .put("osImage", "Debian GNU/Linux 12 (bookworm)")
            .build();
    return KubeMap.builder()
        .put(
            "addresses",
            KubeList.of(
                KubeMap.of("type", "InternalIP", "address", address),
                KubeMap.of("type", "Hostname", "address", name),
                KubeMap.of("type", "InternalDNS", "address", "localhost")))
        .put("allocatable", amounts)
        .put("capacity", amounts)
        .put("conditions", KubeList.copyOf(conditions))
        .put("nodeInfo", info)
        .build();
  }

  private static KubeMap condition(
      String type, String status, String reason, String message, String now) {
    return KubeMap.builder()
        .put("type", type)
        .put("status", status)
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", now)
        .put("reason", reason)
        .put("message", message)
        .build();
  }

  void advance(long nanos) {
    simulation.runUntil(simulation.now() + nanos);
  }

  /** Lets time pass until nothing has been written for a while. */
  void settle() {
    long end = simulation.now() + SETTLING_NANOS_MAX;
    long quietSince = simulation.now();
    while (simulation.now() < end) {
      quietSince = Math.max(quietSince, lastWriteNanos);
      long quiet = quietSince + QUIET_NANOS;
      if (quiet <= simulation.now()) {
        return;
      }
      simulation.runUntil(Math.min(quiet, end));
    }
  }
}
