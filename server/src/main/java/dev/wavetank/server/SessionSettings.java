package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import java.time.Instant;

/**
 * What a served cluster begins with. Two sessions with the same settings and the same requests at
 * the same virtual times are alike.
 *
 * @param nodes how many
 * @param seed of all choices
 * @param startsAt when the cluster begins, in virtual time; a whole second
 * @param address host and port of the server, as discovery tells clients
 * @param manifests what is applied before the first request
 * @param users text of a token file; empty for none
 * @param network how Services are reached
 * @param metricsServer whether there are metrics
 */
public record SessionSettings(
    int nodes,
    long seed,
    Instant startsAt,
    String address,
    ImmutableList<ManifestFile> manifests,
    String users,
    NetworkSettings network,
    boolean metricsServer) {

  /**
   * How Services are reached, in the words of a scenario's cluster.
   *
   * @param proxyMode {@code iptables}, {@code nftables} or {@code ipvs}
   * @param loadBalancers {@code none}, {@code VIP} or {@code Proxy}
   */
  public record NetworkSettings(String proxyMode, String loadBalancers) {
    public static final NetworkSettings DEFAULT = new NetworkSettings("iptables", "none");
  }

  /**
   * A file of manifests.
   *
   * @param name as errors name it
   */
  public record ManifestFile(String name, String text) {}
}
