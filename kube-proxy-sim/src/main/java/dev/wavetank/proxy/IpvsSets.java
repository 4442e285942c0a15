package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.IpSet;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The ipsets of kube-proxy's IPVS mode, while they are filled.
 *
 * <p>Follows pkg/proxy/ipvs/ipset.go (v1.36).
 */
final class IpvsSets {

  /** The sets, in the order in which kube-proxy makes them. */
  enum Name {
    LOOP_BACK(
        IpSet.Type.HASH_IP_PORT_IP,
        "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
    CLUSTER_IP(
        IpSet.Type.HASH_IP_PORT, "Kubernetes service cluster ip + port for masquerade purpose"),
    EXTERNAL_IP(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes service external ip + port for masquerade and filter purpose"),
    EXTERNAL_IP_LOCAL(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes service external ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER(IpSet.Type.HASH_IP_PORT, "Kubernetes service lb portal"),
    LOAD_BALANCER_FW(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
    LOAD_BALANCER_LOCAL(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER_SOURCE_IP(
        IpSet.Type.HASH_IP_PORT_IP,
        "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
    LOAD_BALANCER_SOURCE_CIDR(
        IpSet.Type.HASH_IP_PORT_NET,
        "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
    NODE_PORT_TCP(IpSet.Type.BITMAP_PORT, "Kubernetes nodeport TCP port for masquerade purpose"),
    NODE_PORT_LOCAL_TCP(
        IpSet.Type.BITMAP_PORT, "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
    NODE_PORT_UDP(IpSet.Type.BITMAP_PORT, "Kubernetes nodeport UDP port for masquerade purpose"),
    NODE_PORT_LOCAL_UDP(
        IpSet.Type.BITMAP_PORT, "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
    NODE_PORT_SCTP_HASH(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
    NODE_PORT_LOCAL_SCTP_HASH(
        IpSet.Type.HASH_IP_PORT,
        "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash"
            + " ip:port'"),
    HEALTH_CHECK_NODE_PORT(IpSet.Type.BITMAP_PORT, "Kubernetes health check node port"),
    IPVS_IPS(IpSet.Type.HASH_IP, "Addresses on the ipvs interface");

    private final IpSet.Type type;
    private final String comment;

    Name(IpSet.Type type, String comment) {
      this.type = type;
      this.comment = comment;
    }

    /** The comment of rules that name the set. */
    String comment() {
      return comment;
    }

    /** The name in the kernel; at most 31 characters. */
    String text(IpFamily family) {
      String full = (family == IpFamily.IPV4 ? "KUBE-" : "KUBE-6-") + name().replace('_', '-');
      return full.substring(0, Math.min(NAME_LENGTH_MAX, full.length()));
    }
  }

  private static final int NAME_LENGTH_MAX = 31;

  private final IpFamily family;
  private final Map<Name, Set<IpSet.Entry>> entries = new EnumMap<>(Name.class);

  IpvsSets(IpFamily family) {
    this.family = family;
    for (Name name : Name.values()) {
      entries.put(name, new LinkedHashSet<>());
    }
  }

  void add(Name set, IpSet.Entry entry) {
    entries.computeIfAbsent(set, name -> new LinkedHashSet<>()).add(entry);
  }

  boolean isEmpty(Name set) {
    return entries.getOrDefault(set, ImmutableSet.of()).isEmpty();
  }

  /** The filled sets by name. */
  ImmutableMap<String, IpSet> build() {
    ImmutableMap.Builder<String, IpSet> built = ImmutableMap.builder();
    entries.forEach(
        (name, own) -> {
          String text = name.text(family);
          built.put(text, IpSet.of(text, name.type, family, own));
        });
    return built.buildOrThrow();
  }
}
