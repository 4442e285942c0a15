package dev.wavetank.core.httpproxy;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who takes the next request: endpoints take turns in proportion to their weights, which differ
 * while some of them start slowly.
 *
 * <p>An endpoint's next turn comes one part of its weight after its last one, and the earliest is
 * taken. When endpoints come or go all begin anew. Follows source/common/upstream/edf_scheduler.h
 * and source/extensions/load_balancing_policies/common/load_balancer_impl.cc of Envoy, {@code
 * EdfLoadBalancerBase}.
 */
final class EndpointTurns {

  /** The turn of an endpoint; of those at the same time the one that was queued first. */
  private record Turn(double at, long order, ServiceEndpoints.Endpoint endpoint) {}

  private static final Comparator<Turn> EARLIEST =
      Comparator.comparingDouble(Turn::at).thenComparingLong(Turn::order);

  private final SlowStart slowStart;
  private final long seed;
  private final Map<ServiceEndpoints.Endpoint, Long> joinedNanos = new LinkedHashMap<>();
  private final PriorityQueue<Turn> turns = new PriorityQueue<>(EARLIEST);
  private double at;
  private long queued;

  /**
   * No endpoints yet.
   *
   * @param seed where turns begin, so that not all clients begin with the same endpoint
   */
  EndpointTurns(SlowStart slowStart, long seed) {
    this.slowStart = slowStart;
    this.seed = seed;
  }

  /** These are the endpoints from now on; those that were not among them before join now. */
  void update(List<ServiceEndpoints.Endpoint> endpoints, long nowNanos) {
    Map<ServiceEndpoints.Endpoint, Long> before = new LinkedHashMap<>(joinedNanos);
    joinedNanos.clear();
    turns.clear();
    at = 0;
    for (ServiceEndpoints.Endpoint endpoint : endpoints) {
      joinedNanos.put(endpoint, before.getOrDefault(endpoint, nowNanos));
      queue(endpoint, nowNanos);
    }
    for (long pick = endpoints.isEmpty() ? 0 : seed % endpoints.size(); pick > 0; pick--) {
      next(nowNanos);
    }
  }

  /** The endpoint whose turn it is; null when there is none. */
  ServiceEndpoints.@Nullable Endpoint next(long nowNanos) {
    Turn turn = turns.poll();
    if (turn == null) {
      return null;
    }
    at = turn.at;
    queue(turn.endpoint, nowNanos);
    return turn.endpoint;
  }

  private void queue(ServiceEndpoints.Endpoint endpoint, long nowNanos) {
    long age = nowNanos - joinedNanos.getOrDefault(endpoint, nowNanos);
    turns.add(new Turn(at + 1 / slowStart.factor(age), queued++, endpoint));
  }
}
