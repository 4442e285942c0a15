package dev.wavetank.proxy.iptables;

import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The walk that asks every rule of every chain itself, as iptables' manual tells it. */
final class PlainRuleset implements HookRules {

  private final Ruleset rules;
  private final RuleState state;
  private @Nullable List<RuleHit> trail;

  PlainRuleset(Ruleset rules, RuleState state) {
    this.rules = rules;
    this.state = state;
    state.reloaded();
  }

  @Override
  public void begin(long nowNanos, @Nullable List<RuleHit> newTrail) {
    trail = newTrail;
    state.now(nowNanos);
  }

  @Override
  public WalkResult.Verdict ask(Hook hook, Stage stage, PacketBuffer packet) {
    Table table = rules.table(LoadedRuleset.tableAt(stage));
    Chain chain = table == null ? null : table.chains().get(hook.name());
    if (table == null || chain == null) {
      return WalkResult.Verdict.ACCEPTED;
    }
    return switch (traverse(hook, stage, table, chain, packet)) {
      case DROP -> WalkResult.Verdict.DROPPED;
      case REJECT -> WalkResult.Verdict.REJECTED;
      case ACCEPT -> WalkResult.Verdict.ACCEPTED;
      default ->
          "DROP".equals(chain.policy()) ? WalkResult.Verdict.DROPPED : WalkResult.Verdict.ACCEPTED;
    };
  }

  private Target.Effect traverse(
      Hook hook, Stage stage, Table table, Chain chain, PacketBuffer packet) {
    for (int position = 0; position < chain.rules().size(); position++) {
      Rule rule = chain.rules().get(position);
      state.at(chain, position);
      if (!rule.matches(packet, state)) {
        continue;
      }
      if (trail != null) {
        trail.add(rule.hit(hook, stage, table.name(), chain.name()));
      }
      Target.Effect effect = rule.target().apply(packet);
      if (effect == Target.Effect.JUMP && rule.target() instanceof Target.Jump jump) {
        effect = traverse(hook, stage, table, table.chains().get(jump.chain()), packet);
      }
      if (effect == Target.Effect.RETURN) {
        return Target.Effect.CONTINUE;
      }
      if (effect != Target.Effect.CONTINUE) {
        return effect;
      }
    }
    return Target.Effect.CONTINUE;
  }
}
