package dev.wavetank.core.informer;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Runs a {@link Reconciler} over a queue of keys with a number of workers, as client-go does: a key
 * waits in the queue once, is never reconciled by two workers at a time, and is queued again when
 * it was added meanwhile. A worker is busy for as long as the requests of its reconcile take.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/workqueue/queue.go and delaying_queue.go (v1.36).
 */
public final class Controller {

  /** How often a key whose reconcile fails is retried before it is dropped, when bounded. */
  public static final int RETRIES_UNBOUNDED = Integer.MAX_VALUE;

  private final Simulation simulation;
  private final ApiClient client;
  private final Reconciler reconciler;
  private final RateLimiter limiter;
  private final int retriesMax;
  private final String reconcileLabel;
  private final String idleLabel;
  private final String requeueLabel;
  private final ArrayDeque<ObjectKey> queue = new ArrayDeque<>();
  private final Map<ObjectKey, Long> waiting = new LinkedHashMap<>();
  private final Set<ObjectKey> processing = new LinkedHashSet<>();
  private final Map<ObjectKey, Timer> delayed = new LinkedHashMap<>();
  private int freeWorkers;

  /**
   * A controller that is ready to run.
   *
   * @param name label and stream name, such as {@code deployment-controller}
   * @param workers how many keys it works on at a time
   * @param client whose requests make a worker busy
   * @param limiter back-off of keys whose reconcile failed
   * @param retriesMax after so many failures in a row a key is dropped until it is added again
   */
  public Controller(
      String name,
      int workers,
      ApiClient client,
      RateLimiter limiter,
      int retriesMax,
      Reconciler reconciler) {
    this.simulation = client.server().simulation();
    this.client = client;
    this.reconciler = reconciler;
    this.limiter = limiter;
    this.retriesMax = retriesMax;
    this.reconcileLabel = name + "/reconcile";
    this.idleLabel = name + "/worker-free";
    this.requeueLabel = name + "/requeue";
    this.freeWorkers = workers;
  }

  /** Adds a key, unless it waits already. */
  public void enqueue(ObjectKey key) {
    if (waiting.putIfAbsent(key, simulation.currentEvent()) != null) {
      return;
    }
    if (!processing.contains(key)) {
      queue.addLast(key);
      start();
    }
  }

  /** Adds a key after some time; of several times asked for one key the earliest counts. */
  public void enqueueAfter(ObjectKey key, long nanos) {
    if (nanos <= 0) {
      enqueue(key);
      return;
    }
    Timer known = delayed.get(key);
    if (known != null) {
      if (known.timeNanos() <= simulation.now() + nanos) {
        return;
      }
      known.cancel();
    }
    delayed.put(key, simulation.after(nanos, requeueLabel, key, () -> due(key)));
  }

  private void due(ObjectKey key) {
    delayed.remove(key);
    enqueue(key);
  }

  /** Adds a key after its back-off. */
  public void enqueueRateLimited(ObjectKey key) {
    enqueueAfter(key, limiter.whenNanos(key, simulation.now()));
  }

  /** Whether no key waits and no worker is busy. */
  public boolean idle() {
    return queue.isEmpty() && processing.isEmpty();
  }

  private void start() {
    while (freeWorkers > 0 && !queue.isEmpty()) {
      freeWorkers--;
      ObjectKey key = queue.removeFirst();
      processing.add(key);
      Long cause = waiting.get(key);
      simulation.afterCausedBy(cause == null ? 0 : cause, 0, reconcileLabel, key, () -> work(key));
    }
  }

  private void work(ObjectKey key) {
    waiting.remove(key);
    Result result;
    try {
      result = reconciler.reconcile(key);
    } catch (ApiException e) {
      result = Result.retry();
    }
    if (result.rateLimited()) {
      if (limiter.failures(key) < retriesMax) {
        enqueueRateLimited(key);
      } else {
        limiter.forget(key);
      }
    } else {
      limiter.forget(key);
      if (result.requeueAfterNanos() >= 0) {
        enqueueAfter(key, result.requeueAfterNanos());
      }
    }
    long busy = client.takeElapsedNanos();
    if (busy == 0) {
      free(key);
    } else {
      simulation.after(busy, idleLabel, key, () -> free(key));
    }
  }

  private void free(ObjectKey key) {
    processing.remove(key);
    freeWorkers++;
    if (waiting.containsKey(key)) {
      queue.addLast(key);
    }
    start();
  }
}
