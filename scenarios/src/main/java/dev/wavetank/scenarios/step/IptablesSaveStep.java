package dev.wavetank.scenarios.step;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/**
 * Shows the rules of a node.
 *
 * @param grep shows only lines with this text; empty for all
 */
record IptablesSaveStep(String node, String grep, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new IptablesSaveStep(
        fields.text("iptables-save"), fields.text("grep", ""), PrintedText.read(fields));
  }

  @Override
  public String words() {
    return "iptables-save on " + node;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().iptablesSave(node);
    String command = "iptables-save";
    if (!grep.isEmpty()) {
      Iterable<String> lines = Splitter.on('\n').split(printed);
      printed = Joiner.on('\n').join(Iterables.filter(lines, line -> line.contains(grep)));
      command += " | grep " + grep;
    }
    context.tellCommand(command + "   # on " + node, printed);
    return expected.unmet(printed);
  }
}
