package dev.wavetank.scheduler;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.NodeInfo;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last attempt of each pod, as many as fit into a bounded number of bytes, newest kept. */
final class AttemptLog {

  private static final int BYTES_MAX = 2 << 20;

  private final SchedulerCache cache;
  private final Map<ObjectKey, Attempt> attempts = new LinkedHashMap<>();
  private long bytes;
  private NodeInfo @Nullable [] namedNodes;
  private String[] names = {};

  AttemptLog(SchedulerCache cache) {
    this.cache = cache;
  }

  /** Names of the nodes in the order of the cache; shared until that order changes. */
  String[] nodeNames() {
    NodeInfo[] nodes = cache.nodes();
    if (nodes != namedNodes) {
      names = new String[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        names[i] = nodes[i].name();
      }
      namedNodes = nodes;
    }
    return names;
  }

  void add(Attempt attempt) {
    Attempt before = attempts.remove(attempt.pod());
    bytes += attempt.bytes() - (before == null ? 0 : before.bytes());
    attempts.put(attempt.pod(), attempt);
    Iterator<Attempt> oldest = attempts.values().iterator();
    while (bytes > BYTES_MAX && attempts.size() > 1) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  @Nullable Attempt last(ObjectKey pod) {
    return attempts.get(pod);
  }
}
