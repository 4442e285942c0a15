package dev.wavetank.proxy;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;

/**
 * Names of the chains and sets that kube-proxy makes in nftables mode.
 *
 * <p>Follows pkg/proxy/nftables/proxier.go (v1.36).
 */
public final class NftablesNames {

  static final String TABLE = "kube-proxy";

  static final String SERVICES = "services";
  static final String FIREWALL_CHECK = "firewall-check";
  static final String SERVICE_ENDPOINTS_CHECK = "service-endpoints-check";
  static final String NODE_PORT_ENDPOINTS_CHECK = "nodeport-endpoints-check";
  static final String CLUSTER_IPS_CHECK = "cluster-ips-check";
  static final String MASQUERADING = "masquerading";
  static final String REJECT = "reject-chain";

  static final String CLUSTER_IPS = "cluster-ips";
  static final String NODE_PORT_IPS = "nodeport-ips";
  static final String SERVICE_IPS = "service-ips";
  static final String SERVICE_NODE_PORTS = "service-nodeports";
  static final String NO_ENDPOINT_SERVICES = "no-endpoint-services";
  static final String NO_ENDPOINT_NODE_PORTS = "no-endpoint-nodeports";
  static final String FIREWALL_IPS = "firewall-ips";
  static final String HAIRPIN_CONNECTIONS = "hairpin-connections";

  /** Bound on what follows a prefix: nftables' 256, less 16 for the longest prefix. */
  private static final int BASE_LENGTH_MAX = 240;

  private static final int HASH_LENGTH = 8;

  private NftablesNames() {}

  /** {@code HASH-namespace/service/protocol/port}: what names of a port's chains end with. */
  public static String base(ServicePortName name) {
    return hashed(portText(name));
  }

  /**
   * {@code HASH-namespace/service/protocol/port__ip/port}: what names of an endpoint's chain and
   * set end with.
   *
   * @param endpoint {@code ip:port}, an IPv6 address in brackets
   */
  public static String base(ServicePortName name, String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String address = endpoint.substring(0, colon).replace("[", "").replace("]", "");
    return hashed(
        portText(name) + "__" + address.replace(':', '.') + "/" + endpoint.substring(colon + 1));
  }

  /** The chain of the endpoints under traffic policy Cluster. */
  static String clusterPolicy(ServicePortName name) {
    return "service-" + base(name);
  }

  /** The chain of the endpoints under traffic policy Local. */
  static String localPolicy(ServicePortName name) {
    return "local-" + base(name);
  }

  /** The chain of traffic to node ports, external and load balancer addresses. */
  static String external(ServicePortName name) {
    return "external-" + base(name);
  }

  /** The chain of the sources allowed at load balancer addresses. */
  static String firewall(ServicePortName name) {
    return "firewall-" + base(name);
  }

  /** The chain of one endpoint of a Service with session affinity. */
  static String endpoint(ServicePortName name, Endpoint endpoint) {
    return "endpoint-" + base(name, endpoint.text());
  }

  /** The set of clients that stay with that endpoint. */
  static String affinity(ServicePortName name, Endpoint endpoint) {
    return "affinity-" + base(name, endpoint.text());
  }

  private static String portText(ServicePortName name) {
    return name.namespace()
        + "/"
        + name.name()
        + "/"
        + name.protocol().lowerCase()
        + "/"
        + name.port();
  }

  private static String hashed(String text) {
    byte[] sha256 = Hashing.sha256().hashString(text, StandardCharsets.UTF_8).asBytes();
    String name = BaseEncoding.base32().encode(sha256).substring(0, HASH_LENGTH) + "-" + text;
    return name.length() > BASE_LENGTH_MAX ? name.substring(0, BASE_LENGTH_MAX - 3) + "..." : name;
  }
}
