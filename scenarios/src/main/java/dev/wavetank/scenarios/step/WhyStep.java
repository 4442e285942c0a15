package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.expect.ObjectReference;
import dev.wavetank.scenarios.traffic.LostRequest;
import dev.wavetank.scenarios.traffic.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * Tells how an object came to be as it is; on request the pod is annotated with what its scheduler
 * made of each node, as kube-scheduler-simulator does it. Of a traffic source it tells why requests
 * were lost.
 *
 * @param object null for a traffic source
 * @param traffic name of the source; empty for an object
 */
record WhyStep(
    @Nullable ObjectReference object, String traffic, boolean annotate, PrintedText expected)
    implements Step {

  private static final String TRAFFIC = "traffic/";

  static Step read(FileFields fields, StepFiles files) {
    String what = fields.text("why");
    if (what.startsWith(TRAFFIC)) {
      String name = what.substring(TRAFFIC.length());
      return new WhyStep(null, name, false, PrintedText.read(fields));
    }
    try {
      return new WhyStep(
          ObjectReference.parse(what),
          "",
          fields.bool("annotate", false),
          PrintedText.read(fields));
    } catch (IllegalArgumentException e) {
      throw fields.wrong("why", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String words() {
    return "why " + (object == null ? TRAFFIC + traffic : object);
  }

  @Override
  public @Nullable String run(StepContext context) {
    ObjectReference one = object;
    if (one == null) {
      return requests(context);
    }
    String printed = context.cluster().why(one.key(context.namespace()));
    context.tellCommand("wavetank why " + one, printed);
    if (annotate && !context.cluster().annotateScheduling(one.key(context.namespace()))) {
      return one + " was never scheduled";
    }
    return expected.unmet(printed);
  }

  private @Nullable String requests(StepContext context) {
    Traffic source = context.traffic(traffic);
    if (source == null) {
      return "traffic " + traffic + " has not begun";
    }
    String printed = LostRequest.stories(context.cluster(), source);
    context.tellCommand("wavetank " + words(), printed);
    return expected.unmet(printed);
  }
}
