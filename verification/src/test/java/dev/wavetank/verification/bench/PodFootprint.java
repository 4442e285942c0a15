package dev.wavetank.verification.bench;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.scenarios.cluster.Cluster;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * What a further pod of a Deployment costs in a whole cluster: heap by class after a full
 * collection, and CPU from {@code replicas} to Ready; then what a day costs in which nothing
 * happens.
 *
 * <pre>{@code
 * run this class's main method with -Xmx4g -XX:+UseSerialGC
 * arguments: [nodes] [pods], at most 100 pods a node
 * }</pre>
 */
public final class PodFootprint {

  /** Pods of each Deployment at most. */
  private static final int REPLICAS = 100;

  private static final int PODS_OF_A_NODE_MAX = 100;

  /** Virtual seconds after which pods that are not Ready will never be. */
  private static final int SECONDS_MAX = 100_000;

  private final Cluster cluster;

  private PodFootprint(int nodes, int pods) {
    KubeMap capacity =
        KubeMap.of("cpu", "64", "ephemeral-storage", "400Gi", "memory", "256Gi", "pods", "250");
    // The trace's own buffer is no cost of a pod.
    cluster =
        Cluster.builder()
            .nodes(nodes, node -> node.withCapacity(capacity).withImages(ImmutableList.of("app")))
            .seed(1)
            .dns(false)
            .traceKept(64)
            .start();
    for (int i = 0; i * REPLICAS < pods; i++) {
      KubeObject deployment = deployment("web-" + i);
      act(() -> cluster.api().create(ResourceType.DEPLOYMENTS, deployment));
    }
  }

  private void act(Runnable action) {
    cluster.simulation().act("user/write", "deployments", action);
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
    for (KubeObject deployment : cluster.api().list(ResourceType.DEPLOYMENTS)) {
      long replicas = Math.min(left, REPLICAS);
      left -= (int) replicas;
      act(
          () ->
              cluster
                  .api()
                  .patch(
                      ResourceType.DEPLOYMENTS,
                      deployment.key(ResourceType.DEPLOYMENTS),
                      found -> found.with(replicas, "spec", "replicas")));
    }
    for (int i = 0; readyReplicas() != pods; i++) {
      if (i == SECONDS_MAX) {
        throw new IllegalStateException("not ready: " + readyReplicas());
      }
      cluster.run(Duration.ofSeconds(1));
    }
    // Events older than an hour are gone, and what was busy is idle.
    cluster.run(Duration.ofHours(2));
  }

  private long readyReplicas() {
    long ready = 0;
    for (KubeObject deployment : cluster.api().list(ResourceType.DEPLOYMENTS)) {
      ready += deployment.status().number("readyReplicas", 0);
    }
    return ready;
  }

  private long events() {
    return cluster.simulation().eventNumber();
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int pods = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    if (pods > nodes * PODS_OF_A_NODE_MAX) {
      throw new IllegalArgumentException("at most " + PODS_OF_A_NODE_MAX + " pods a node");
    }
    PodFootprint warm = new PodFootprint(nodes, pods);
    warm.scale(pods);
    warm.scale(0);
    PodFootprint run = new PodFootprint(nodes, pods);
    run.scale(pods / 2);
    Map<String, long[]> half = histogram();
    long cpu = cpuNanos();
    long allocated = allocatedBytes();
    long events = run.events();
    run.scale(pods);
    long used = cpuNanos() - cpu;
    allocated = allocatedBytes() - allocated;
    int added = pods - pods / 2;
    System.out.printf(
        "start-up: %.1f us of CPU, %.1f events and %.1f kB allocated a pod, %.0f pods a CPU s%n",
        used / 1e3 / added,
        (run.events() - events) / (double) added,
        allocated / 1e3 / added,
        added * 1e9 / used);
    print(half, histogram(), added);
    events = run.events();
    cpu = cpuNanos();
    run.cluster.run(Duration.ofDays(1));
    for (Kubelet kubelet : run.cluster.kubelets().all()) {
      kubelet.refresh();
    }
    System.out.printf(
        "idle day: %d events, %.3f s of CPU%n", run.events() - events, (cpuNanos() - cpu) / 1e9);
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
