package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.ipvs.Scheduler;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Settings of kube-proxy, the same on every node.
 *
 * <p>Follows pkg/proxy/apis/config/v1alpha1/defaults.go (v1.36).
 *
 * @param mode which kind of rules it writes
 * @param clusterCidrs blocks of the cluster's pod addresses; at most one of a family is used
 * @param serviceCidrs blocks of ClusterIPs, as the ServiceCIDR objects say; nftables mode drops
 *     traffic to those of their addresses that no Service has
 * @param detectLocalInterface name or prefix for the two interface modes, else empty
 * @param nodePortAddresses blocks of node addresses that take node ports; empty for all of them in
 *     iptables mode, and for the node's own address in nftables mode
 * @param masqueradeBit bit of the packet mark that asks for masquerading, 0 to 31
 * @param accounting whether the kernel offers nfacct counters
 * @param conntrackTcpLiberal whether the node lets packets of unknown TCP state through
 * @param balancer how rules choose among endpoints; upstream knows RANDOM only
 * @param ipvsScheduler how IPVS chooses among endpoints; other modes do not use it
 * @param minSyncPeriodNanos least time between the end of a sync and the start of the next
 */
public record KubeProxyConfiguration(
    ProxyMode mode,
    DetectLocalMode detectLocalMode,
    ImmutableList<AddressBlock> clusterCidrs,
    ImmutableList<AddressBlock> serviceCidrs,
    String detectLocalInterface,
    ImmutableList<AddressBlock> nodePortAddresses,
    int masqueradeBit,
    boolean masqueradeAll,
    boolean localhostNodePorts,
    boolean accounting,
    boolean conntrackTcpLiberal,
    Balancer balancer,
    Scheduler ipvsScheduler,
    long minSyncPeriodNanos) {

  /** How kube-proxy recognises traffic of pods. */
  public enum DetectLocalMode {
    CLUSTER_CIDR("ClusterCIDR"),
    NODE_CIDR("NodeCIDR"),
    BRIDGE_INTERFACE("BridgeInterface"),
    INTERFACE_NAME_PREFIX("InterfaceNamePrefix");

    private final String apiName;

    DetectLocalMode(String apiName) {
      this.apiName = apiName;
    }

    private static DetectLocalMode of(String name) {
      for (DetectLocalMode mode : values()) {
        if (mode.apiName.equals(name)) {
          return mode;
        }
      }
      return CLUSTER_CIDR;
    }
  }

  private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** The defaults of kube-proxy, with the balancer of this simulator: round-robin. */
  public static KubeProxyConfiguration defaults(ImmutableList<AddressBlock> clusterCidrs) {
    return new KubeProxyConfiguration(
        ProxyMode.IPTABLES,
        DetectLocalMode.CLUSTER_CIDR,
        clusterCidrs,
        ImmutableList.of(),
        "",
        ImmutableList.of(),
        14,
        false,
        true,
        true,
        false,
        Balancer.ROUND_ROBIN,
        Scheduler.RR,
        SECOND_NANOS);
  }

  /**
   * Reads a KubeProxyConfiguration of kubeproxy.config.k8s.io/v1alpha1; the balancer is RANDOM, and
   * no service CIDRs are known.
   *
   * @throws IllegalArgumentException when it names a mode or a scheduler that is none
   */
  public static KubeProxyConfiguration of(KubeMap document) {
    ProxyMode proxyMode = ProxyMode.of(document.string("mode", ""));
    KubeMap backend = document.mapOrEmpty(proxyMode.configName());
    KubeMap masquerade = proxyMode == ProxyMode.IPVS ? document.mapOrEmpty("iptables") : backend;
    KubeMap detectLocal = document.mapOrEmpty("detectLocal");
    DetectLocalMode mode = DetectLocalMode.of(document.string("detectLocalMode", ""));
    String interfaceName =
        switch (mode) {
          case BRIDGE_INTERFACE -> detectLocal.string("bridgeInterface", "");
          case INTERFACE_NAME_PREFIX -> detectLocal.string("interfaceNamePrefix", "");
          case CLUSTER_CIDR, NODE_CIDR -> "";
        };
    ImmutableList.Builder<AddressBlock> clusterCidrs = ImmutableList.builder();
    for (String cidr : document.string("clusterCIDR", "").split(",", -1)) {
      AddressBlock block = AddressBlock.parseOrNull(cidr.strip());
      if (block != null) {
        clusterCidrs.add(block);
      }
    }
    return new KubeProxyConfiguration(
        proxyMode,
        mode,
        clusterCidrs.build(),
        ImmutableList.of(),
        interfaceName,
        blocks(document.listOrEmpty("nodePortAddresses")),
        (int) masquerade.number("masqueradeBit", 14),
        masquerade.bool("masqueradeAll", false),
        document.mapOrEmpty("iptables").bool("localhostNodePorts", true),
        true,
        false,
        Balancer.RANDOM,
        Scheduler.of(document.mapOrEmpty("ipvs").string("scheduler", "")),
        periodNanos(backend.string("minSyncPeriod", "1s")));
  }

  private static ImmutableList<AddressBlock> blocks(KubeList texts) {
    ImmutableList.Builder<AddressBlock> blocks = ImmutableList.builder();
    for (int i = 0; i < texts.size(); i++) {
      AddressBlock block = AddressBlock.parseOrNull(texts.get(i).toString());
      if (block != null) {
        blocks.add(block);
      }
    }
    return blocks.build();
  }

  private static long periodNanos(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.endsWith("ms")) {
      return Long.parseLong(lower.substring(0, lower.length() - 2)) * 1_000_000L;
    }
    return Long.parseLong(lower.substring(0, lower.length() - 1))
        * (lower.endsWith("m") ? 60 * SECOND_NANOS : SECOND_NANOS);
  }

  /** These settings with another balancer. */
  public KubeProxyConfiguration withBalancer(Balancer other) {
    return with(mode, serviceCidrs, other, ipvsScheduler);
  }

  /** These settings with another mode. */
  public KubeProxyConfiguration withMode(ProxyMode other) {
    return with(other, serviceCidrs, balancer, ipvsScheduler);
  }

  /** These settings with other service CIDRs. */
  public KubeProxyConfiguration withServiceCidrs(ImmutableList<AddressBlock> other) {
    return with(mode, other, balancer, ipvsScheduler);
  }

  /** These settings with another scheduler of IPVS. */
  public KubeProxyConfiguration withIpvsScheduler(Scheduler other) {
    return with(mode, serviceCidrs, balancer, other);
  }

  private KubeProxyConfiguration with(
      ProxyMode otherMode,
      ImmutableList<AddressBlock> otherServiceCidrs,
      Balancer otherBalancer,
      Scheduler otherScheduler) {
    return new KubeProxyConfiguration(
        otherMode,
        detectLocalMode,
        clusterCidrs,
        otherServiceCidrs,
        detectLocalInterface,
        nodePortAddresses,
        masqueradeBit,
        masqueradeAll,
        localhostNodePorts,
        accounting,
        conntrackTcpLiberal,
        otherBalancer,
        otherScheduler,
        minSyncPeriodNanos);
  }

  /** Whether node ports answer at localhost: IPv4 only, and if the node port addresses admit it. */
  boolean localhostNodePorts(IpFamily family) {
    if (!localhostNodePorts || family == IpFamily.IPV6) {
      return false;
    }
    boolean admitted = true;
    for (AddressBlock block : nodePortAddresses) {
      if (block.family() == IpFamily.IPV4) {
        admitted = false;
        if (block.contains(LOCALHOST) || block.first().low() >>> 24 == 127) {
          return true;
        }
      }
    }
    return admitted;
  }

  /** The packet mark that asks for masquerading. */
  int masqueradeMark() {
    return 1 << masqueradeBit;
  }

  /** Whether rules that tell local traffic apart differ from node to node. */
  boolean detectorDiffersByNode() {
    return detectLocalMode == DetectLocalMode.NODE_CIDR;
  }

  /** The detector for a node, or null when the settings do not give one. */
  @Nullable LocalTrafficDetector detector(IpFamily family, ProxyNode node) {
    return switch (detectLocalMode) {
      case CLUSTER_CIDR -> {
        for (AddressBlock block : clusterCidrs) {
          if (block.family() == family) {
            yield LocalTrafficDetector.cidr(block);
          }
        }
        yield null;
      }
      case NODE_CIDR -> {
        AddressBlock block = node.podCidr(family);
        yield block == null ? null : LocalTrafficDetector.cidr(block);
      }
      case BRIDGE_INTERFACE ->
          detectLocalInterface.isEmpty()
              ? null
              : LocalTrafficDetector.bridgeInterface(detectLocalInterface);
      case INTERFACE_NAME_PREFIX ->
          detectLocalInterface.isEmpty()
              ? null
              : LocalTrafficDetector.interfaceNamePrefix(detectLocalInterface);
    };
  }
}
