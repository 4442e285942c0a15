package dev.wavetank.scenarios.expect;

import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.traffic.Traffic;
import org.jspecify.annotations.Nullable;

/** What expectations look at. */
public interface ExpectationContext {

  Cluster cluster();

  /** The namespace of names that say none. */
  String namespace();

  /** The traffic source of that name, or null when it has not begun. */
  @Nullable Traffic traffic(String name);
}
