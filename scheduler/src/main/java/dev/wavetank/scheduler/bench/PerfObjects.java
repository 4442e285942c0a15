package dev.wavetank.scheduler.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * The nodes, pods and other objects of the workloads.
 *
 * <p>Follows test/integration/scheduler_perf/templates (v1.36).
 */
final class PerfObjects {

  /** What is special about a pod. */
  enum Kind {
    DEFAULT(""),
    NODE_AFFINITY(""),
    DAEMON(""),
    SPREAD("blue"),
    PREFERRED_SPREAD("blue"),
    SERVED("served"),
    GREEN("green"),
    AFFINITY("blue"),
    ANTI_AFFINITY("green"),
    PREFERRED_AFFINITY("red"),
    PREFERRED_ANTI_AFFINITY("yellow"),
    LOW_PRIORITY(""),
    PREEMPTING(""),
    TOO_LARGE("");

    final String color;

    Kind(String color) {
      this.color = color;
    }
  }

  /** The namespaces of the pods; the terms of pod affinity name both. */
  static final ImmutableList<String> NAMESPACES = ImmutableList.of("sched-0", "sched-1");

  private static final String PRIORITY_CLASS = "high";
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String HOST = "kubernetes.io/hostname";

  /** The spec of each kind, shared by its pods as those of one controller share theirs. */
  private static final ImmutableMap<Kind, KubeMap> SPECS = specs();

  private PerfObjects() {}

  private static ImmutableMap<Kind, KubeMap> specs() {
    ImmutableMap.Builder<Kind, KubeMap> specs = ImmutableMap.builder();
    for (Kind kind : Kind.values()) {
      specs.put(kind, spec(kind));
    }
    return specs.buildOrThrow();
  }

  private static KubeMap spec(Kind kind) {
    KubeMap small = running(100);
    return switch (kind) {
      case DEFAULT, SERVED, GREEN -> small;
      case NODE_AFFINITY ->
          small.with("affinity", requiredNodes("matchExpressions", ZONE, "zone1", "zone2"));
      case DAEMON ->
          running(0)
              .with(
                  "affinity", requiredNodes("matchFields", "metadata.name", "scheduler-perf-node"));
      case SPREAD -> small.with("topologySpreadConstraints", spread("DoNotSchedule"));
      case PREFERRED_SPREAD -> small.with("topologySpreadConstraints", spread("ScheduleAnyway"));
      case AFFINITY -> podAffinity(small, "podAffinity", required("blue", ZONE));
      case ANTI_AFFINITY -> podAffinity(small, "podAntiAffinity", required("green", HOST));
      case PREFERRED_AFFINITY -> podAffinity(small, "podAffinity", preferred("red"));
      case PREFERRED_ANTI_AFFINITY -> podAffinity(small, "podAntiAffinity", preferred("yellow"));
      case LOW_PRIORITY -> running(900).with("terminationGracePeriodSeconds", 0L);
      case PREEMPTING -> running(3000).with("priorityClassName", PRIORITY_CLASS);
      case TOO_LARGE -> running(9000);
    };
  }

  private static KubeMap running(int milliCpu) {
    return KubeMap.of("containers", KubeList.of(pause(milliCpu)));
  }

  static KubeMap node(String name, String zone, int pods) {
    KubeMap labels = KubeMap.of(HOST, name);
    KubeMap size = KubeMap.of("pods", String.valueOf(pods), "cpu", "4", "memory", "32Gi");
    return KubeMap.of(
        "apiVersion",
        "v1",
        "kind",
        "Node",
        "metadata",
        KubeMap.of("name", name, "labels", zone.isEmpty() ? labels : labels.with(ZONE, zone)),
        "status",
        KubeMap.of(
            "capacity",
            size,
            "allocatable",
            size,
            "conditions",
            KubeList.of(KubeMap.of("type", "Ready", "status", "True"))));
  }

  static KubeMap pod(String name, String namespace, Kind kind) {
    KubeMap metadata = KubeMap.of("name", name, "namespace", namespace);
    return KubeMap.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        kind.color.isEmpty() ? metadata : metadata.with("labels", KubeMap.of("color", kind.color)),
        "spec",
        SPECS.getOrDefault(kind, KubeMap.EMPTY));
  }

  /** The class of the pods of {@link Kind#PREEMPTING}. */
  static KubeMap priorityClass() {
    return KubeMap.of(
        "apiVersion",
        "scheduling.k8s.io/v1",
        "kind",
        "PriorityClass",
        "metadata",
        KubeMap.of("name", PRIORITY_CLASS),
        "value",
        10L);
  }

  static KubeMap namespace(String name) {
    return KubeMap.of(
        "apiVersion", "v1", "kind", "Namespace", "metadata", KubeMap.of("name", name));
  }

  /** The service that the pods of {@link Kind#SERVED} belong to. */
  static KubeMap service(String namespace) {
    return KubeMap.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        KubeMap.of("name", "served", "namespace", namespace),
        "spec",
        KubeMap.of(
            "selector",
            KubeMap.of("color", "served"),
            "ports",
            KubeList.of(KubeMap.of("port", 80L))));
  }

  private static KubeMap pause(int milliCpu) {
    KubeMap container = KubeMap.of("name", "pause", "image", "registry.k8s.io/pause:3.10.2");
    if (milliCpu == 0) {
      return container;
    }
    KubeMap amounts = KubeMap.of("cpu", milliCpu + "m", "memory", "500Mi");
    return container
        .with("ports", KubeList.of(KubeMap.of("containerPort", 80L)))
        .with("resources", KubeMap.of("limits", amounts, "requests", amounts));
  }

  private static KubeMap podAffinity(KubeMap spec, String field, KubeMap terms) {
    return spec.with("affinity", KubeMap.of(field, terms));
  }

  private static KubeMap required(String color, String topologyKey) {
    return KubeMap.of(
        "requiredDuringSchedulingIgnoredDuringExecution", KubeList.of(term(color, topologyKey)));
  }

  private static KubeMap preferred(String color) {
    return KubeMap.of(
        "preferredDuringSchedulingIgnoredDuringExecution",
        KubeList.of(KubeMap.of("weight", 1L, "podAffinityTerm", term(color, HOST))));
  }

  private static KubeMap term(String color, String topologyKey) {
    return KubeMap.of(
        "labelSelector",
        selector(color),
        "topologyKey",
        topologyKey,
        "namespaces",
        KubeList.copyOf(NAMESPACES));
  }

  private static KubeMap selector(String color) {
    return KubeMap.of("matchLabels", KubeMap.of("color", color));
  }

  private static KubeList spread(String whenUnsatisfiable) {
    return KubeList.of(
        KubeMap.of(
            "maxSkew",
            5L,
            "topologyKey",
            ZONE,
            "whenUnsatisfiable",
            whenUnsatisfiable,
            "labelSelector",
            selector("blue")));
  }

  private static KubeMap requiredNodes(String match, String key, String... values) {
    KubeMap in =
        KubeMap.of(
            "key", key, "operator", "In", "values", KubeList.copyOf(ImmutableList.copyOf(values)));
    return KubeMap.of(
        "nodeAffinity",
        KubeMap.of(
            "requiredDuringSchedulingIgnoredDuringExecution",
            KubeMap.of("nodeSelectorTerms", KubeList.of(KubeMap.of(match, KubeList.of(in))))));
  }
}
