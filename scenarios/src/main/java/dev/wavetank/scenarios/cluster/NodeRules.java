package dev.wavetank.scenarios.cluster;

import dev.wavetank.proxy.KubeProxy;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.nftables.Table;
import org.jspecify.annotations.Nullable;

/** The rules that kube-proxy wrote on a node, as the tools of the node print them. */
public final class NodeRules {

  private final @Nullable KubeProxy proxy;

  NodeRules(@Nullable KubeProxy proxy) {
    this.proxy = proxy;
  }

  /** What {@code iptables-save} prints; nothing where no kube-proxy runs. */
  public String iptablesSave() {
    return proxy == null ? "" : proxy.ruleset(IpFamily.IPV4).save();
  }

  /** What {@code ip6tables-save} prints; nothing where no kube-proxy runs. */
  public String ip6tablesSave() {
    return proxy == null ? "" : proxy.ruleset(IpFamily.IPV6).save();
  }

  /** What {@code nft list ruleset} prints; nothing where kube-proxy is not in mode nftables. */
  public String nftListRuleset() {
    StringBuilder listing = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      Table table = proxy == null ? null : proxy.table(family);
      if (table != null) {
        listing.append(table.list());
      }
    }
    return listing.toString();
  }

  /** What {@code ipvsadm -Ln} prints; nothing where kube-proxy is not in mode ipvs. */
  public String ipvsadmList() {
    return proxy == null ? "" : proxy.ipvsList(IpFamily.IPV4);
  }
}
