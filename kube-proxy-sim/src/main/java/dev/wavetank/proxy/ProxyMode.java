package dev.wavetank.proxy;

/** Which part of the kernel kube-proxy writes its rules for. */
public enum ProxyMode {
  /** Rules of iptables: the default of v1.36. */
  IPTABLES("iptables"),
  /** One nftables table with verdict maps: the recommended successor. */
  NFTABLES("nftables"),
  /** Virtual servers of IPVS; deprecated upstream. */
  IPVS("ipvs");

  private final String configName;

  ProxyMode(String configName) {
    this.configName = configName;
  }

  /** The name in a KubeProxyConfiguration. */
  public String configName() {
    return configName;
  }

  /**
   * The mode of that name; the empty name is the default.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ProxyMode of(String name) {
    if (name.isEmpty()) {
      return IPTABLES;
    }
    for (ProxyMode mode : values()) {
      if (mode.configName.equals(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("unknown kube-proxy mode " + name);
  }
}
