package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.expect.ObjectReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells how an object came to be as it is; on request the pod is annotated with what its scheduler
 * made of each node, as kube-scheduler-simulator does it.
 */
record WhyStep(ObjectReference object, boolean annotate, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    try {
      return new WhyStep(
          ObjectReference.parse(fields.text("why")),
          fields.bool("annotate", false),
          PrintedText.read(fields));
    } catch (IllegalArgumentException e) {
      throw fields.wrong("why", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String words() {
    return "why " + object;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().why(object.key(context.namespace()));
    context.tellCommand("wavetank why " + object, printed);
    if (annotate && !context.cluster().annotateScheduling(object.key(context.namespace()))) {
      return object + " was never scheduled";
    }
    return expected.unmet(printed);
  }
}
