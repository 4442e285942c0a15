package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.sim.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the cluster. It admits requests one after the other, in the order in
 * which they arrive, and between them lets virtual time pass as the clock mode says.
 */
final class SimulationThread implements Runnable {

  /** Most requests that may wait; one more is answered with 429. */
  static final int REQUESTS_MAX = 4096;

  /** With {@code auto}, virtual time is at most so many times as fast as the wall clock. */
  static final int AUTO_FACTOR_MAX = 100;

  /** With {@code auto}, so long a client that was told something has to say what it does next. */
  static final long REACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  /** Something that the outside wants of the cluster. */
  private interface Task {
    void run();
  }

  private final Session session;
  private final Simulation simulation;
  private final ClockMode clock;
  private final @Nullable SessionLog log;
  private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(REQUESTS_MAX);
  private final List<Runnable> flushes = new ArrayList<>();
  private final Thread thread = new Thread(this, "wavetank-simulation");
  private volatile boolean stopped;
  private volatile Instant lastInstant;
  private @Nullable Throwable failure;
  private final RepeatedReads reads = new RepeatedReads();
  private long pacedFromWallNanos;
  private long pacedFromNanos;

  SimulationThread(Session session, ClockMode clock, @Nullable SessionLog log) {
    this.session = session;
    this.simulation = session.simulation();
    this.clock = clock;
    this.log = log;
    this.pacedFromWallNanos = System.nanoTime();
    this.pacedFromNanos = simulation.now();
    this.lastInstant = simulation.instant();
  }

  void start() {
    thread.start();
  }

  /**
   * Hands a request over.
   *
   * @return false when too many wait
   */
  boolean request(long id, ApiRequest request, Session.Client client) {
    return tasks.offer(() -> admit(id, request, client));
  }

  /**
   * Has everything in an inbox heard.
   *
   * @return false when too many wait
   */
  boolean inputs(StreamInbox inbox) {
    return tasks.offer(() -> hear(inbox));
  }

  /** Says that the client of a request is gone. Waits for its turn. */
  void gone(long id) {
    Task task = () -> leave(id);
    while (!stopped && !tasks.offer(task)) {
      Thread.onSpinWait();
    }
  }

  /** Has something done when the running slice of time is over; only for the thread itself. */
  void whenIdle(Runnable flush) {
    flushes.add(flush);
  }

  /** Ends a stream whose client is too slow; only for the thread itself. */
  void cutOff(long id) {
    flushes.add(() -> leave(id));
  }

  /** Ends the thread and waits for it. */
  void stop() {
    stopped = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why the thread ended by itself; null when it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  boolean alive() {
    return thread.isAlive();
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        Task task = next();
        if (task != null) {
          task.run();
        }
        flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private void flush() {
    for (int i = 0; i < flushes.size(); i++) {
      flushes.get(i).run();
    }
    flushes.clear();
    lastInstant = simulation.instant();
  }

  /** The virtual time as it was lately, for other threads. */
  Instant lastInstant() {
    return lastInstant;
  }

  /** The next task, or null after some time has passed. */
  private @Nullable Task next() throws InterruptedException {
    Task waiting = tasks.poll();
    if (waiting != null) {
      return waiting;
    }
    return switch (clock.kind()) {
      case MANUAL -> tasks.take();
      case AUTO -> session.waiting() ? auto() : tasks.take();
      case PACED -> paced();
    };
  }

  private @Nullable Task auto() throws InterruptedException {
    long wall = System.nanoTime();
    long from = simulation.now();
    long pieces = session.pieces();
    long limit = from + SLICE_NANOS;
    boolean told = false;
    while (!told) {
      long next = simulation.nextEventNanos();
      if (next < 0 || next > limit) {
        break;
      }
      simulation.step();
      told = session.pieces() != pieces;
    }
    if (!told) {
      simulation.runUntil(limit);
      session.poll();
      told = session.pieces() != pieces;
    }
    flush();
    long due = (simulation.now() - from) / AUTO_FACTOR_MAX;
    long pause = Math.max(told ? REACTION_NANOS : 0, due - (System.nanoTime() - wall));
    return tasks.poll(pause, TimeUnit.NANOSECONDS);
  }

  private @Nullable Task paced() throws InterruptedException {
    catchUp();
    session.poll();
    flush();
    return tasks.poll(PAUSE_NANOS_MAX, TimeUnit.NANOSECONDS);
  }

  /** Runs until the virtual time that belongs to the wall clock. */
  private void catchUp() {
    double elapsed = System.nanoTime() - pacedFromWallNanos;
    long due = pacedFromNanos + (long) (elapsed * clock.factor());
    if (due > simulation.now()) {
      simulation.runUntil(due);
    }
  }

  private void admit(long id, ApiRequest request, Session.Client client) {
    if (clock.kind() == ClockMode.Kind.PACED) {
      catchUp();
    } else if (clock.kind() == ClockMode.Kind.AUTO) {
      simulation.runUntil(simulation.now() + reads.waitedNanos(request, System.nanoTime()));
    }
    if (log != null) {
      log.request(simulation, id, request);
    }
    session.request(id, request, client);
  }

  private void hear(StreamInbox inbox) {
    if (clock.kind() == ClockMode.Kind.PACED) {
      catchUp();
    }
    for (ClientInput input : inbox.take()) {
      if (session.streams(inbox.id())) {
        if (log != null) {
          log.input(simulation, inbox.id(), input);
        }
        session.input(inbox.id(), input);
      }
    }
  }

  private void leave(long id) {
    if (session.streams(id)) {
      if (log != null) {
        log.gone(simulation, id);
      }
      session.gone(id);
    }
  }
}
