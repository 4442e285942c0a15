package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import java.util.List;

/** A node as scenario files write it: one of the cluster, or one that joins. */
public final class NodeFields {

  /** The keys of a node. */
  public static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "name", "address", "pods", "cpu", "memory", "max-pods", "labels", "taints", "images");

  private NodeFields() {}

  /**
   * Reads a node.
   *
   * @throws dev.wavetank.core.api.ScenarioException when it is wrong
   */
  public static NodeConfig read(FileFields fields) {
    FileFields node = fields.known(KEYS);
    String pods = node.text("pods");
    AddressBlock block = AddressBlock.parseOrNull(pods);
    if (block == null) {
      throw node.wrong("pods", "expected the node's block of pod addresses, such as 10.244.0.0/24");
    }
    NodeConfig config =
        NodeConfig.of(node.text("name"), address(node, "address"), block.network())
            .withPodPrefixLength(block.prefixLength());
    KubeMap capacity = config.capacity();
    for (String resource : List.of("cpu", "memory")) {
      if (node.has(resource)) {
        capacity = capacity.with(resource, quantity(node, resource));
      }
    }
    if (node.has("max-pods")) {
      capacity = capacity.with("pods", Long.toString(node.number("max-pods", 0, 0, 1_000_000)));
    }
    return config
        .withCapacity(capacity)
        .withLabels(node.value("labels") instanceof KubeMap labels ? labels : KubeMap.EMPTY)
        .withTaints(node.value("taints") instanceof KubeList taints ? taints : KubeList.EMPTY)
        .withImages(node.texts("images"));
  }

  private static IpAddress address(FileFields fields, String key) {
    try {
      return IpAddress.parse(fields.text(key));
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, "expected an address such as 172.18.0.3");
    }
  }

  private static String quantity(FileFields fields, String key) {
    try {
      return Quantity.parse(fields.text(key)).toString();
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, String.valueOf(e.getMessage()));
    }
  }
}
