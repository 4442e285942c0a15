package dev.wavetank.core.informer;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.sim.Simulation;

/**
 * Runs a {@link Reconciler} over a {@link WorkQueue} with a number of workers. A worker is busy for
 * as long as the requests of its reconcile take; a key that is to come again after some time comes
 * that long after its worker is free.
 *
 * @param <K> what is reconciled; see {@link WorkQueue}
 */
public final class Controller<K> {

  /** How often a key whose reconcile fails is retried before it is dropped, when bounded. */
  public static final int RETRIES_UNBOUNDED = Integer.MAX_VALUE;

  private final Simulation simulation;
  private final ApiClient client;
  private final Reconciler<K> reconciler;
  private final WorkQueue<K> queue;
  private final int retriesMax;
  private final String reconcileLabel;
  private final String idleLabel;
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
      Reconciler<K> reconciler) {
    this.simulation = client.server().simulation();
    this.client = client;
    this.reconciler = reconciler;
    this.queue = new WorkQueue<>(simulation, name, limiter, this::start);
    this.retriesMax = retriesMax;
    this.reconcileLabel = name + "/reconcile";
    this.idleLabel = name + "/worker-free";
    this.freeWorkers = workers;
  }

  /** Adds a key, unless it waits already. */
  public void enqueue(K key) {
    queue.add(key);
  }

  /** Adds a key after some time; of several times asked for one key the earliest counts. */
  public void enqueueAfter(K key, long nanos) {
    queue.addAfter(key, nanos);
  }

  /** Adds a key after its back-off. */
  public void enqueueRateLimited(K key) {
    queue.addRateLimited(key);
  }

  /** Ends a key's row of failures, for a reconciler whose work ends after it has returned. */
  public void forget(K key) {
    queue.forget(key);
  }

  /** Whether no key waits and no worker is busy. */
  public boolean idle() {
    return queue.idle();
  }

  private void start() {
    while (freeWorkers > 0) {
      K key = queue.take();
      if (key == null) {
        return;
      }
      freeWorkers--;
      simulation.afterCausedBy(queue.cause(key), 0, reconcileLabel, key, () -> work(key));
    }
  }

  private void work(K key) {
    queue.begin(key);
    Result result;
    try {
      result = reconciler.reconcile(key);
    } catch (ApiException e) {
      result = Result.retry();
    }
    long busyNanos = client.takeElapsedNanos();
    if (result.rateLimited() && queue.failures(key) < retriesMax) {
      queue.addRateLimited(key, busyNanos);
    } else if (result.forget()) {
      queue.forget(key);
    }
    if (result.requeueAfterNanos() >= 0) {
      queue.addAfter(key, busyNanos + result.requeueAfterNanos());
    }
    if (busyNanos == 0) {
      free(key);
    } else {
      simulation.after(busyNanos, idleLabel, key, () -> free(key));
    }
  }

  private void free(K key) {
    freeWorkers++;
    queue.done(key);
    start();
  }
}
