package dev.wavetank.core.sim;

import java.util.PriorityQueue;

/**
 * The classic measure of an event queue: with a fixed number of pending events, each step takes the
 * first one out and puts one back at a random later time. The same steps run on the kernel's queue
 * and on {@link PriorityQueue}, so that one run compares both.
 */
public final class HoldModel {

  /** Mean distance of a new event from now: one second, spread as latencies and timers are. */
  private static final long MEAN_NANOS = 1_000_000_000L;

  private static final int DELAYS = 1 << 16;

  private final int pending;
  private final long steps;
  private final long[] delays = new long[DELAYS];

  /**
   * A measure.
   *
   * @param pending how many events are pending at any time, at least 1
   * @param steps how many events are taken out
   */
  public HoldModel(int pending, long steps, long seed) {
    SimulationBug.check(pending > 0 && steps > 0, "a hold model needs events");
    this.pending = pending;
    this.steps = steps;
    ChoiceStream stream = Choices.seeded(seed).stream("hold");
    for (int i = 0; i < DELAYS; i++) {
      double uniform = (stream.between(0, (1L << 30) - 1) + 1) / (double) (1L << 30);
      delays[i] = (long) (-Math.log(uniform) * MEAN_NANOS);
    }
  }

  /** Runs on the kernel's queue. Returns a number made of the times taken out, in order. */
  public long onKernelQueue() {
    EventQueue queue = new EventQueue();
    long sequence = 0;
    for (int i = 0; i < pending; i++) {
      queue.add(timer(0, ++sequence));
    }
    long sum = 0;
    for (long i = 0; i < steps; i++) {
      Timer first = queue.poll();
      if (first == null) {
        throw new SimulationBug("the hold model's queue ran empty");
      }
      sum = sum * 31 + first.timeNanos;
      queue.add(timer(first.timeNanos, ++sequence));
    }
    return sum;
  }

  /** Runs on a {@link PriorityQueue}; the same number comes out. */
  public long onPriorityQueue() {
    PriorityQueue<Timer> queue = new PriorityQueue<>(HoldModel::inOrder);
    long sequence = 0;
    for (int i = 0; i < pending; i++) {
      queue.add(timer(0, ++sequence));
    }
    long sum = 0;
    for (long i = 0; i < steps; i++) {
      Timer first = queue.remove();
      sum = sum * 31 + first.timeNanos;
      queue.add(timer(first.timeNanos, ++sequence));
    }
    return sum;
  }

  private static int inOrder(Timer a, Timer b) {
    int byTime = Long.compare(a.timeNanos, b.timeNanos);
    return byTime != 0 ? byTime : Long.compare(a.sequence, b.sequence);
  }

  /** An event after an exponentially distributed delay; the table is walked with a prime stride. */
  private Timer timer(long now, long sequence) {
    long delay = delays[(int) (sequence * 40_503 & (DELAYS - 1))];
    return new Timer(now + delay, sequence, 0, "hold/event", "", HoldModel::nothing);
  }

  private static void nothing() {}
}
