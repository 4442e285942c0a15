package dev.wavetank.core.sim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual clock and one queue of events ordered by (time, sequence); one event at a time, on the
 * caller's thread.
 *
 * <p>An event is a time, a label, the event that caused it and an action. The label is a stable
 * text {@code component/action} and a subject; both are trace text and names for people. The
 * subject's {@code toString} and {@code hashCode} must depend on its content only (strings, object
 * keys), never on its identity.
 */
public final class Simulation {

  /** Virtual time at which a simulation starts that is not told another. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Hears of every event before its action runs. */
  public interface Listener {
    /**
     * An event is about to run.
     *
     * @param number the event's number, counted from 1
     * @param timeNanos virtual nanoseconds since the start
     * @param what {@code component/action}
     * @param subject what it is about
     * @param cause number of the event that scheduled it; 0 for the caller of the simulation
     */
    void event(long number, long timeNanos, String what, Object subject, long cause);
  }

  private static final Listener SILENT = (number, timeNanos, what, subject, cause) -> {};

  private final Choices choices;
  private final Instant start;
  private final EventQueue queue = new EventQueue();
  private Listener listener = SILENT;
  private long nowNanos;
  private long sequence;
  private long eventNumber;
  private long currentEvent;
  private boolean running;
  private @Nullable Instant cachedInstant;
  private long cachedInstantNanos = -1;

  public Simulation(Choices choices) {
    this(choices, START);
  }

  /**
   * A simulation that starts at another virtual time.
   *
   * @param start a whole second
   */
  public Simulation(Choices choices, Instant start) {
    SimulationBug.check(
        start.equals(start.truncatedTo(ChronoUnit.SECONDS)),
        "a simulation starts at a whole second");
    this.choices = choices;
    this.start = start;
  }

  /** The virtual instant at which it started. */
  public Instant start() {
    return start;
  }

  public Choices choices() {
    return choices;
  }

  /** Sets who hears of every event; there is one listener. */
  public void listen(Listener newListener) {
    this.listener = newListener;
  }

  /** Virtual nanoseconds since the start of the simulation. */
  public long now() {
    return nowNanos;
  }

  /** The virtual instant, for people and for timestamps in API objects. */
  public Instant instant() {
    Instant cached = cachedInstant;
    if (cached == null || cachedInstantNanos != nowNanos) {
      cached = start.plusNanos(nowNanos);
      cachedInstant = cached;
      cachedInstantNanos = nowNanos;
    }
    return cached;
  }

  /** How many events have run. */
  public long eventNumber() {
    return eventNumber;
  }

  /** Number of the event that is running; 0 outside of any event. */
  public long currentEvent() {
    return currentEvent;
  }

  /** How many events are pending, cancelled ones that are still queued included. */
  public int pending() {
    return queue.size();
  }

  /**
   * Schedules an event.
   *
   * @param delayNanos from now; 0 runs it in this instant, after everything scheduled before
   */
  public Timer after(long delayNanos, String what, Object subject, Runnable action) {
    SimulationBug.check(delayNanos >= 0, "an event cannot be scheduled into the past");
    return at(Math.addExact(nowNanos, delayNanos), what, subject, action);
  }

  /**
   * Schedules an event at an absolute time.
   *
   * @param timeNanos nanoseconds since the start, not before {@link #now()}
   */
  public Timer at(long timeNanos, String what, Object subject, Runnable action) {
    SimulationBug.check(timeNanos >= nowNanos, "an event cannot be scheduled into the past");
    Timer timer = new Timer(timeNanos, ++sequence, currentEvent, what, subject, action);
    queue.add(timer);
    return timer;
  }

  /**
   * Schedules an event whose cause is another than the running one, as for work that waited in a
   * queue of its own.
   *
   * @param cause number of the event to name as the cause
   */
  public Timer afterCausedBy(
      long cause, long delayNanos, String what, Object subject, Runnable action) {
    SimulationBug.check(delayNanos >= 0, "an event cannot be scheduled into the past");
    Timer timer =
        new Timer(Math.addExact(nowNanos, delayNanos), ++sequence, cause, what, subject, action);
    queue.add(timer);
    return timer;
  }

  /** When the next event is due; -1 when none is pending. */
  public long nextEventNanos() {
    skipCancelled();
    Timer next = queue.peek();
    return next == null ? -1 : next.timeNanos;
  }

  /**
   * Does something from outside of the queue, now: it counts as an event without a cause, so that
   * what it sets going names it as its cause. The action may run the simulation on to wait for
   * something; it cannot be begun within an event of the queue.
   */
  public void act(String what, Object subject, Runnable action) {
    SimulationBug.check(!running, "an event of the queue cannot act from outside");
    long outer = currentEvent;
    currentEvent = ++eventNumber;
    try {
      listener.event(currentEvent, nowNanos, what, subject, 0);
      action.run();
    } finally {
      currentEvent = outer;
    }
  }

  /** Runs the next event. Returns false when none is pending. */
  public boolean step() {
    SimulationBug.check(!running, "events run one at a time");
    skipCancelled();
    Timer timer = queue.poll();
    if (timer == null) {
      return false;
    }
    Runnable action = timer.action;
    timer.action = null;
    nowNanos = timer.timeNanos;
    long outer = currentEvent;
    currentEvent = ++eventNumber;
    running = true;
    try {
      listener.event(currentEvent, nowNanos, timer.what, timer.subject, timer.cause);
      if (action != null) {
        action.run();
      }
    } catch (SimulationBug bug) {
      throw bug;
    } catch (RuntimeException | StackOverflowError e) {
      throw new SimulationBug(
          e + " during event " + currentEvent + " " + timer.what + "/" + timer.subject, e);
    } finally {
      running = false;
      currentEvent = outer;
    }
    return true;
  }

  /** Runs every event due until that time, then sets the clock to it. */
  public void runUntil(long timeNanos) {
    SimulationBug.check(timeNanos >= nowNanos, "time cannot run backwards");
    for (long next = nextEventNanos(); next >= 0 && next <= timeNanos; next = nextEventNanos()) {
      step();
    }
    nowNanos = timeNanos;
  }

  /**
   * Runs events until the condition holds; it is asked after each event.
   *
   * @param limitNanos latest virtual time; when the condition does not hold by then the clock
   *     stands at the limit and the answer is false
   */
  public boolean runUntil(BooleanSupplier condition, long limitNanos) {
    while (!condition.getAsBoolean()) {
      long next = nextEventNanos();
      if (next < 0 || next > limitNanos) {
        nowNanos = Math.max(nowNanos, limitNanos);
        return false;
      }
      step();
    }
    return true;
  }

  private void skipCancelled() {
    for (Timer first = queue.peek(); first != null && !first.pending(); first = queue.peek()) {
      queue.poll();
    }
  }
}
