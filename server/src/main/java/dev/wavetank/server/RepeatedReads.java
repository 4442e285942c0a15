package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.ApiRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The reads since the newest write. A client that reads the same again waits for a change, although
 * no request of its is open: for it time passes as on the wall clock.
 */
final class RepeatedReads {

  /** Most reads that are remembered. */
  private static final int READS_MAX = 256;

  /** Most time that one read lets pass. */
  static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, Long> wallNanos = new LinkedHashMap<>();
  private long passedUntilNanos = Long.MIN_VALUE;

  /**
   * How long the client of a request has waited by polling; nothing when it reads something else
   * than before, or writes.
   *
   * @param nowNanos on the wall clock
   */
  long waitedNanos(ApiRequest request, long nowNanos) {
    if (!request.method().equals("GET")) {
      wallNanos.clear();
      return 0;
    }
    Long before = wallNanos.put(request.target(), nowNanos);
    if (wallNanos.size() > READS_MAX) {
      wallNanos.remove(wallNanos.keySet().iterator().next());
    }
    if (before == null) {
      return 0;
    }
    long since = Math.max(before, passedUntilNanos);
    passedUntilNanos = nowNanos;
    return Math.min(Math.max(nowNanos - since, 0), WAIT_NANOS_MAX);
  }
}
