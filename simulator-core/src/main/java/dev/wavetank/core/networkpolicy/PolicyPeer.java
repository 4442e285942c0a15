package dev.wavetank.core.networkpolicy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import org.jspecify.annotations.Nullable;

/** One item of a rule's {@code from} or {@code to}: who may be at the other end. */
sealed interface PolicyPeer {

  /**
   * Whether that is the other end.
   *
   * @param pod behind the address; null when it is no pod's
   * @param namespaceLabels of the pod's namespace
   */
  boolean matches(IpAddress address, @Nullable PolicyPod pod, KubeMap namespaceLabels);

  /** A peer of a policy in that namespace. */
  static PolicyPeer of(KubeMap peer, String namespace) {
    KubeMap block = peer.map("ipBlock");
    if (block != null) {
      return Blocks.of(block);
    }
    KubeMap namespaces = peer.map("namespaceSelector");
    return new Pods(
        namespaces == null ? namespace : "",
        namespaces == null ? LabelSelector.everything() : LabelSelector.of(namespaces),
        peer.has("podSelector")
            ? LabelSelector.of(peer.mapOrEmpty("podSelector"))
            : LabelSelector.everything());
  }

  /**
   * Pods by their labels and those of their namespace, both at once.
   *
   * @param namespace the only one in question; empty for any that the selector takes
   */
  record Pods(String namespace, LabelSelector namespaces, LabelSelector pods)
      implements PolicyPeer {
    @Override
    public boolean matches(IpAddress address, @Nullable PolicyPod pod, KubeMap namespaceLabels) {
      return pod != null
          && (namespace.isEmpty()
              ? namespaces.matches(namespaceLabels)
              : namespace.equals(pod.namespace()))
          && pods.matches(pod.labels());
    }
  }

  /** A block of addresses without some smaller ones; addresses of pods are no exception. */
  record Blocks(IpBlock block, ImmutableList<IpBlock> except) implements PolicyPeer {

    static Blocks of(KubeMap ipBlock) {
      ImmutableList.Builder<IpBlock> except = ImmutableList.builder();
      KubeList texts = ipBlock.listOrEmpty("except");
      for (int i = 0; i < texts.size(); i++) {
        except.add(IpBlock.parse(texts.get(i).toString()));
      }
      return new Blocks(IpBlock.parse(ipBlock.string("cidr", "")), except.build());
    }

    @Override
    public boolean matches(IpAddress address, @Nullable PolicyPod pod, KubeMap namespaceLabels) {
      if (!block.contains(address)) {
        return false;
      }
      for (IpBlock hole : except) {
        if (hole.contains(address)) {
          return false;
        }
      }
      return true;
    }
  }
}
