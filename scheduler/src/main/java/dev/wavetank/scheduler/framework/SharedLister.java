package dev.wavetank.scheduler.framework;

import org.jspecify.annotations.Nullable;

/** The nodes as the scheduler sees them in this cycle, zones interleaved. */
public interface SharedLister {

  int size();

  NodeInfo get(int position);

  /** The node of that name, or null. */
  @Nullable NodeInfo find(String name);
}
