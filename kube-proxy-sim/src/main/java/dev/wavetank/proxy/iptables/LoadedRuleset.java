package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
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
  private final boolean indexed;

  private Hook hook = Hook.OUTPUT;
  private Stage stage = Stage.BEFORE_TRANSLATION;
  private @Nullable List<RuleHit> trail;

  public LoadedRuleset(Ruleset rules, RuleState state) {
    this(rules, state, true);
  }

  /**
   * @param indexed false: ask every rule of every chain, as the kernel does
   */
  LoadedRuleset(Ruleset rules, RuleState state, boolean indexed) {
    this.rules = rules;
    this.state = state;
    this.indexed = indexed;
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
    Chain chain = table == null ? null : table.at(at);
    if (table == null || chain == null) {
      return WalkResult.Verdict.ACCEPTED;
    }
    Target.Effect effect = traverse(table, chain, packet, 0);
    return switch (effect) {
      case DROP -> WalkResult.Verdict.DROPPED;
      case REJECT -> WalkResult.Verdict.REJECTED;
      case ACCEPT -> WalkResult.Verdict.ACCEPTED;
      default ->
          "DROP".equals(chain.policy()) ? WalkResult.Verdict.DROPPED : WalkResult.Verdict.ACCEPTED;
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
  private Target.Effect traverse(Table table, Chain chain, PacketBuffer packet, int depth) {
    ImmutableList<Rule> all = chain.rules();
    int size = all.size();
    if (indexed && size >= INDEX_FROM) {
      return traverseIndexed(table, chain, packet, depth);
    }
    for (int position = 0; position < size; position++) {
      Target.Effect effect = ask(table, chain, position, packet, depth);
      if (effect != Target.Effect.CONTINUE) {
        return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
      }
    }
    return Target.Effect.CONTINUE;
  }

  private Target.Effect traverseIndexed(Table table, Chain chain, PacketBuffer packet, int depth) {
    ChainIndex index = chain.index();
    int[] general = index.general();
    int[] byAddress = index.byAddress(packet);
    int[] byPort = index.byPort(packet);
    int g = 0;
    int a = 0;
    int p = 0;
    while (true) {
      int nextGeneral = g < general.length ? general[g] : Integer.MAX_VALUE;
      int nextAddress = a < byAddress.length ? byAddress[a] : Integer.MAX_VALUE;
      int nextPort = p < byPort.length ? byPort[p] : Integer.MAX_VALUE;
      int position = Math.min(nextGeneral, Math.min(nextAddress, nextPort));
      if (position == Integer.MAX_VALUE) {
        return Target.Effect.CONTINUE;
      }
      if (position == nextGeneral) {
        g++;
      } else if (position == nextAddress) {
        a++;
      } else {
        p++;
      }
      Target.Effect effect = ask(table, chain, position, packet, depth);
      if (effect != Target.Effect.CONTINUE) {
        return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
      }
    }
  }

  private Target.Effect ask(
      Table table, Chain chain, int position, PacketBuffer packet, int depth) {
    Rule rule = chain.rules().get(position);
    if (rule.stateful()) {
      state.at(chain, position);
    }
    if (!rule.matches(packet, state)) {
      return Target.Effect.CONTINUE;
    }
    List<RuleHit> wanted = trail;
    if (wanted != null) {
      wanted.add(hit(table, chain, rule));
    }
    Target target = rule.target();
    Target.Effect effect = target.apply(packet);
    if (effect != Target.Effect.JUMP) {
      return effect;
    }
    Target.Jump jump = (Target.Jump) target;
    Chain next = chain.next(table, position, jump);
    if (next == null || depth >= DEPTH_MAX) {
      throw new SimulationBug(
          next == null ? "no chain " + jump.chain() : "chains nested deeper than " + DEPTH_MAX);
    }
    return traverse(table, next, packet, depth + 1);
  }

  private RuleHit hit(Table table, Chain chain, Rule rule) {
    String text = rule.toString();
    return new RuleHit(
        hook,
        stage,
        table.name().ruleName(),
        chain.name(),
        "-A " + chain.name() + (text.isEmpty() ? "" : " " + text),
        rule.target().words());
  }
}
