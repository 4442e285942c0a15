package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.Taints;
import dev.wavetank.core.informer.ApiClient;

/**
 * Puts and takes the {@code NoExecute} taints not-ready and unreachable, of which a node has one at
 * most.
 *
 * <p>Follows processTaintBaseEviction and doNoExecuteTaintingPass of
 * pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36).
 */
final class NoExecuteTaints {

  private final ApiClient client;
  private final Zones zones;

  NoExecuteTaints(ApiClient client, Zones zones) {
    this.client = client;
    this.zones = zones;
  }

  /**
   * A pass of the monitor found a node in that state of readiness.
   *
   * @return false when a request was refused and the next pass should try again
   */
  boolean process(KubeObject node, String ready) {
    if (ready.equals("True")) {
      return reachable(node);
    }
    if (!ready.equals("False") && !ready.equals("Unknown")) {
      return true;
    }
    String wanted = ready.equals("False") ? Taints.NOT_READY : Taints.UNREACHABLE;
    String opposite = ready.equals("False") ? Taints.UNREACHABLE : Taints.NOT_READY;
    if (Taints.exists(node, opposite, Taints.NO_EXECUTE)) {
      return swap(node, wanted, opposite);
    }
    ZoneTainter tainter = zones.tainter(node);
    if (!Taints.exists(node, wanted, Taints.NO_EXECUTE)) {
      tainter.remove(node.name());
    }
    tainter.add(node.name());
    return true;
  }

  /** Takes both taints off a node and the node out of the queue. */
  boolean reachable(KubeObject node) {
    try {
      remove(node, Taints.UNREACHABLE);
      remove(node, Taints.NOT_READY);
    } catch (ApiException refused) {
      return false;
    }
    zones.tainter(node).remove(node.name());
    return true;
  }

  /** The queue of its zone lets a node be tainted; false to try again. */
  boolean taint(KubeObject node) {
    KubeMap ready = Conditions.find(node.status(), "Ready");
    if (ready == null) {
      return false;
    }
    return switch (ready.string("status", "")) {
      case "False" -> swap(node, Taints.NOT_READY, Taints.UNREACHABLE);
      case "Unknown" -> swap(node, Taints.UNREACHABLE, Taints.NOT_READY);
      default -> true;
    };
  }

  private boolean swap(KubeObject node, String wanted, String opposite) {
    ObjectKey key = node.key(ResourceType.NODES);
    KubeMap taint = Taints.taint(wanted, Taints.NO_EXECUTE, client.server().timestamp());
    try {
      client.patch(key, found -> Taints.with(found, taint));
      remove(node, opposite);
    } catch (ApiException refused) {
      return false;
    }
    return true;
  }

  private void remove(KubeObject node, String taint) {
    if (Taints.exists(node, taint, Taints.NO_EXECUTE)) {
      client.patch(
          node.key(ResourceType.NODES), found -> Taints.without(found, taint, Taints.NO_EXECUTE));
    }
  }
}
