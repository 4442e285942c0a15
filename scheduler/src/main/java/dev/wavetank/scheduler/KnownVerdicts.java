package dev.wavetank.scheduler;

import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.SpecVerdicts;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@link SpecVerdicts} of the specs that came last. A spec gets its own when it comes for the
 * second time; what comes once is not worth it.
 */
final class KnownVerdicts {

  /** How many numbers are kept in all. */
  private static final int CELLS_MAX = 1 << 22;

  private static final int SEEN_MAX = 1024;

  private final Framework framework;
  private final SharedLister lister;
  private final Map<SchedulingSpec, SpecVerdicts> verdicts = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<SchedulingSpec> seen = new LinkedHashSet<>();
  private NodeInfo @Nullable [] nodes;

  KnownVerdicts(Framework framework, SharedLister lister) {
    this.framework = framework;
    this.lister = lister;
  }

  /** What is known for pods of that spec; null when nothing is kept of it. */
  @Nullable SpecVerdicts of(SchedulingSpec spec) {
    NodeInfo[] current = lister.nodes();
    if (current != nodes) {
      nodes = current;
      verdicts.clear();
    }
    SpecVerdicts known = verdicts.get(spec);
    if (known == null) {
      if (seen.add(spec)) {
        forgetOldest(seen.iterator(), seen.size(), SEEN_MAX);
        return null;
      }
      known = new SpecVerdicts(framework, lister);
      verdicts.put(spec, known);
      long cells = (long) current.length * SpecVerdicts.cellsPerNode(framework);
      int max = (int) Math.max(1, CELLS_MAX / Math.max(1, cells));
      forgetOldest(verdicts.keySet().iterator(), verdicts.size(), max);
    }
    return known;
  }

  private static void forgetOldest(Iterator<SchedulingSpec> oldest, int size, int max) {
    for (int i = size; i > max; i--) {
      oldest.next();
      oldest.remove();
    }
  }
}
