package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.Reach;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Connects a number of times, one after the other, and says how it ended and who answered. */
record ConnectStep(
    Target target,
    String path,
    boolean sctp,
    long times,
    Failure outcome,
    long status,
    boolean even)
    implements Step {

  private static final ImmutableMap<String, Failure> OUTCOMES =
      ImmutableMap.of(
          "ok", Failure.NONE,
          "refused", Failure.REFUSED,
          "timeout", Failure.TIMED_OUT,
          "reset", Failure.RESET,
          "no-name", Failure.NAME_NOT_FOUND,
          "no-name-server", Failure.NAME_SERVER_SILENT);
  private static final ImmutableList<String> KEYS =
      ImmutableList.of("from", "to", "path", "sctp", "times", "outcome", "status", "spread");
  private static final int TIMES_MAX = 1_000_000;
  private static final int STATUS_MAX = 999;

  static Step read(FileFields fields, StepFiles files) {
    FileFields connect = fields.requiredMap("connect").known(KEYS);
    if (connect.bool("sctp", false) && connect.has("path")) {
      throw connect.wrong("path", "nothing is asked over SCTP");
    }
    Failure outcome = OUTCOMES.get(connect.word("outcome", "ok", OUTCOMES.keySet()));
    return new ConnectStep(
        Target.read(connect),
        connect.text("path", ""),
        connect.bool("sctp", false),
        connect.number("times", 1, 1, TIMES_MAX),
        outcome == null ? Failure.NONE : outcome,
        connect.number("status", 0, 0, STATUS_MAX),
        connect.word("spread", "any", ImmutableList.of("any", "even")).equals("even"));
  }

  @Override
  public String words() {
    return (path.isEmpty() ? "connect to " : "GET " + path + " of ")
        + target
        + (times == 1 ? "" : ", " + times + " times");
  }

  @Override
  public boolean expects() {
    return true;
  }

  @Override
  public @Nullable String run(StepContext context) {
    Map<String, Long> perEndpoint = new TreeMap<>();
    String last = "";
    for (long i = 0; i < times; i++) {
      Reach reach =
          path.isEmpty()
              ? connect(context.cluster())
              : context.cluster().get(target.from(), target.host(), target.port(), path);
      last = reach.line();
      if (reach.failure() != outcome) {
        return "connection " + (i + 1) + ": " + last;
      }
      if (status != 0 && reach.response().status() != status) {
        return "answer " + (i + 1) + ": " + last + ", expected HTTP " + status;
      }
      if (!reach.endpoint().isEmpty()) {
        perEndpoint.merge(reach.endpoint(), 1L, Long::sum);
      }
    }
    context.tell(words() + ": " + (times == 1 ? last : spread(perEndpoint)));
    long most = perEndpoint.values().stream().mapToLong(n -> n).max().orElse(0);
    long fewest = perEndpoint.values().stream().mapToLong(n -> n).min().orElse(0);
    return even && most - fewest > 1 ? "not even: " + spread(perEndpoint) : null;
  }

  private Reach connect(Cluster cluster) {
    return sctp
        ? cluster.associate(target.from(), target.host(), target.port())
        : cluster.connect(target.from(), target.host(), target.port());
  }

  private static String spread(Map<String, Long> perEndpoint) {
    StringBuilder out = new StringBuilder();
    perEndpoint.forEach(
        (endpoint, count) ->
            out.append(out.isEmpty() ? "" : ", ").append(endpoint).append(" took ").append(count));
    return out.isEmpty() ? "no endpoint took any" : out.toString();
  }
}
