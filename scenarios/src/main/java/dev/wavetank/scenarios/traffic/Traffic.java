package dev.wavetank.scenarios.traffic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.httpproxy.SlowStart;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scenarios.cluster.BalancedSession;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.HttpSession;
import dev.wavetank.scenarios.cluster.Reach;
import dev.wavetank.scenarios.cluster.RequestSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A source of requests: whether each has a connection of its own, how connections are kept, when
 * the next is sent and what happens to one that failed is said by its plan.
 */
public final class Traffic {

  /** Most requests of one source. */
  public static final int REQUESTS_MAX = 10_000_000;

  /** A client that does not run is looked for again after so long. */
  private static final long ABSENT_NANOS = 1_000_000_000L;

  private static final long UNIFORM_STEPS = 1L << 53;

  /** Failed requests that are kept with their story. */
  private static final int FAILURES_KEPT = 100;

  /**
   * What a source sends.
   *
   * @param name of the source
   * @param from the client, as {@link Cluster#connect} takes it
   * @param udp whether datagrams are sent, from one socket, instead of HTTP requests
   * @param hostHeader that requests bear
   * @param path of the request; empty to connect only; the text of a datagram
   * @param lookFor text that answers are searched for; empty for none
   * @param duration from the first request on; a request at its end is not sent
   * @param patience how long an attempt may take
   * @param balanced how new endpoints start where the source itself balances between the endpoints
   *     of the Service that {@code host} names; null where it uses what the name resolves to
   */
  public record Plan(
      String name,
      String from,
      String host,
      int port,
      boolean udp,
      String hostHeader,
      String path,
      String lookFor,
      Load load,
      HttpSession.Reuse reuse,
      Retries retries,
      Duration duration,
      Duration patience,
      @Nullable SlowStart balanced) {}

  /**
   * A request that failed.
   *
   * @param sentNanos virtual time of its first attempt
   * @param endedNanos virtual time at which the last failed
   * @param event number of the event in which that became known
   */
  public record FailedRequest(long sentNanos, long endedNanos, long event, Reach reach) {

    /** In the words of a client. */
    public String reason() {
      return failure(reach);
    }
  }

  private final Cluster cluster;
  private final Plan plan;
  private final RequestSession session;
  private final ChoiceStream choices;
  private final Map<String, Long> perEndpoint = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final List<FailedRequest> failedRequests = new ArrayList<>();
  private final Latencies latencies = new Latencies();
  private long endNanos;
  private long beganNanos;
  private long retried;
  private long sent;
  private long ok;
  private long found;
  private long failed;

  /** A source that is not started. */
  public Traffic(Cluster cluster, Plan plan) {
    this.cluster = cluster;
    this.plan = plan;
    this.session = session(cluster, plan);
    this.choices = simulation().choices().stream("traffic/" + plan.name());
  }

  private static RequestSession session(Cluster cluster, Plan plan) {
    SlowStart balanced = plan.balanced();
    if (balanced != null) {
      return new BalancedSession(
          cluster,
          plan.name(),
          plan.from(),
          plan.host(),
          plan.port(),
          plan.hostHeader(),
          plan.reuse(),
          balanced);
    }
    return plan.udp()
        ? cluster.datagrams(plan.from(), plan.host(), plan.port())
        : cluster.session(plan.from(), plan.host(), plan.port(), plan.hostHeader(), plan.reuse());
  }

  /** Sends the first request now, within the running event, and the others as time passes. */
  public void start() {
    beganNanos = simulation().now();
    endNanos = beganNanos + plan.duration().toNanos();
    if (plan.load() instanceof Load.Closed closed) {
      for (int client = 0; client < closed.clients(); client++) {
        long start = closed.startNanos(client);
        if (start == 0) {
          again(closed);
        } else {
          next(start, () -> again(closed));
        }
      }
    } else if (plan.load() instanceof Load.Open open) {
      send(open);
    } else if (plan.load() instanceof Load.Recorded recorded) {
      play(recorded, 0);
    }
  }

  private Simulation simulation() {
    return cluster.simulation();
  }

  private void again(Load.Closed closed) {
    send(() -> next(closed.thinkNanos(), () -> again(closed)));
  }

