package dev.wavetank.scenarios.fault;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets each sender send no more than a {@link Bandwidth}: packets wait for tokens, in order, and
 * are dropped where too many wait already. A message of a connection that is longer than what may
 * wait is not dropped for that: TCP would send it more slowly.
 *
 * <p>Follows net/sched/sch_tbf.c (Linux 6.1).
 */
final class TrafficShaper implements PacketEffect {

  /** What one packet takes at most on Ethernet. */
  private static final long FRAME_BYTES_MAX = 1_514;

  private static final double SECOND_NANOS = 1e9;

  private final Bandwidth bandwidth;
  private final Map<IpAddress, Bucket> buckets = new LinkedHashMap<>();

  TrafficShaper(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  @Override
  public @Nullable Verdict next(
      Packet packet, long bytes, long nowNanos, ChoiceStream choices, String by) {
    Bucket bucket = buckets.computeIfAbsent(packet.source(), source -> new Bucket());
    long frame = Math.min(bytes, FRAME_BYTES_MAX);
    boolean tooBig = bandwidth.bufferBytes() > 0 && frame > bandwidth.bufferBytes();
    if (tooBig || bucket.waitingBytes(nowNanos) + frame > bandwidth.limitBytes()) {
      return new Verdict.Drop(by);
    }
    long wait = bucket.send(bytes, nowNanos);
    return wait > 0 ? new Verdict.Delay(wait) : null;
  }

  /** The tokens of one sender, as the time from which on it owes none. */
  private final class Bucket {
    private long freeNanos = Long.MIN_VALUE / 2;
    private long peakFreeNanos = Long.MIN_VALUE / 2;

    /** About how much waits for tokens. */
    long waitingBytes(long nowNanos) {
      return (long) (Math.max(0, freeNanos - nowNanos) / SECOND_NANOS * bandwidth.rate());
    }

    /** Takes tokens; how long the last byte waits for them. */
    long send(long bytes, long nowNanos) {
      freeNanos =
          Math.max(freeNanos, nowNanos - nanos(bandwidth.bufferBytes(), bandwidth.rate()))
              + nanos(bytes, bandwidth.rate());
      long wait = freeNanos - nowNanos;
      if (bandwidth.peakRate() > 0) {
        peakFreeNanos =
            Math.max(
                    peakFreeNanos,
                    nowNanos - nanos(bandwidth.minBurstBytes(), bandwidth.peakRate()))
                + nanos(bytes, bandwidth.peakRate());
        wait = Math.max(wait, peakFreeNanos - nowNanos);
      }
      return Math.max(0, wait);
    }
  }

  private static long nanos(long bytes, long rate) {
    return (long) Math.ceil(bytes * SECOND_NANOS / rate);
  }
}
