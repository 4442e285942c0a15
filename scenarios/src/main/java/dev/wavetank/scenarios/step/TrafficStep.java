package dev.wavetank.scenarios.step;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.cluster.HttpSession;
import dev.wavetank.scenarios.traffic.Load;
import dev.wavetank.scenarios.traffic.Retries;
import dev.wavetank.scenarios.traffic.Traffic;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Begins to send requests; the steps after it go on while they are sent. */
record TrafficStep(Traffic.Plan plan) implements Step {

  static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "name",
          "from",
          "to",
          "udp",
          "host",
          "path",
          "look-for",
          "every",
          "arrivals",
          "ramp-to",
          "recorded",
          "clients",
          "think",
          "start-over",
          "for",
          "timeout",
          "keep-alive",
          "http2",
          "max-age",
          "retries",
          "back-off",
          "retry-budget",
          "balance",
          "slow-start");
  static final ImmutableList<String> ARRIVALS = ImmutableList.of("constant", "poisson");

  private static final long MILLI = 1_000_000L;
  private static final int CLIENTS_MAX = 100_000;
  private static final int CONNECTIONS_MAX = 100_000;
  private static final int RETRIES_MAX = 100;
  private static final int PERCENT = 100;

  static Step read(FileFields fields, StepFiles files) {
    FileFields traffic = fields.requiredMap("traffic").known(KEYS);
    Target target = Target.read(traffic);
    Load.Recorded recorded = traffic.has("recorded") ? recorded(traffic, files) : null;
    long duration = traffic.nanos("for", recorded == null ? 60_000 * MILLI : length(recorded));
    if (duration < 1) {
      throw traffic.wrong("for", "expected more than nothing");
    }
    return new TrafficStep(
        new Traffic.Plan(
            traffic.text("name", "traffic"),
            target.from(),
            target.host(),
            target.port(),
            udp(traffic),
            traffic.text("host", target.host()),
            traffic.text("path", "/"),
            traffic.text("look-for", ""),
            recorded == null ? load(traffic, duration) : recorded,
            reuse(traffic),
            retries(traffic),
            Duration.ofNanos(duration),
            Duration.ofNanos(traffic.nanos("timeout", 2_000 * MILLI)),
            Balance.read(traffic, target)));
  }

  private static boolean udp(FileFields traffic) {
    boolean udp = traffic.bool("udp", false);
    for (String http : ImmutableList.of("host", "keep-alive", "http2", "max-age", "balance")) {
      if (udp && traffic.has(http)) {
        throw traffic.wrong(http, "datagrams have no such thing");
      }
    }
    return udp;
  }

  /** A record, written in place or in a file beside the scenario. */
  private static Load.Recorded recorded(FileFields traffic, StepFiles files) {
    for (String other :
        ImmutableList.of("every", "arrivals", "ramp-to", "clients", "think", "start-over")) {
      if (traffic.has(other)) {
        throw traffic.wrong(other, "requests are sent when the record says");
      }
    }
    String record = traffic.text("recorded");
    return record.contains("\n")
        ? Load.Recorded.read(traffic.place("recorded").file() + " (recorded)", record)
        : Load.Recorded.read(record, new String(files.read(traffic, "recorded", record), UTF_8));
  }

  /** So that the last request is sent. */
  private static long length(Load.Recorded recorded) {
    return recorded.offsetsNanos().get(recorded.offsetsNanos().size() - 1) + MILLI;
  }

  private static Load load(FileFields traffic, long duration) {
    if (traffic.has("clients")) {
      for (String open : ImmutableList.of("every", "arrivals", "ramp-to")) {
        if (traffic.has(open)) {
          throw traffic.wrong(open, "clients that wait for their answers send when they have them");
        }
      }
      return new Load.Closed(
          (int) traffic.number("clients", 1, 1, CLIENTS_MAX),
          traffic.nanos("think", 0),
          startOver(traffic, duration));
    }
    if (traffic.has("think")) {
      throw traffic.wrong("think", "only clients think: say how many with clients");
    }
    if (traffic.has("start-over")) {
      throw traffic.wrong("start-over", "only clients start: say how many with clients");
    }
    long every = interval(traffic, "every", 100 * MILLI, duration);
    return new Load.Open(
        every,
        interval(traffic, "ramp-to", every, duration),
        traffic.word("arrivals", "constant", ARRIVALS).equals("poisson"));
  }

  private static long startOver(FileFields traffic, long duration) {
    long startOver = traffic.nanos("start-over", 0);
    if (startOver > duration) {
      throw traffic.wrong("start-over", "the last clients would begin after the end");
    }
    return startOver;
  }

  private static long interval(FileFields traffic, String key, long otherwise, long duration) {
    long interval = traffic.nanos(key, otherwise);
    if (interval < MILLI) {
      throw traffic.wrong(key, "expected at least 1ms");
    }
    if (duration / interval > Traffic.REQUESTS_MAX) {
      throw traffic.wrong("for", "a source sends at most " + Traffic.REQUESTS_MAX + " requests");
    }
    return interval;
  }

  private static HttpSession.Reuse reuse(FileFields traffic) {
    boolean http2 = traffic.bool("http2", false);
    if (http2 && traffic.has("keep-alive")) {
      throw traffic.wrong("keep-alive", "http2 has one connection");
    }
    int connections = http2 ? 1 : (int) traffic.number("keep-alive", 0, 1, CONNECTIONS_MAX);
    if (connections == 0 && traffic.has("max-age")) {
      throw traffic.wrong("max-age", "no connection is kept without keep-alive or http2");
    }
    return new HttpSession.Reuse(connections, http2, traffic.nanos("max-age", 0));
  }

  private static Retries retries(FileFields traffic) {
    return new Retries(
        1 + (int) traffic.number("retries", 0, 0, RETRIES_MAX),
        traffic.nanos("back-off", 100 * MILLI),
        (int) traffic.number("retry-budget", PERCENT * RETRIES_MAX, 0, PERCENT * RETRIES_MAX));
  }

  @Override
  public String words() {
    return "traffic " + plan.name();
  }

  @Override
  public @Nullable String run(StepContext context) {
    if (context.traffic(plan.name()) != null) {
      return "traffic " + plan.name() + " has begun already";
    }
    context.tell(
        "traffic "
            + plan.name()
            + ": "
            + rhythm()
            + " to "
            + plan.host()
            + ":"
            + plan.port()
            + " from "
            + plan.from()
            + " for "
            + Times.text(plan.duration().toNanos()));
    context.start(new Traffic(context.cluster(), plan));
    return null;
  }

  private String rhythm() {
    if (plan.load() instanceof Load.Closed closed) {
      return closed.clients() + " clients send requests";
    }
    if (plan.load() instanceof Load.Recorded recorded) {
      return recorded.offsetsNanos().size() + " recorded requests";
    }
    long interval = ((Load.Open) plan.load()).intervalNanos();
    return "a request every " + Times.text(interval);
  }
}
