package dev.wavetank.proxy;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.network.Protocol;
import java.nio.charset.StandardCharsets;

/**
 * Names of the chains that kube-proxy makes.
 *
 * <p>Follows pkg/proxy/iptables/proxier.go (v1.36).
 */
public final class ChainNames {

  static final String SERVICES = "KUBE-SERVICES";
  static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
  static final String NODE_PORTS = "KUBE-NODEPORTS";
  static final String FORWARD = "KUBE-FORWARD";
  static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
  static final String FIREWALL = "KUBE-FIREWALL";
  static final String POSTROUTING = "KUBE-POSTROUTING";
  static final String MARK_MASQ = "KUBE-MARK-MASQ";
  static final String CANARY = "KUBE-PROXY-CANARY";

  private static final int HASH_LENGTH = 16;

  private ChainNames() {}

  /** {@code KUBE-SVC-…}: the endpoints under traffic policy Cluster. */
  public static String clusterPolicy(String servicePortName, Protocol protocol) {
    return "KUBE-SVC-" + hash(servicePortName + protocol.lowerCase());
  }

  /** {@code KUBE-SVL-…}: the endpoints under traffic policy Local. */
  public static String localPolicy(String servicePortName, Protocol protocol) {
    return "KUBE-SVL-" + hash(servicePortName + protocol.lowerCase());
  }

  /** {@code KUBE-EXT-…}: traffic to node ports, external and load balancer addresses. */
  public static String external(String servicePortName, Protocol protocol) {
    return "KUBE-EXT-" + hash(servicePortName + protocol.lowerCase());
  }

  /** {@code KUBE-FW-…}: the sources allowed at load balancer addresses. */
  public static String firewall(String servicePortName, Protocol protocol) {
    return "KUBE-FW-" + hash(servicePortName + protocol.lowerCase());
  }

  /**
   * {@code KUBE-SEP-…}: one endpoint.
   *
   * @param endpoint {@code ip:port}
   */
  public static String endpoint(String servicePortName, Protocol protocol, String endpoint) {
    return "KUBE-SEP-" + hash(servicePortName + protocol.lowerCase() + endpoint);
  }

  private static String hash(String text) {
    byte[] sha256 = Hashing.sha256().hashString(text, StandardCharsets.UTF_8).asBytes();
    return BaseEncoding.base32().encode(sha256).substring(0, HASH_LENGTH);
  }
}