  private void send(Load.Open open) {
    double part = (simulation().now() - beganNanos) / (double) plan.duration().toNanos();
    long interval = open.intervalNanos(Math.min(1, part));
    send(() -> {});
    next(open.poisson() ? exponential(interval) : interval, () -> send(open));
  }

  /** Sends what came at this moment of the record, and waits for the next. */
  private void play(Load.Recorded recorded, int from) {
    ImmutableList<Long> offsets = recorded.offsetsNanos();
    int next = from;
    while (next < offsets.size() && beganNanos + offsets.get(next) <= simulation().now()) {
      send(() -> {});
      next++;
    }
    if (next < offsets.size()) {
      int rest = next;
      next(beganNanos + offsets.get(rest) - simulation().now(), () -> play(recorded, rest));
    }
  }

  private void next(long nanos, Runnable action) {
    if (simulation().now() + nanos < endNanos && sent < REQUESTS_MAX) {
      simulation().after(nanos, "traffic/send", plan.name(), action);
    }
  }

  private long exponential(long meanNanos) {
    double uniform = (choices.between(0, UNIFORM_STEPS - 1) + 0.5) / UNIFORM_STEPS;
    return Math.max(1, Math.round(-Math.log(uniform) * meanNanos));
  }

  private void send(Runnable then) {
    sent++;
    attempt(simulation().now(), 1, then);
  }

  private void attempt(long sentNanos, int attempts, Runnable then) {
    try {
      session.send(
          plan.path(), plan.patience(), reach -> attempted(sentNanos, attempts, reach, then));
    } catch (ApiException e) {
      failed++;
      failures.merge("the client does not run", 1L, Long::sum);
      // Who waits for answers must not ask for ever in one instant.
      simulation().after(ABSENT_NANOS, "traffic/absent", plan.name(), then);
    }
  }

  private void attempted(long sentNanos, int attempts, Reach reach, Runnable then) {
    if (!reach.endpoint().isEmpty()) {
      perEndpoint.merge(reach.endpoint(), 1L, Long::sum);
    }
    String failure = failure(reach);
    if (!failure.isEmpty() && plan.retries().allowed(attempts, sent, retried)) {
      retried++;
      simulation()
          .after(
              plan.retries().waitNanos(attempts, choices),
              "traffic/retry",
              plan.name(),
              () -> attempt(sentNanos, attempts + 1, then));
      return;
    }
    ended(sentNanos, failure, reach);
    then.run();
  }

  private void ended(long sentNanos, String failure, Reach reach) {
    latencies.record(simulation().now() - sentNanos);
    if (failure.isEmpty()) {
      ok++;
      if (!plan.lookFor().isEmpty() && reach.response().body().contains(plan.lookFor())) {
        found++;
      }
      return;
    }
    failed++;
    // The first of each reason is kept, whatever there was before.
    boolean first = failures.put(failure, failures.getOrDefault(failure, 0L) + 1) == null;
    if (first || failedRequests.size() < FAILURES_KEPT) {
      failedRequests.add(
          new FailedRequest(sentNanos, simulation().now(), simulation().currentEvent(), reach));
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

  /** How many answers held the text that is looked for. */
  public long found() {
    return found;
  }

  /** How many attempts there were beyond the first ones. */
  public long retried() {
    return retried;
  }

  /** How often each reason of failure occurred, sorted. */
  public ImmutableMap<String, Long> failures() {
    return ImmutableMap.copyOf(failures);
  }

  /** The first failed requests. */
  public ImmutableList<FailedRequest> failedRequests() {
    return ImmutableList.copyOf(failedRequests);
  }

  /** Attempts by the endpoint that took them, sorted. */
  public ImmutableMap<String, Long> perEndpoint() {
    return ImmutableMap.copyOf(perEndpoint);
  }

  /** Requests of the endpoint that got most less those of the one that got fewest. */
  public long imbalance() {
    long most = perEndpoint.values().stream().mapToLong(n -> n).max().orElse(0);
    return most - perEndpoint.values().stream().mapToLong(n -> n).min().orElse(0);
  }

  /**
   * The latency that the given part of ended requests did not exceed, see {@link
   * Latencies#percentile}.
   *
   * @param part 0 to 1
   * @return 0 when none has ended
   */
  public Duration latency(double part) {
    return Duration.ofNanos(latencies.percentile(part));
  }
}
