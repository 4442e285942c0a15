package dev.wavetank.scheduler.framework;

import org.jspecify.annotations.Nullable;

/** The nodes as the scheduler sees them in this cycle, zones interleaved. */
public interface SharedLister {

  /**
   * The nodes in order; not to be changed. It is another array whenever the order is another, and
   * until then nodes keep their positions.
   */
  NodeInfo[] nodes();

  /** The node of that name, or null. */
  @Nullable NodeInfo find(String name);

  /**
   * A number that changes when the node at a position changes: the object itself, its pods, or the
   * pods that are nominated to it. It is never 0.
   */
  long generation(int position);

  /**
   * A number that changes when a node comes or goes, or changes its labels or taints; until then
   * topology domains stay as they are.
   */
  long topologyGeneration();

  /** The domains of a topology key. */
  Domains domains(String topologyKey);

  /** The newest comings and goings of pods. */
  PodChanges podChanges();

  /** All pods on nodes, those on nodes that are gone included. */
  PodGroups podGroups();

  /**
   * An image on nodes, or null when no node has it.
   *
   * @param normalizedName with a tag
   */
  @Nullable ImageState image(String normalizedName);
}
