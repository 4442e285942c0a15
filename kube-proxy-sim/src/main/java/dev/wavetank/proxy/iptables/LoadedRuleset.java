package dev.wavetank.proxy.iptables;

import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule set in one node's kernel, with what its rules remember there. */
@SuppressWarnings("EnumOrdinal") // kept in memory only
public final class LoadedRuleset implements HookRules {

  private static final Stage[] STAGES = Stage.values();

  private final RuleState state;

  /** By stage; null for a table that is not there. */
  private final @Nullable TableWalk[] tables = new TableWalk[STAGES.length];

  private @Nullable List<RuleHit> trail;

  public LoadedRuleset(Ruleset rules, RuleState state) {
    this.state = state;
    state.reloaded();
    for (Stage stage : STAGES) {
      Table table = rules.table(tableAt(stage));
      if (table != null) {
        RunTurns turns = state.turns(rules.family(), table.name());
        tables[stage.ordinal()] = new TableWalk(table, turns, state);
      }
    }
  }

  @Override
  public void begin(long nowNanos, @Nullable List<RuleHit> newTrail) {
    trail = newTrail;
    state.now(nowNanos);
  }

  @Override
  public WalkResult.Verdict ask(Hook hook, Stage stage, PacketBuffer packet) {
    TableWalk table = tables[stage.ordinal()];
    Target.Effect effect =
        table == null ? Target.Effect.ACCEPT : table.ask(hook, stage, packet, trail);
    return switch (effect) {
      case DROP -> WalkResult.Verdict.DROPPED;
      case REJECT -> WalkResult.Verdict.REJECTED;
      default -> WalkResult.Verdict.ACCEPTED;
    };
  }

  /** The table whose chains are asked in a stage. */
  static Table.Name tableAt(Stage stage) {
    return switch (stage) {
      case BEFORE_TRANSLATION -> Table.Name.MANGLE;
      case TRANSLATION -> Table.Name.NAT;
      case AFTER_TRANSLATION -> Table.Name.FILTER;
    };
  }
}
