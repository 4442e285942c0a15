package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.controller.Taints;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@code NoSchedule} taints of a node as its conditions and {@code spec.unschedulable}
 * ask, and the beta labels of operating system and architecture as the stable ones are.
 *
 * <p>Follows doNoScheduleTaintingPass of pkg/controller/nodelifecycle/node_lifecycle_controller.go
 * (v1.36).
 */
final class NoScheduleTaints implements Reconciler<ObjectKey> {

  static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  private static final String PREFIX = "node.kubernetes.io/";
  private static final String BETA = "beta.kubernetes.io/";
  private static final String STABLE = "kubernetes.io/";

  private final ApiClient client;
  private final Supplier<Snapshot> nodes;

  NoScheduleTaints(ApiClient client, Supplier<Snapshot> nodes) {
    this.client = client;
    this.nodes = nodes;
  }

  /** Whether anything is to be done on a node. */
  static boolean needed(KubeObject node) {
    List<String> wanted = wanted(node);
    return !missing(node, wanted).isEmpty()
        || !unwanted(node, wanted).isEmpty()
        || !labels(node).equals(node.labels());
  }

  private static List<String> wanted(KubeObject node) {
    List<String> keys = new ArrayList<>(2);
    for (KubeMap condition : node.status().listOrEmpty("conditions").maps()) {
      String key = taintOf(condition.string("type", ""), condition.string("status", ""));
      if (key != null) {
        keys.add(key);
      }
    }
    if (node.spec().bool("unschedulable", false)) {
      keys.add(UNSCHEDULABLE);
    }
    return keys;
  }

  private static @Nullable String taintOf(String type, String status) {
    return switch (type) {
      case "Ready" ->
          status.equals("False")
              ? Taints.NOT_READY
              : status.equals("Unknown") ? Taints.UNREACHABLE : null;
      case "MemoryPressure" -> status.equals("True") ? PREFIX + "memory-pressure" : null;
      case "DiskPressure" -> status.equals("True") ? PREFIX + "disk-pressure" : null;
      case "PIDPressure" -> status.equals("True") ? PREFIX + "pid-pressure" : null;
      case "NetworkUnavailable" -> status.equals("True") ? PREFIX + "network-unavailable" : null;
      default -> null;
    };
  }

  private static boolean managed(String key) {
    return switch (key) {
      case Taints.NOT_READY,
          Taints.UNREACHABLE,
          UNSCHEDULABLE,
          PREFIX + "memory-pressure",
          PREFIX + "disk-pressure",
          PREFIX + "pid-pressure",
          PREFIX + "network-unavailable" ->
          true;
      default -> false;
    };
  }

  private static List<String> missing(KubeObject node, List<String> wanted) {
    List<String> keys = new ArrayList<>(wanted.size());
    for (String key : wanted) {
      if (!Taints.exists(node, key, Taints.NO_SCHEDULE)) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static List<String> unwanted(KubeObject node, List<String> wanted) {
    List<String> keys = new ArrayList<>(2);
    for (KubeMap taint : Taints.withEffect(node, Taints.NO_SCHEDULE).maps()) {
      String key = taint.string("key", "");
      if (managed(key) && !wanted.contains(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static KubeMap labels(KubeObject node) {
    KubeMap labels = node.labels();
    for (String name : new String[] {"os", "arch"}) {
      String stable = labels.string(STABLE + name);
      if (stable != null) {
        labels = labels.with(BETA + name, stable);
      }
    }
    return labels;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject node = nodes.get().get(key);
    if (node == null) {
      return Result.done();
    }
    attempt(() -> taint(key, node));
    if (!labels(node).equals(node.labels())) {
      attempt(
          () ->
              client.patch(
                  key,
                  found -> found.withMetadata(found.metadata().with("labels", labels(found)))));
    }
    return Result.done();
  }

  /** Upstream logs a refusal and waits for the next change of the node. */
  private static void attempt(Runnable writes) {
    try {
      writes.run();
    } catch (ApiException refused) {
      return;
    }
  }

  private void taint(ObjectKey key, KubeObject node) {
    List<String> wanted = wanted(node);
    List<String> missing = missing(node, wanted);
    List<String> unwanted = unwanted(node, wanted);
    if (!missing.isEmpty()) {
      String now = client.server().timestamp();
      client.patch(
          key,
          found -> {
            KubeObject next = found;
            for (String taint : missing) {
              next = Taints.with(next, Taints.taint(taint, Taints.NO_SCHEDULE, now));
            }
            return next;
          });
    }
    if (!unwanted.isEmpty()) {
      client.patch(
          key,
          found -> {
            KubeObject next = found;
            for (String taint : unwanted) {
              next = Taints.without(next, taint, Taints.NO_SCHEDULE);
            }
            return next;
          });
    }
  }
}
