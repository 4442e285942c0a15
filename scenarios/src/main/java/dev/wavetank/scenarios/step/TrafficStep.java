package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.traffic.Traffic;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Begins to send requests; the steps after it go on while they are sent. */
record TrafficStep(Traffic.Plan plan) implements Step {

  private static final ImmutableList<String> KEYS =
      ImmutableList.of("name", "from", "to", "path", "every", "for", "timeout");
  private static final long MILLI = 1_000_000L;

  static Step read(FileFields fields, StepFiles files) {
    FileFields traffic = fields.requiredMap("traffic").known(KEYS);
    Target target = Target.read(traffic);
    long every = traffic.nanos("every", 100 * MILLI);
    long duration = traffic.nanos("for", 60_000 * MILLI);
    if (every < MILLI) {
      throw traffic.wrong("every", "expected at least 1ms");
    }
    if (duration / every > Traffic.REQUESTS_MAX) {
      throw traffic.wrong("for", "a source sends at most " + Traffic.REQUESTS_MAX + " requests");
    }
    return new TrafficStep(
        new Traffic.Plan(
            traffic.text("name", "traffic"),
            target.from(),
            target.host(),
            target.port(),
            traffic.text("path", "/"),
            Duration.ofNanos(every),
            Duration.ofNanos(duration),
            Duration.ofNanos(traffic.nanos("timeout", 2_000 * MILLI))));
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
            + ": a request to "
            + plan.host()
            + ":"
            + plan.port()
            + " from "
            + plan.from()
            + " every "
            + Times.text(plan.interval().toNanos())
            + " for "
            + Times.text(plan.duration().toNanos()));
    context.start(new Traffic(context.cluster(), plan));
    return null;
  }
}
