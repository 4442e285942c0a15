package dev.wavetank.scenarios.traffic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An open-loop client: it sends a request each interval, each on a connection of its own, whether
 * the ones before have been answered or not.
 */
public final class Traffic {

  /** Most requests of one source. */
  public static final int REQUESTS_MAX = 10_000_000;

  /** Failed requests that are kept with their story. */
  private static final int FAILURES_KEPT = 100;

  /**
   * What a source sends.
   *
   * @param name of the source
   * @param from the client, as {@link Cluster#connect} takes it
   * @param path of the request; empty to connect only
   * @param interval between two requests
   * @param duration from the first request on; a request at its end is not sent
   * @param patience how long a request may take
   */
  public record Plan(
      String name,
      String from,
      String host,
      int port,
      String path,
      Duration interval,
      Duration duration,
      Duration patience) {}

  /**
   * A request that failed.
   *
   * @param sentNanos virtual time
   * @param event number of the event in which the failure became known
   */
  public record FailedRequest(long sentNanos, long event, Reach reach) {}

  private final Cluster cluster;
  private final Plan plan;
  private final Map<String, Long> perEndpoint = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final List<FailedRequest> failedRequests = new ArrayList<>();
  private long[] latencies = new long[64];
  private long endNanos;
  private int answered;
  private long sent;
  private long ok;
  private long failed;

  /** A source that is not started. */
  public Traffic(Cluster cluster, Plan plan) {
    SimulationBug.check(
        plan.interval().toNanos() > 0
            && plan.duration().toNanos() / plan.interval().toNanos() <= REQUESTS_MAX,
        "a traffic source sends at most " + REQUESTS_MAX + " requests");
    this.cluster = cluster;
    this.plan = plan;
  }

  /** Sends the first request now, within the running event, and the others as time passes. */
  public void start() {
    endNanos = simulation().now() + plan.duration().toNanos();
    send();
  }

  private Simulation simulation() {
    return cluster.simulation();
  }

  private void send() {
    if (simulation().now() >= endNanos) {
      return;
    }
    sent++;
    long sentNanos = simulation().now();
    try {
      cluster.send(
          plan.from(),
          plan.host(),
          plan.port(),
          plan.path(),
          plan.patience(),
          reach -> ended(sentNanos, reach));
    } catch (ApiException e) {
      failed++;
      failures.merge("the client does not run", 1L, Long::sum);
    }
    simulation().after(plan.interval().toNanos(), "traffic/send", plan.name(), this::send);
  }

  private void ended(long sentNanos, Reach reach) {
    if (answered == latencies.length) {
      latencies = Arrays.copyOf(latencies, answered * 2);
    }
    latencies[answered++] = simulation().now() - sentNanos;
    if (!reach.endpoint().isEmpty()) {
      perEndpoint.merge(reach.endpoint(), 1L, Long::sum);
    }
    String failure = failure(reach);
    if (failure.isEmpty()) {
      ok++;
      return;
    }
    failed++;
    failures.merge(failure, 1L, Long::sum);
    if (failedRequests.size() < FAILURES_KEPT) {
      failedRequests.add(new FailedRequest(sentNanos, simulation().currentEvent(), reach));
    }
  }

  private static String failure(Reach reach) {
    if (reach.failure() != Failure.NONE) {
      return Reach.words(reach.failure());
    }
    return reach.response().status() >= 400 ? "HTTP " + reach.response().status() : "";
  }

  public String name() {
    return plan.name();
  }

  public Plan plan() {
    return plan;
  }

  /** Whether every request has been sent and has ended. */
  public boolean over() {
    return sent == ok + failed && simulation().now() >= endNanos;
  }

  public long sent() {
    return sent;
  }

  public long ok() {
    return ok;
  }

  public long failed() {
    return failed;
  }

  /** How often each reason of failure occurred, sorted. */
  public ImmutableMap<String, Long> failures() {
    return ImmutableMap.copyOf(failures);
  }

  /** The first failed requests. */
  public ImmutableList<FailedRequest> failedRequests() {
    return ImmutableList.copyOf(failedRequests);
  }

  /** Requests by the endpoint that took them, sorted. */
  public ImmutableMap<String, Long> perEndpoint() {
    return ImmutableMap.copyOf(perEndpoint);
  }

  /** Requests of the endpoint that got most less those of the one that got fewest. */
  public long imbalance() {
    long most = perEndpoint.values().stream().mapToLong(n -> n).max().orElse(0);
    return most - perEndpoint.values().stream().mapToLong(n -> n).min().orElse(0);
  }

  /**
   * The latency that the given part of ended requests did not exceed.
   *
   * @param part 0 to 1
   * @return 0 when none has ended
   */
  public Duration latency(double part) {
    if (answered == 0) {
      return Duration.ZERO;
    }
    long[] sorted = Arrays.copyOf(latencies, answered);
    Arrays.sort(sorted);
    int position = (int) Math.ceil(part * answered) - 1;
    return Duration.ofNanos(sorted[Math.max(0, position)]);
  }
}
