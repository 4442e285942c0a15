package dev.wavetank.scheduler.whatif;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.Resource;
import dev.wavetank.scheduler.framework.Taint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the smallest changes with which a pod would fit that fits nowhere: a toleration, a label, a
 * smaller request, a constraint less, a node more. Each is evaluated by scheduling the changed pod,
 * or the pod in the changed cluster; none of it stays changed.
 */
public final class Remedies {

  private static final int EVALUATIONS_MAX = 400;
  private static final int NODES_MAX = 100;
  private static final ImmutableList<String> RESOURCES =
      ImmutableList.of("cpu", "memory", "ephemeral-storage");

  private final DryRun cluster;
  private final KubeObject pod;
  private final List<Remedy> found = new ArrayList<>();
  private int evaluations;

  private Remedies(DryRun cluster, KubeObject pod) {
    this.cluster = cluster;
    this.pod = pod;
  }

  /**
   * The changes that each alone would let the pod fit, smaller ones first; none when no single
   * change that is known of would.
   *
   * @param cluster as it was when the pod did not fit
   */
  public static ImmutableList<Remedy> find(DryRun cluster, KubeObject pod) {
    Remedies remedies = new Remedies(cluster, pod);
    remedies.tolerations();
    remedies.requests();
    remedies.uncordon();
    remedies.labels();
    remedies.constraints();
    remedies.hostPorts();
    remedies.anotherNode();
    return ImmutableList.copyOf(remedies.found);
  }

  /** The node of a pod; null when it fits nowhere, or too much was tried already. */
  private @Nullable String node(KubeObject changed) {
    return evaluations++ < EVALUATIONS_MAX ? cluster.attempt(changed).node() : null;
  }

  private boolean tryPod(KubeObject changed, String change) {
    String node = node(changed);
    if (node != null) {
      found.add(new Remedy(change, node));
    }
    return node != null;
  }

  private void tryNode(KubeObject before, KubeObject changed, String change) {
    cluster.put(changed);
    String node = node(pod);
    cluster.put(before);
    if (node != null) {
      found.add(new Remedy(change, node));
    }
  }

  /** The nodes of the cluster, the first hundred. */
  private List<NodeInfo> nodes() {
    NodeInfo[] all = cluster.cache().nodes();
    return List.of(all).subList(0, Math.min(all.length, NODES_MAX));
  }

  private void tolerations() {
    Set<Taint> taints = new LinkedHashSet<>();
    for (NodeInfo node : nodes()) {
      taints.addAll(List.of(node.doNotScheduleTaints()));
    }
    for (Taint taint : taints) {
      if (taint.key().equals(Taint.UNSCHEDULABLE.key())) {
        continue;
      }
      KubeMap toleration = KubeMap.of("key", taint.key(), "operator", "Exists");
      if (!taint.value().isEmpty()) {
        toleration = toleration.with("operator", "Equal").with("value", taint.value());
      }
      tryPod(
          withToleration(toleration.with("effect", taint.effect())),
          "a toleration of the taint "
              + taint.key()
              + (taint.value().isEmpty() ? "" : "=" + taint.value())
              + ":"
              + taint.effect());
    }
  }

  private KubeObject withToleration(KubeMap toleration) {
    List<Object> all = new ArrayList<>();
    pod.spec().listOrEmpty("tolerations").forEach(all::add);
    all.add(toleration);
    return pod.withSpec(pod.spec().with("tolerations", KubeList.copyOf(all)));
  }

  /** Asks for no more than what is left on some node, beginning with the one that has most left. */
  private void requests() {
    for (String resource : RESOURCES) {
      long asked = cluster.info(pod).spec().requests().amount(resource);
      TreeSet<Long> left = new TreeSet<>(Collections.reverseOrder());
      for (NodeInfo node : nodes()) {
        long free = node.allocatable().amount(resource) - node.requested().amount(resource);
        if (free >= 0 && free < asked) {
          left.add(free);
        }
      }
      for (long amount : left) {
        KubeObject changed = withLess(resource, asked - amount);
        if (changed != null
            && tryPod(
                changed,
                resource
                    + " requests of "
                    + text(resource, amount)
                    + " instead of "
                    + text(resource, asked))) {
          break;
        }
      }
    }
  }

  private static String text(String resource, long amount) {
    return resource.equals("cpu")
        ? Quantity.parse(amount + "m").toString()
        : Quantity.parse(amount % (1 << 20) == 0 ? (amount >> 20) + "Mi" : Long.toString(amount))
            .toString();
  }

