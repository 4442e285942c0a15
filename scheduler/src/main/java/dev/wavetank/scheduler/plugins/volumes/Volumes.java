package dev.wavetank.scheduler.plugins.volumes;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.scheduler.framework.NodeSelectorTerms;
import dev.wavetank.scheduler.plugins.topology.Recent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PersistentVolumes: on which nodes they can be, and which one a claim gets there.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go (v1.36).
 */
final class Volumes {

  private final Recent<KubeMap, NodeSelectorTerms> selectors = new Recent<>(1024);

  /** Whether a node with these labels can have the volume. */
  boolean reachable(KubeObject volume, KubeMap nodeLabels) {
    KubeMap required = volume.spec().mapOrEmpty("nodeAffinity").map("required");
    if (required == null) {
      return true;
    }
    NodeSelectorTerms terms = selectors.get(required);
    if (terms == null) {
      terms = NodeSelectorTerms.required(required);
      selectors.put(required, terms);
    }
    return terms.matchesLabels(nodeLabels);
  }

  /**
   * The smallest volume that satisfies a claim on a node, or the one that is reserved for it; null
   * when there is none.
   *
   * @param excluded names of volumes that other claims of the pod have got
   */
  @Nullable KubeObject match(
      KubeObject claim, List<KubeObject> volumes, KubeMap nodeLabels, Set<String> excluded) {
    return PersistentVolumes.match(
        claim, volumes, volume -> reachable(volume, nodeLabels), excluded, false);
  }
}
