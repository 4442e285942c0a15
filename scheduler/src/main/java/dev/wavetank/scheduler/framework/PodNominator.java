package dev.wavetank.scheduler.framework;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pods that are nominated to nodes, where they wait for others to leave. */
public interface PodNominator {

  /** Nobody is nominated. */
  PodNominator NONE =
      new PodNominator() {
        @Override
        public List<PodInfo> nominatedPodsForNode(String node) {
          return List.of();
        }

        @Override
        public @Nullable String nominatedNode(PodInfo pod) {
          return null;
        }

        @Override
        public boolean isEmpty() {
          return true;
        }
      };

  /** The pods nominated to a node, in the order in which they were; not to be changed. */
  List<PodInfo> nominatedPodsForNode(String node);

  /** The node that a pod is nominated to, or null. */
  @Nullable String nominatedNode(PodInfo pod);

  /** Whether no pod is nominated. */
  boolean isEmpty();
}
