package dev.wavetank.proxy.iptables;

import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule set in one node's kernel, with what its rules remember there. */
public final class LoadedRuleset implements HookRules {

  /** Bound on chains within chains; the kernel refuses loops when rules are loaded. */
  private static final int DEPTH_MAX = 64;

  /** Chains shorter than this are walked rule by rule. */
  private static final int INDEX_FROM = 12;

  private final Ruleset rules;
  private final RuleState state;
  private final boolean plain;

  private Hook hook = Hook.OUTPUT;
  private Stage stage = Stage.BEFORE_TRANSLATION;
  private @Nullable List<RuleHit> trail;

  public LoadedRuleset(Ruleset rules, RuleState state) {
    this(rules, state, false);
  }

  /**
   * @param plain ask every rule of every chain itself
   */
  LoadedRuleset(Ruleset rules, RuleState state, boolean plain) {
    this.rules = rules;
    this.state = state;
    this.plain = plain;
    state.reloaded();
  }

  @Override
  public void begin(long nowNanos, @Nullable List<RuleHit> newTrail) {
    trail = newTrail;
    state.now(nowNanos);
  }

  @Override
  public WalkResult.Verdict ask(Hook at, Stage newStage, PacketBuffer packet) {
    hook = at;
    stage = newStage;
    Table table = rules.table(tableAt(newStage));
    LinkedChain chain = table == null ? null : table.at(at);
    if (chain == null) {
      return WalkResult.Verdict.ACCEPTED;
    }
    Target.Effect effect = traverse(chain, packet, 0);
    return switch (effect) {
      case DROP -> WalkResult.Verdict.DROPPED;
      case REJECT -> WalkResult.Verdict.REJECTED;
      case ACCEPT -> WalkResult.Verdict.ACCEPTED;
      default ->
          "DROP".equals(chain.chain().policy())
              ? WalkResult.Verdict.DROPPED
              : WalkResult.Verdict.ACCEPTED;
    };
  }

  private static Table.Name tableAt(Stage stage) {
    return switch (stage) {
      case BEFORE_TRANSLATION -> Table.Name.MANGLE;
      case TRANSLATION -> Table.Name.NAT;
      case AFTER_TRANSLATION -> Table.Name.FILTER;
    };
  }

  /** Asks the rules of a chain: ACCEPT, DROP or REJECT, or CONTINUE when none decided. */
  private Target.Effect traverse(LinkedChain chain, PacketBuffer packet, int depth) {
    if (!plain && chain.size() >= INDEX_FROM) {
      return traverseIndexed(chain, packet, depth);
    }
    return trail != null || plain
        ? traverseRules(chain, packet, depth)
        : traverseCode(chain, packet, depth);
  }

  private Target.Effect traverseRules(LinkedChain chain, PacketBuffer packet, int depth) {
    int size = chain.size();
    for (int position = 0; position < size; position++) {
      Target.Effect effect = ask(chain, position, packet, depth);
      if (effect != Target.Effect.CONTINUE) {
        return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
      }
    }
    return Target.Effect.CONTINUE;
  }

  private Target.Effect traverseCode(LinkedChain chain, PacketBuffer packet, int depth) {
    for (int at = 0; at < chain.end(); at = chain.after(at)) {
      Target.Effect effect = chain.ask(at, packet, state);
      if (effect == Target.Effect.JUMP) {
        effect = jump(chain, chain.position(at), packet, depth);
      }
      if (effect != Target.Effect.CONTINUE) {
        return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
      }
    }
    return Target.Effect.CONTINUE;
  }

  private Target.Effect traverseIndexed(LinkedChain chain, PacketBuffer packet, int depth) {
    ChainIndex index = chain.chain().index();
    int general = index.general();
    int byAddress = index.byAddress(packet);
    int byPort = index.byPort(packet);
    while (true) {
      int position = Math.min(general, Math.min(byAddress, byPort));
      if (position == ChainIndex.END) {
        return Target.Effect.CONTINUE;
      }
      if (position == general) {
        general = index.after(position);
      } else if (position == byAddress) {
        byAddress = index.after(position);
      } else {
        byPort = index.after(position);
      }
      Target.Effect effect =
          trail == null
              ? askCode(chain, position, packet, depth)
              : ask(chain, position, packet, depth);
      if (effect != Target.Effect.CONTINUE) {
        return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
      }
    }
  }

  private Target.Effect askCode(LinkedChain chain, int position, PacketBuffer packet, int depth) {
    Target.Effect effect = chain.ask(chain.offset(position), packet, state);
    return effect == Target.Effect.JUMP ? jump(chain, position, packet, depth) : effect;
  }

  private Target.Effect ask(LinkedChain chain, int position, PacketBuffer packet, int depth) {
    Rule rule = chain.chain().rules().get(position);
    if (rule.stateful()) {
      state.at(chain.chain(), position);
    }
    if (!rule.matches(packet, state)) {
      return Target.Effect.CONTINUE;
    }
    List<RuleHit> wanted = trail;
    if (wanted != null) {
      wanted.add(hit(chain, rule));
    }
    Target.Effect effect = rule.target().apply(packet);
    return effect == Target.Effect.JUMP ? jump(chain, position, packet, depth) : effect;
  }

  private Target.Effect jump(LinkedChain chain, int position, PacketBuffer packet, int depth) {
    LinkedChain next = chain.next(position);
    if (next == null || depth >= DEPTH_MAX) {
      throw new SimulationBug(
          next == null
              ? "no chain for " + chain.chain().rules().get(position)
              : "chains nested deeper than " + DEPTH_MAX);
    }
    return traverse(next, packet, depth + 1);
  }

  private RuleHit hit(LinkedChain linked, Rule rule) {
    Chain chain = linked.chain();
    String text = rule.toString();
    return new RuleHit(
        hook,
        stage,
        linked.table().name().ruleName(),
        chain.name(),
        "-A " + chain.name() + (text.isEmpty() ? "" : " " + text),
        rule.target().words());
  }
}
