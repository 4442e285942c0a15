package dev.wavetank.scenarios.invariant;

import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.scenarios.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/** Something that must hold after every commit. It may keep what it has seen. */
public interface Invariant {

  /** What must hold, in words. */
  String words();

  /** How the commit broke it, in words; null when it holds. */
  @Nullable String broken(Commit commit, Cluster cluster);
}
