package dev.wavetank.core.networkpolicy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import org.jspecify.annotations.Nullable;

/** One NetworkPolicy, ready to be asked. */
final class Policy {

  /** A rule allows what meets one of its peers and one of its ports; none of them means any. */
  private record Rule(ImmutableList<PolicyPeer> peers, ImmutableList<PolicyPort> ports) {}

  /** The end of a connection that is not the pod in question. */
  record Other(IpAddress address, @Nullable PolicyPod pod, KubeMap namespaceLabels) {}

  private final String namespace;
  private final String name;
  private final LabelSelector pods;
  private final @Nullable ImmutableList<Rule> ingress;
  private final @Nullable ImmutableList<Rule> egress;

  private Policy(
      KubeObject policy,
      @Nullable ImmutableList<Rule> ingress,
      @Nullable ImmutableList<Rule> egress) {
    this.namespace = policy.namespace();
    this.name = policy.name();
    this.pods = LabelSelector.of(policy.spec().mapOrEmpty("podSelector"));
    this.ingress = ingress;
    this.egress = egress;
  }

  static Policy of(KubeObject policy) {
    return new Policy(policy, rules(policy, Direction.INGRESS), rules(policy, Direction.EGRESS));
  }

  private static @Nullable ImmutableList<Rule> rules(KubeObject policy, Direction direction) {
    KubeList types = policy.spec().listOrEmpty("policyTypes");
    boolean about = false;
    for (int i = 0; i < types.size(); i++) {
      about |= types.get(i).equals(direction.type());
    }
    if (!about) {
      return null;
    }
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    for (KubeMap rule : policy.spec().listOrEmpty(direction.rules()).maps()) {
      ImmutableList.Builder<PolicyPeer> peers = ImmutableList.builder();
      for (KubeMap peer : rule.listOrEmpty(direction.peers()).maps()) {
        peers.add(PolicyPeer.of(peer, policy.namespace()));
      }
      ImmutableList.Builder<PolicyPort> ports = ImmutableList.builder();
      for (KubeMap port : rule.listOrEmpty("ports").maps()) {
        ports.add(PolicyPort.of(port));
      }
      rules.add(new Rule(peers.build(), ports.build()));
    }
    return rules.build();
  }

  private @Nullable ImmutableList<Rule> rules(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  /** Whether it isolates a pod of its namespace in that direction. */
  boolean isolates(PolicyPod pod, Direction direction) {
    return rules(direction) != null && pods.matches(pod.labels());
  }

  /**
   * Whether one of its rules allows the packet.
   *
   * @param server the pod that is connected to; null when it is none
   */
  boolean allows(Direction direction, Packet packet, Other other, @Nullable PolicyPod server) {
    ImmutableList<Rule> rules = rules(direction);
    if (rules != null) {
      for (Rule rule : rules) {
        if (meetsPort(rule, packet, server) && meetsPeer(rule, other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean meetsPort(Rule rule, Packet packet, @Nullable PolicyPod server) {
    for (PolicyPort port : rule.ports) {
      if (port.matches(packet.protocol(), packet.destinationPort(), server)) {
        return true;
      }
    }
    return rule.ports.isEmpty();
  }

  private static boolean meetsPeer(Rule rule, Other other) {
    for (PolicyPeer peer : rule.peers) {
      if (peer.matches(other.address, other.pod, other.namespaceLabels)) {
        return true;
      }
    }
    return rule.peers.isEmpty();
  }

  /** {@code default/deny-all}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
