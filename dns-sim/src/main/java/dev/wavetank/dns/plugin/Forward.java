package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Hands questions on to servers outside of the cluster; one after the other until one answers or
 * five seconds are over.
 *
 * <p>Health checks run only where their result can matter: a server that failed is down as soon as
 * three checks in a row would have failed, and up again when it answers.
 *
 * <p>Follows plugin/forward/forward.go (CoreDNS v1.14).
 */
public final class Forward implements Handler {
  /** In which order servers are asked. */
  public enum Policy {
    RANDOM,
    ROUND_ROBIN,
    SEQUENTIAL
  }

  /**
   * What a Corefile says about the plugin.
   *
   * @param from the zone whose names are handed on
   * @param except zones below it whose names are not
   * @param to addresses, with a port if it is not 53; at most 15
   * @param failuresMax failed health checks after which a server counts as down; 0 is never
   */
  public record Config(
      Zones from, Zones except, ImmutableList<String> to, Policy policy, int failuresMax) {}

  /** Upstream servers that a Corefile may name. */
  public static final int TO_MAX = 15;

  public static final int FAILURES_MAX = 2;

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long READ_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long CHECK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long CHECK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Config config;
  private final Upstream upstream;
  private final ChoiceStream choices;
  private final Handler next;

  /** Virtual time from which each server counts as down. */
  private final long[] downFromNanos;

  private int robin;

  public Forward(Config config, Upstream upstream, ChoiceStream choices, Handler next) {
    this.config = config;
    this.upstream = upstream;
    this.choices = choices;
    this.next = next;
    this.downFromNanos = new long[config.to().size()];
    Arrays.fill(downFromNanos, Long.MAX_VALUE);
  }

  @Override
  public String name() {
    return "forward";
  }

  @Override
  public Reply serve(Query query) {
    if (!config.from().contain(query.name()) || config.except().contain(query.name())) {
      return next.serve(query);
    }
    int[] order = order();
    long deadline = query.nowNanos() + DEADLINE_NANOS;
    int position = 0;
    int fails = 0;
    while (query.nowNanos() < deadline) {
      if (position >= order.length) {
        position = 0;
        fails = 0;
      }
      int server = order[position++];
      if (down(server, query.nowNanos())) {
        fails++;
        if (fails < order.length) {
          continue;
        }
        // All are down: perhaps the checks are wrong. One more try, anywhere.
        server = choices.choose(order.length);
      }
      Upstream.Outcome outcome = upstream.ask(config.to().get(server), query);
      Reply reply = outcome.reply();
      if (reply != null) {
        query.spend(outcome.latencyNanos());
        downFromNanos[server] = Long.MAX_VALUE;
        return reply;
      }
      failed(server, outcome, query, deadline);
      if (fails >= order.length) {
        break;
      }
    }
    return Reply.SERVER_FAILURE;
  }

  private boolean down(int server, long nowNanos) {
    return config.failuresMax() > 0 && nowNanos >= downFromNanos[server];
  }

  private void failed(int server, Upstream.Outcome outcome, Query query, long deadline) {
    boolean refused = outcome.fate() == Upstream.Fate.REFUSED;
    // Health checks begin with the first failure and fail as the question did.
    query.spend(refused ? outcome.latencyNanos() : READ_TIMEOUT_NANOS);
    if (downFromNanos[server] == Long.MAX_VALUE) {
      long check = refused ? outcome.latencyNanos() : CHECK_TIMEOUT_NANOS;
      downFromNanos[server] =
          query.nowNanos() + check + config.failuresMax() * (check + CHECK_INTERVAL_NANOS);
    }
    if (refused) {
      // It would try again at once, over and over; the next try that matters is when the server
      // counts as down, or never.
      long until = config.failuresMax() > 0 ? downFromNanos[server] : deadline;
      query.spend(Math.max(0, Math.min(until, deadline) - query.nowNanos()));
    }
  }

  private int[] order() {
    int count = config.to().size();
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    if (count == 1) {
      return order;
    }
    switch (config.policy()) {
      case RANDOM -> {
        for (int i = 0; i < count - 1; i++) {
          int other = i + choices.choose(count - i);
          int swapped = order[i];
          order[i] = order[other];
          order[other] = swapped;
        }
      }
      case ROUND_ROBIN -> {
        for (int i = 0; i < count; i++) {
          order[i] = (robin + i) % count;
        }
        robin = (robin + 1) % count;
      }
      case SEQUENTIAL -> {}
    }
    return order;
  }
}
