package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A chain of a table.
 *
 * @param base where the kernel asks it; null for a chain that others jump to
 * @param comment may be empty
 */
public record Chain(String name, @Nullable Base base, String comment, ImmutableList<Rule> rules) {

  private static final int DNAT_PRIORITY = -100;
  private static final int SNAT_PRIORITY = 100;

  /**
   * A place at a hook; what no rule decides passes.
   *
   * @param nat whether the chain translates addresses, hence sees first packets only
   * @param priority chains of one hook are asked in ascending order
   */
  public record Base(boolean nat, Hook hook, int priority) {

    /**
     * A place that a packet's walk has.
     *
     * @throws IllegalArgumentException when it has no such place
     */
    public Base {
      boolean known =
          switch (hook) {
            case PREROUTING -> nat || priority < DNAT_PRIORITY;
            case INPUT, FORWARD -> !nat;
            case OUTPUT -> true;
            case POSTROUTING -> nat || priority < SNAT_PRIORITY;
          };
      if (!known) {
        throw new IllegalArgumentException(
            "no place for a chain of type "
                + (nat ? "nat" : "filter")
                + " at hook "
                + hook.name().toLowerCase(Locale.ROOT)
                + ", priority "
                + priority);
      }
    }

    HookRules.Stage stage() {
      if (nat) {
        return HookRules.Stage.TRANSLATION;
      }
      boolean before =
          hook == Hook.POSTROUTING
              || ((hook == Hook.PREROUTING || hook == Hook.OUTPUT) && priority < DNAT_PRIORITY);
      return before ? HookRules.Stage.BEFORE_TRANSLATION : HookRules.Stage.AFTER_TRANSLATION;
    }

    private String start() {
      return "type "
          + (nat ? "nat" : "filter")
          + " hook "
          + hook.name().toLowerCase(Locale.ROOT)
          + " priority ";
    }

    /** nft knows names for some priorities at some hooks, and offsets from them. */
    private String listedPriority() {
      if (priority == 0) {
        return "filter";
      }
      if (hook == Hook.PREROUTING) {
        int offset = priority - DNAT_PRIORITY;
        if (Math.abs(offset) <= 10) {
          return offset == 0 ? "dstnat" : "dstnat " + (offset < 0 ? "- " : "+ ") + Math.abs(offset);
        }
      }
      return hook == Hook.POSTROUTING && priority == SNAT_PRIORITY
          ? "srcnat"
          : Integer.toString(priority);
    }
  }

  /** A chain that others jump to. */
  public static Chain of(String name, List<Rule> rules) {
    return new Chain(name, null, "", ImmutableList.copyOf(rules));
  }

  /** This chain with other rules. */
  public Chain withRules(List<Rule> other) {
    return new Chain(name, base, comment, ImmutableList.copyOf(other));
  }

  /** Whether a rule counts packets. */
  boolean counts() {
    return rules.stream().anyMatch(Rule::counts);
  }

  /** Appends what stands behind the name in the command that adds it. */
  public void appendWritten(StringBuilder out) {
    if (base == null && comment.isEmpty()) {
      return;
    }
    out.append(" {");
    if (base != null) {
      out.append(' ').append(base.start()).append(base.priority).append(" ;");
    }
    if (!comment.isEmpty()) {
      out.append(" comment \"").append(comment).append("\" ;");
    }
    out.append(" }");
  }

  void appendListed(StringBuilder out, IpFamily family) {
    out.append("\tchain ").append(name).append(" {\n");
    if (!comment.isEmpty()) {
      out.append("\t\tcomment \"").append(comment).append("\"\n");
    }
    if (base != null) {
      out.append("\t\t").append(base.start()).append(base.listedPriority());
      out.append("; policy accept;\n");
    }
    for (Rule rule : rules) {
      out.append("\t\t").append(rule.listed(family)).append('\n');
    }
    out.append("\t}\n");
  }
}
