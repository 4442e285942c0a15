package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.expect.ObjectSet;
import java.util.List;

/**
 * Who stands on one side of a fault of the network, as scenario files name it: pods, a node with
 * all that is on it, a zone, or what is outside of the cluster.
 */
sealed interface NetworkSide {

  String ZONE_LABEL = "topology.kubernetes.io/zone";

  /** The addresses of that side; pods are those that exist now. */
  AddressSet addresses(Cluster cluster, String namespace);

  /**
   * Reads {@code pods -l app=web}, {@code pod/web}, {@code node/node-1}, {@code zone/a}, {@code
   * outside} or {@code all}.
   *
   * @throws IllegalArgumentException when the text is none of them
   */
  static NetworkSide parse(String text) {
    if (text.equals("all")) {
      return new All();
    }
    if (text.equals("outside")) {
      return new Outside();
    }
    if (text.startsWith("node/")) {
      return new OnNode(text.substring("node/".length()));
    }
    if (text.startsWith("zone/")) {
      return new InZone(text.substring("zone/".length()));
    }
    ObjectSet pods = ObjectSet.parse(text);
    if (!pods.type().equals(ResourceType.PODS)) {
      throw new IllegalArgumentException(
          "expected pods, such as pod/web or \"pods -l app=web\", node/NAME, zone/NAME, outside or"
              + " all");
    }
    return new Pods(pods);
  }

  /** The addresses of pods that run. */
  static AddressSet addressesOf(List<KubeObject> pods) {
    ImmutableSet.Builder<IpAddress> addresses = ImmutableSet.builder();
    for (KubeObject pod : pods) {
      for (KubeMap address : pod.status().listOrEmpty("podIPs").maps()) {
        IpAddress ip = IpAddress.parseOrNull(address.string("ip", ""));
        if (ip != null) {
          addresses.add(ip);
        }
      }
    }
    return addresses.build()::contains;
  }

  /** Everybody. */
  record All() implements NetworkSide {
    @Override
    public AddressSet addresses(Cluster cluster, String namespace) {
      return AddressSet.ANY;
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /** Who is neither a node nor a pod. */
  record Outside() implements NetworkSide {
    @Override
    public AddressSet addresses(Cluster cluster, String namespace) {
      Network network = cluster.network();
      return address -> network.nodeOf(address) == null;
    }

    @Override
    public String toString() {
      return "outside";
    }
  }

  /** Pods. */
  record Pods(ObjectSet set) implements NetworkSide {
    @Override
    public AddressSet addresses(Cluster cluster, String namespace) {
      return addressesOf(set.in(cluster, namespace));
    }

    @Override
    public String toString() {
      return set.toString();
    }
  }

  /** A node and the pods that are on it, whenever that is. */
  record OnNode(String node) implements NetworkSide {
    @Override
    public AddressSet addresses(Cluster cluster, String namespace) {
      cluster.api().get(ObjectKey.of(ResourceType.NODES, "", node));
      Network network = cluster.network();
      return address -> node.equals(network.nodeOf(address));
    }

    @Override
    public String toString() {
      return "node " + node;
    }
  }

  /** The nodes that carry the zone's label now, and the pods that are on them. */
  record InZone(String zone) implements NetworkSide {
    @Override
    public AddressSet addresses(Cluster cluster, String namespace) {
      ImmutableSet.Builder<String> nodes = ImmutableSet.builder();
      for (KubeObject node : cluster.api().list(ResourceType.NODES, null, labels -> true)) {
        if (node.labels().string(ZONE_LABEL, "").equals(zone)) {
          nodes.add(node.name());
        }
      }
      ImmutableSet<String> found = nodes.build();
      Network network = cluster.network();
      return address -> {
        String node = network.nodeOf(address);
        return node != null && found.contains(node);
      };
    }

    @Override
    public String toString() {
      return "zone " + zone;
    }
  }
}