  /** The pod with so much less asked for by its containers; null when they do not ask so much. */
  private @Nullable KubeObject withLess(String resource, long amount) {
    long left = amount;
    List<Object> containers = new ArrayList<>();
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      KubeMap requests = container.mapOrEmpty("resources").mapOrEmpty("requests");
      long asks = amount(requests, resource);
      long less = Math.min(asks, left);
      left -= less;
      containers.add(
          less == 0
              ? container
              : container.withPath(text(resource, asks - less), "resources", "requests", resource));
    }
    return left > 0
        ? null
        : pod.withSpec(pod.spec().with("containers", KubeList.copyOf(containers)));
  }

  private static long amount(KubeMap requests, String resource) {
    return Resource.of(requests).amount(resource);
  }

  private void uncordon() {
    for (NodeInfo node : nodes()) {
      KubeObject object = node.node();
      if (object != null && node.unschedulable()) {
        KubeMap spec = object.spec().without("unschedulable");
        List<Object> taints = new ArrayList<>();
        for (KubeMap taint : spec.listOrEmpty("taints").maps()) {
          if (!taint.string("key", "").equals(Taint.UNSCHEDULABLE.key())) {
            taints.add(taint);
          }
        }
        tryNode(
            object,
            object.withSpec(spec.with("taints", KubeList.copyOf(taints))),
            "node " + node.name() + " uncordoned");
      }
    }
  }

  /** Labels that the node selector asks for, on the nodes that lack the fewest of them. */
  private void labels() {
    Map<Integer, List<NodeInfo>> byMissing = new TreeMap<>();
    KubeMap selector = pod.spec().mapOrEmpty("nodeSelector");
    for (NodeInfo node : nodes()) {
      int missing = missing(selector, node).size();
      if (missing > 0) {
        byMissing.computeIfAbsent(missing, count -> new ArrayList<>()).add(node);
      }
    }
    int before = found.size();
    for (List<NodeInfo> equal : byMissing.values()) {
      for (NodeInfo node : equal) {
        label(node, missing(selector, node));
        if (found.size() > before) {
          return;
        }
      }
    }
  }

  private static KubeMap missing(KubeMap selector, NodeInfo node) {
    KubeMap.Builder missing = KubeMap.builder();
    selector.forEach(
        (key, value) -> {
          if (!value.equals(node.labels().get(key))) {
            missing.put(key, value);
          }
        });
    return missing.build();
  }

  private void label(NodeInfo node, KubeMap missing) {
    KubeObject object = node.node();
    if (object == null) {
      return;
    }
    KubeMap labels = object.labels();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < missing.size(); i++) {
      labels = labels.with(missing.keyAt(i), missing.valueAt(i));
      texts.add(missing.keyAt(i) + "=" + missing.valueAt(i));
    }
    tryNode(
        object,
        object.with(labels, "metadata", "labels"),
        "label " + String.join(", ", texts) + " on node " + node.name());
  }

  /** Without what narrows the choice of nodes, one thing after the other. */
  private void constraints() {
    KubeMap spec = pod.spec();
    if (spec.has("nodeSelector")) {
      tryPod(pod.withSpec(spec.without("nodeSelector")), "no node selector");
    }
    withoutRequired("nodeAffinity", "no required node affinity");
    withoutRequired("podAffinity", "no required pod affinity");
    withoutRequired("podAntiAffinity", "no required pod anti-affinity");
    KubeList spread = spec.listOrEmpty("topologySpreadConstraints");
    for (int i = 0; i < spread.size(); i++) {
      KubeMap constraint = spread.map(i);
      if (!constraint.string("whenUnsatisfiable", "").equals("ScheduleAnyway")) {
        List<Object> changed = new ArrayList<>();
        spread.forEach(changed::add);
        changed.set(i, constraint.with("whenUnsatisfiable", "ScheduleAnyway"));
        tryPod(
            pod.withSpec(spec.with("topologySpreadConstraints", KubeList.copyOf(changed))),
            "whenUnsatisfiable: ScheduleAnyway for the spread over "
                + constraint.string("topologyKey", ""));
      }
    }
  }

  private void withoutRequired(String kind, String change) {
    String field = "requiredDuringSchedulingIgnoredDuringExecution";
    KubeMap affinity = pod.spec().mapOrEmpty("affinity");
    if (affinity.mapOrEmpty(kind).has(field)) {
      KubeMap rest = affinity.with(kind, affinity.mapOrEmpty(kind).without(field));
      tryPod(pod.withSpec(pod.spec().with("affinity", rest)), change);
    }
  }

  private void hostPorts() {
    boolean any = false;
    List<Object> containers = new ArrayList<>();
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      List<Object> ports = new ArrayList<>();
      for (KubeMap port : container.listOrEmpty("ports").maps()) {
        any |= port.number("hostPort", 0) > 0;
        ports.add(port.without("hostPort"));
      }
      containers.add(ports.isEmpty() ? container : container.with("ports", KubeList.copyOf(ports)));
    }
    if (any) {
      tryPod(
          pod.withSpec(pod.spec().with("containers", KubeList.copyOf(containers))),
          "no host ports");
    }
  }

  /** An empty node that is otherwise like one of those that there are, each shape once. */
  private void anotherNode() {
    Set<KubeMap> shapes = new LinkedHashSet<>();
    for (NodeInfo node : nodes()) {
      KubeObject object = node.node();
      if (object == null || !shapes.add(shape(object))) {
        continue;
      }
      String name = "another-" + node.name();
      KubeObject added =
          object
              .with(name, "metadata", "name")
              .with(object.labels().with("kubernetes.io/hostname", name), "metadata", "labels");
      cluster.put(added);
      String chosen = node(pod);
      cluster.remove(added.key(ResourceType.NODES));
      if (chosen != null) {
        found.add(new Remedy("one more node like " + node.name(), chosen));
        return;
      }
    }
  }

  private static KubeMap shape(KubeObject node) {
    return KubeMap.of(
        "labels",
        node.labels().without("kubernetes.io/hostname"),
        "taints",
        node.spec().listOrEmpty("taints"),
        "allocatable",
        node.status().mapOrEmpty("allocatable"));
  }
}
