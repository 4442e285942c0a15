package dev.wavetank.verification.bench;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.EventExpiry;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.container.ImageRegistry;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.controller.deployment.DeploymentController;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.Scheduler;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * What a further pod of a Deployment costs: heap by class after a full collection, and CPU from
 * {@code replicas} to Ready, with every component of the control plane; then what a day costs in
 * which nothing happens.
 *
 * <pre>{@code
 * mvn -Pjmh ... is not needed: run this class's main method with -Xmx4g -XX:+UseSerialGC
 * arguments: [nodes] [pods] [scheduler: full or none]
 * }</pre>
 */
public final class PodFootprint {

  private static final long SECOND = 1_000_000_000L;

  /** Pods of each Deployment at most. */
  private static final int REPLICAS = 100;

  private final Simulation simulation = new Simulation(Choices.seeded(1));
  private final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  private final Kubelets kubelets = new Kubelets(server, new ImageRegistry(), ProgramNetwork.NONE);

  private PodFootprint(int nodes, int pods, boolean scheduler) {
    ApiServerConfiguration configuration =
        ApiServerConfiguration.at(IpAddress.parse("192.168.0.1"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    for (int i = 0; i < nodes; i++) {
      kubelets.join(
          NodeConfig.of(
                  "node-" + i,
                  IpAddress.parse("172.16.0.0").plus(i + 10),
                  IpAddress.parse("10.0.0.0").plus(i * 1024L))
              .withPodPrefixLength(22)
              .withCapacity(
                  KubeMap.of(
                      "cpu", "64",
                      "ephemeral-storage", "400Gi",
                      "memory", "256Gi",
                      "pods", Integer.toString(2 * pods / nodes + 10)))
              .withImages(ImmutableList.of("app")));
    }
    new EventExpiry(server);
    new DeploymentController(server);
    new ReplicaSetController(server);
    if (scheduler) {
      new Scheduler(server).start();
    } else {
      int[] next = {0};
      server.watch(
          ResourceType.PODS,
          "stand-in-scheduler",
          commit -> commit.before() == null,
          commit -> server.bind(commit.key(), "node-" + next[0]++ % nodes));
    }
    for (int i = 0; i * REPLICAS < pods; i++) {
      server.create(ResourceType.DEPLOYMENTS, deployment("web-" + i));
    }
  }

  private static KubeObject deployment(String name) {
    KubeMap labels = KubeMap.of("app", name);
    KubeMap probe = KubeMap.of("httpGet", KubeMap.of("port", 8080));
    KubeMap container =
        KubeMap.of(
            "name",
            "web",
            "image",
            "app",
            "imagePullPolicy",
            "IfNotPresent",
            "ports",
            KubeList.of(KubeMap.of("containerPort", 8080)),
            "resources",
            KubeMap.of("requests", KubeMap.of("cpu", "10m", "memory", "16Mi")),
            "readinessProbe",
            probe);
    return KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", name, "namespace", "default"))
        .withSpec(
            KubeMap.of(
                "replicas", 0,
                "selector", KubeMap.of("matchLabels", labels),
                "template",
                    KubeMap.of(
                        "metadata", KubeMap.of("labels", labels),
                        "spec", KubeMap.of("containers", KubeList.of(container)))));
  }

  private void scale(int pods) {
    int left = pods;
    for (KubeObject deployment : server.list(ResourceType.DEPLOYMENTS)) {
      long replicas = Math.min(left, REPLICAS);
      left -= (int) replicas;
      server.patch(
          ResourceType.DEPLOYMENTS,
          deployment.key(ResourceType.DEPLOYMENTS),
          found -> found.with(replicas, "spec", "replicas"));
    }
    long limit = simulation.now() + 100_000 * SECOND;
    while (readyReplicas() != pods) {
      if (simulation.now() > limit) {
        throw new IllegalStateException("not ready: " + readyReplicas());
      }
      simulation.runUntil(simulation.now() + SECOND);
    }
    // Events older than an hour are gone, and what was busy is idle.
    simulation.runUntil(simulation.now() + 2 * 3600 * SECOND);
  }

  private long readyReplicas() {
    long ready = 0;
    for (KubeObject deployment : server.list(ResourceType.DEPLOYMENTS)) {
      ready += deployment.status().number("readyReplicas", 0);
    }
    return ready;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int pods = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    boolean scheduler = args.length < 3 || args[2].equals("full");
    PodFootprint warm = new PodFootprint(nodes, pods, scheduler);
    warm.scale(pods);
    warm.scale(0);
    PodFootprint run = new PodFootprint(nodes, pods, scheduler);
    run.scale(pods / 2);
    Map<String, long[]> half = histogram();
    long cpu = cpuNanos();
    long allocated = allocatedBytes();
    long events = run.simulation.eventNumber();
    run.scale(pods);
    long used = cpuNanos() - cpu;
    allocated = allocatedBytes() - allocated;
    int added = pods - pods / 2;
    System.out.printf(
        "start-up: %.1f us of CPU, %.1f events and %.1f kB allocated a pod, %.0f pods a CPU s%n",
        used / 1e3 / added,
        (run.simulation.eventNumber() - events) / (double) added,
        allocated / 1e3 / added,
        added * 1e9 / used);
    print(half, histogram(), added);
    events = run.simulation.eventNumber();
    cpu = cpuNanos();
    run.simulation.runUntil(run.simulation.now() + 86_400 * SECOND);
    for (Kubelet kubelet : run.kubelets.all()) {
      kubelet.refresh();
    }
    System.out.printf(
        "idle day: %d events, %.3f s of CPU%n",
        run.simulation.eventNumber() - events, (cpuNanos() - cpu) / 1e9);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** Instances and bytes by class, after a full collection. */
  private static Map<String, long[]> histogram() throws Exception {
    String text =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, long[]> classes = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      String[] words = line.trim().split("\\s+");
      if (words.length >= 4 && words[0].endsWith(":")) {
        classes.put(words[3], new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
      }
    }
    return classes;
  }

  private static void print(Map<String, long[]> before, Map<String, long[]> after, int pods) {
    double total = 0;
    Map<String, Double> bytes = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> entry : after.entrySet()) {
      long @Nullable [] was = before.get(entry.getKey());
      double grown = (entry.getValue()[1] - (was == null ? 0 : was[1])) / (double) pods;
      total += grown;
      if (grown >= 1) {
        bytes.put(entry.getKey(), grown);
      }
    }
    System.out.printf("heap: %.0f bytes a pod%n", total);
    bytes.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(e -> System.out.printf("%8.1f  %s%n", e.getValue(), e.getKey()));
  }
}
