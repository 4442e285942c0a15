package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/** Shows the rules of a node. */
record IptablesSaveStep(String node, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new IptablesSaveStep(fields.text("iptables-save"), PrintedText.read(fields));
  }

  @Override
  public String words() {
    return "iptables-save on " + node;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().iptablesSave(node);
    context.tellCommand("wavetank iptables-save " + node, printed);
    return expected.unmet(printed);
  }
}
