package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A list of the {@code recent} match: sources with the time they were last noted, the longest
 * unnoted first.
 *
 * <p>Holds at most {@link #ENTRIES_MAX} sources, as in the kernel (module parameter ip_list_tot): a
 * further one pushes out the longest unnoted.
 */
final class RecentList {

  static final int ENTRIES_MAX = 100;

  private final Map<IpAddress, Long> lastNanos = new LinkedHashMap<>();

  void set(IpAddress source, long nowNanos) {
    if (lastNanos.remove(source) == null && lastNanos.size() >= ENTRIES_MAX) {
      removeFirst();
    }
    lastNanos.put(source, nowNanos);
  }

  /**
   * Whether the source was noted at that time or later; drops the longest unnoted if it was not.
   */
  boolean check(IpAddress source, long sinceNanos) {
    Long noted = lastNanos.get(source);
    if (noted == null) {
      return false;
    }
    Iterator<Long> times = lastNanos.values().iterator();
    if (times.next() < sinceNanos) {
      times.remove();
    }
    return noted >= sinceNanos;
  }

  private void removeFirst() {
    Iterator<IpAddress> sources = lastNanos.keySet().iterator();
    sources.next();
    sources.remove();
  }
}
