package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A node to join.
 *
 * @param address its InternalIP
 * @param podNetwork first address of its pod CIDR
 * @param podPrefixLength prefix length of its pod CIDR
 * @param capacity {@code cpu}, {@code memory}, {@code ephemeral-storage}, {@code pods}, extended
 *     resources
 * @param reserved what of the capacity is not allocatable
 * @param labels added to those that a kubelet sets itself
 * @param images present on the node from the beginning
 * @param uptimeNanos for how long its kubelet has been running when it joins
 * @param secondary what it has of the other family, in a cluster of both; else null
 */
public record NodeConfig(
    String name,
    IpAddress address,
    IpAddress podNetwork,
    int podPrefixLength,
    KubeMap capacity,
    KubeMap reserved,
    KubeMap labels,
    KubeList taints,
    ImmutableList<String> images,
    long uptimeNanos,
    @Nullable Secondary secondary) {

  /**
   * What a node of a cluster of two families has of the second.
   *
   * @param address its second InternalIP
   * @param podNetwork first address of its second pod CIDR
   * @param podPrefixLength prefix length of that
   */
  public record Secondary(IpAddress address, IpAddress podNetwork, int podPrefixLength) {}

  private static final long HOUR = 3_600_000_000_000L;

  /** 4 cores, 16 GiB, 110 pods, less the hard eviction threshold of memory and storage. */
  public static NodeConfig of(String name, IpAddress address, IpAddress podNetwork) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        24,
        KubeMap.of("cpu", "4", "ephemeral-storage", "102400Mi", "memory", "16Gi", "pods", "110"),
        KubeMap.of("ephemeral-storage", "10240Mi", "memory", "100Mi"),
        KubeMap.EMPTY,
        KubeList.EMPTY,
        ImmutableList.of(),
        HOUR,
        null);
  }

  public NodeConfig withCapacity(KubeMap amounts) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        amounts,
        reserved,
        labels,
        taints,
        images,
        uptimeNanos,
        secondary);
  }

  public NodeConfig withPodPrefixLength(int length) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        length,
        capacity,
        reserved,
        labels,
        taints,
        images,
        uptimeNanos,
        secondary);
  }

  public NodeConfig withLabels(KubeMap added) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        capacity,
        reserved,
        added,
        taints,
        images,
        uptimeNanos,
        secondary);
  }

  public NodeConfig withTaints(KubeList added) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        capacity,
        reserved,
        labels,
        added,
        images,
        uptimeNanos,
        secondary);
  }

  public NodeConfig withImages(ImmutableList<String> present) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        capacity,
        reserved,
        labels,
        taints,
        present,
        uptimeNanos,
        secondary);
  }

  public NodeConfig withUptimeNanos(long nanos) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        capacity,
        reserved,
        labels,
        taints,
        images,
        nanos,
        secondary);
  }

  public NodeConfig withSecondary(Secondary other) {
    return new NodeConfig(
        name,
        address,
        podNetwork,
        podPrefixLength,
        capacity,
        reserved,
        labels,
        taints,
        images,
        uptimeNanos,
        other);
  }

  /** The node's addresses, that of its first family in front. */
  public ImmutableList<IpAddress> addresses() {
    return secondary == null
        ? ImmutableList.of(address)
        : ImmutableList.of(address, secondary.address());
  }
}
