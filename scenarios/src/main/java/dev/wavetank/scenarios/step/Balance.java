package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.httpproxy.SlowStart;
import dev.wavetank.scenarios.cluster.BalancedSession;
import org.jspecify.annotations.Nullable;

/** The keys of traffic that say who chooses an endpoint: the way to the Service, or the source. */
final class Balance {

  private static final ImmutableList<String> WORDS = ImmutableList.of("service", "client");
  private static final ImmutableList<String> KEYS =
      ImmutableList.of("window", "aggression", "min-weight-percent");
  private static final double AGGRESSION_MAX = 100;
  private static final int PERCENT = 100;

  private Balance() {}

  /**
   * How the source balances.
   *
   * @param target of the requests
   * @return null when it leaves that to others
   */
  static @Nullable SlowStart read(FileFields traffic, Target target) {
    if (traffic.word("balance", "service", WORDS).equals("service")) {
      if (traffic.has("slow-start")) {
        throw traffic.wrong("slow-start", "only a source that balances has it: balance: client");
      }
      return null;
    }
    if (target.from().equals("outside")) {
      throw traffic.wrong("balance", "pods cannot be reached from outside: say from: pod/NAME");
    }
    if (!BalancedSession.isService(target.host())) {
      throw traffic.wrong(
          "to", "a client balances between the endpoints of a Service: expected its name");
    }
    if (!traffic.isMap("slow-start")) {
      return traffic.has("slow-start")
          ? SlowStart.over(window(traffic, "slow-start"))
          : SlowStart.NONE;
    }
    FileFields slowStart = traffic.requiredMap("slow-start").known(KEYS);
    if (!slowStart.has("window")) {
      throw slowStart.wrong("field \"window\" is required");
    }
    return new SlowStart(
        window(slowStart, "window"),
        aggression(slowStart),
        (int) slowStart.number("min-weight-percent", SlowStart.MIN_WEIGHT_PERCENT, 1, PERCENT));
  }

  private static long window(FileFields fields, String key) {
    long window = fields.nanos(key, 0);
    if (window < 1) {
      throw fields.wrong(key, "expected more than nothing");
    }
    return window;
  }

  private static double aggression(FileFields fields) {
    String text = fields.text("aggression", Double.toString(SlowStart.AGGRESSION));
    double value = text.matches("\\d{1,3}(\\.\\d{1,9})?") ? Double.parseDouble(text) : 0;
    if (value <= 0 || value > AGGRESSION_MAX) {
      throw fields.wrong("aggression", "expected a number above 0, at most 100, such as 1.5");
    }
    return value;
  }
}
