package dev.wavetank.scenarios.step;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.cluster.NodeRules;
import org.jspecify.annotations.Nullable;

/**
 * Shows the rules of a node.
 *
 * @param grep shows only lines with this text; empty for all
 */
record RulesStep(Tool tool, String node, String grep, PrintedText expected) implements Step {

  /** The program that prints the rules. */
  enum Tool {
    IPTABLES_SAVE("iptables-save", "iptables-save"),
    NFT_LIST("nft-list", "nft list ruleset"),
    IPVSADM("ipvsadm", "ipvsadm -Ln");

    private final String key;
    private final String command;

    Tool(String key, String command) {
      this.key = key;
      this.command = command;
    }

    private String printed(NodeRules rules) {
      return switch (this) {
        case IPTABLES_SAVE -> rules.iptablesSave();
        case NFT_LIST -> rules.nftListRuleset();
        case IPVSADM -> rules.ipvsadmList();
      };
    }
  }

  static Step iptablesSave(FileFields fields, StepFiles files) {
    return read(Tool.IPTABLES_SAVE, fields);
  }

  static Step nftList(FileFields fields, StepFiles files) {
    return read(Tool.NFT_LIST, fields);
  }

  static Step ipvsadm(FileFields fields, StepFiles files) {
    return read(Tool.IPVSADM, fields);
  }

  private static Step read(Tool tool, FileFields fields) {
    return new RulesStep(
        tool, fields.text(tool.key), fields.text("grep", ""), PrintedText.read(fields));
  }

  @Override
  public String words() {
    return tool.key + " on " + node;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = tool.printed(context.cluster().rules(node));
    String command = tool.command;
    if (!grep.isEmpty()) {
      Iterable<String> lines = Splitter.on('\n').split(printed);
      printed = Joiner.on('\n').join(Iterables.filter(lines, line -> line.contains(grep)));
      command += " | grep " + grep;
    }
    context.tellCommand(command + "   # on " + node, printed);
    return expected.unmet(printed);
  }
}
