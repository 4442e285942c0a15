package dev.wavetank.scheduler;

import dev.wavetank.core.api.ObjectKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last attempt of each pod, as many as fit into a bounded number of bytes, newest kept. */
final class AttemptLog {

  private static final int BYTES_MAX = 8 << 20;

  private final Map<ObjectKey, Attempt> attempts = new LinkedHashMap<>();
  private long bytes;

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
