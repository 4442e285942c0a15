package dev.wavetank.core.networkpolicy;

import com.google.common.base.Joiner;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.PacketRule;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.network.Verdict;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a network plugin that enforce NetworkPolicy. A packet that no policy allows to or
 * from a pod that policies isolate vanishes without an answer.
 *
 * <p>They look at the first packet of a connection, behind the translation of kube-proxy's rules: a
 * connection that is made stays, whatever policies come, and answers pass. A pod of the host
 * network is a node, not a pod; what comes from a pod's own node always reaches it, its kubelet's
 * probes too. All nodes hear of a change at the same time, after the latency of a watch. Until the
 * first policy exists nothing is watched but policies.
 *
 * <p>Kubernetes itself enforces nothing; follows staging/src/k8s.io/api/networking/v1/types.go
 * (v1.36), and where that leaves a choice, sigs.k8s.io/kube-network-policies.
 */
public final class NetworkPolicies implements PacketRule {

  private static final String WATCHER = "network-policy-agent";

  private final ApiServer api;
  private final Network network;
  private final Map<String, TreeMap<String, Policy>> policies = new LinkedHashMap<>();
  private final Map<IpAddress, PolicyPod> pods = new LinkedHashMap<>();
  private final Map<String, KubeMap> namespaceLabels = new LinkedHashMap<>();
  private final Map<IpAddress, String> nodes = new LinkedHashMap<>();
  private boolean enforcing;

  /** Agents that follow the API server from now on. */
  public NetworkPolicies(ApiServer api, Network network) {
    this.api = api;
    this.network = network;
    Informer.of(api, ResourceType.NETWORK_POLICIES, WATCHER, this::policyChanged);
  }

  private void policyChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (!enforcing) {
      enforcing = true;
      Informer.of(api, ResourceType.NAMESPACES, WATCHER, this::namespaceChanged).replay();
      Informer.of(api, ResourceType.NODES, WATCHER, this::nodeChanged).replay();
      Informer.of(api, ResourceType.PODS, WATCHER, this::podChanged).replay();
      network.add(this);
    }
    if (after != null) {
      policies
          .computeIfAbsent(after.namespace(), namespace -> new TreeMap<>())
          .put(after.name(), Policy.of(after));
    } else if (before != null) {
      TreeMap<String, Policy> others = policies.get(before.namespace());
      if (others != null) {
        others.remove(before.name());
      }
    }
    pods.values().forEach(pod -> pod.isolating = null);
  }

  private void namespaceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null) {
      namespaceLabels.put(after.name(), after.labels());
    } else if (before != null) {
      namespaceLabels.remove(before.name());
    }
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (before != null) {
      nodes.values().removeIf(before.name()::equals);
    }
    if (after == null) {
      return;
    }
    for (KubeMap address : after.status().listOrEmpty("addresses").maps()) {
      IpAddress ip = IpAddress.parseOrNull(address.string("address", ""));
      if (ip != null && address.string("type", "").equals("InternalIP")) {
        nodes.put(ip, after.name());
      }
    }
    KubeList blocks = after.spec().listOrEmpty("podCIDRs");
    for (int i = 0; i < blocks.size(); i++) {
      // The node's address in the network of its pods.
      IpBlock block = IpBlock.parse(blocks.get(i).toString());
      nodes.put(block.network().plus(1), after.name());
    }
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    PolicyPod known = before == null ? null : PolicyPod.of(before);
    if (before != null && known != null) {
      // The address may be another pod's by now.
      known.addresses().forEach(address -> forget(address, before));
    }
    PolicyPod pod = after == null ? null : PolicyPod.of(after);
    if (pod != null) {
      pod.addresses().forEach(address -> pods.put(address, pod));
    }
  }

  private void forget(IpAddress address, KubeObject pod) {
    PolicyPod there = pods.get(address);
    if (there != null && there.uid().equals(pod.uid())) {
      pods.remove(address);
    }
  }

  @Override
  public boolean firstPacketsOnly() {
    return true;
  }

  @Override
  public @Nullable Verdict on(Packet packet, @Nullable Trail trail) {
    PolicyPod client = pods.get(packet.source());
    PolicyPod server = pods.get(packet.destination());
    Verdict verdict = null;
    if (client != null) {
      verdict = on(client, Direction.EGRESS, packet, other(packet.destination(), server), trail);
    }
    if (verdict == null && server != null && !ownNode(server, packet.source())) {
      verdict = on(server, Direction.INGRESS, packet, other(packet.source(), client), trail);
    }
    return verdict;
  }

  private Policy.Other other(IpAddress address, @Nullable PolicyPod pod) {
    KubeMap labels = pod == null ? null : namespaceLabels.get(pod.namespace());
    return new Policy.Other(address, pod, labels == null ? KubeMap.EMPTY : labels);
  }

  private boolean ownNode(PolicyPod pod, IpAddress address) {
    return pod.node().equals(nodes.get(address));
  }

  private @Nullable Verdict on(
      PolicyPod pod,
      Direction direction,
      Packet packet,
      Policy.Other other,
      @Nullable Trail trail) {
    List<Policy> isolating = isolating(pod, direction);
    if (isolating.isEmpty()) {
      return null;
    }
    PolicyPod server = direction == Direction.INGRESS ? pod : other.pod();
    for (Policy policy : isolating) {
      if (policy.allows(direction, packet, other, server)) {
        if (trail != null) {
          String words = "NetworkPolicy " + policy + " allows " + what(direction, packet);
          trail.step("network", "", words);
        }
        return null;
      }
    }
    return new Verdict.Drop(
        (isolating.size() == 1 ? "NetworkPolicy " : "NetworkPolicies ")
            + Joiner.on(" and ").join(isolating)
            + (isolating.size() == 1 ? " isolates " : " isolate ")
            + pod
            + " for "
            + direction.rules()
            + ", and no policy of "
            + pod.namespace()
            + " allows "
            + what(direction, packet)
            + " "
            + direction.peers()
            + " "
            + (other.pod() == null ? other.address() : other.pod()));
  }

  private static String what(Direction direction, Packet packet) {
    return direction.rules() + " to " + packet.protocol() + " port " + packet.destinationPort();
  }

  /** The policies that isolate a pod; asked anew when policies or the pod have changed. */
  private List<Policy> isolating(PolicyPod pod, Direction direction) {
    Map<Direction, List<Policy>> known = pod.isolating;
    if (known == null) {
      known = new EnumMap<>(Direction.class);
      pod.isolating = known;
    }
    return known.computeIfAbsent(
        direction,
        asked ->
            policies.getOrDefault(pod.namespace(), new TreeMap<>()).values().stream()
                .filter(policy -> policy.isolates(pod, asked))
                .toList());
  }
}
