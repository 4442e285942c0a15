package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.kubelet.NodeConfig;
import org.jspecify.annotations.Nullable;

/** Adds a node, as an autoscaler does. */
record JoinStep(NodeConfig node) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new JoinStep(NodeFields.read(fields.requiredMap("join")));
  }

  @Override
  public String words() {
    return "join " + node.name();
  }

  @Override
  public @Nullable String run(StepContext context) {
    context.tell("node " + node.name() + " joins");
    context.cluster().join(node);
    return null;
  }
}
