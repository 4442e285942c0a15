package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table in one node's kernel, with what its rules remember there. */
public final class LoadedTable implements HookRules {

  /** Bound on jumps within jumps: the kernel's NFT_JUMP_STACK_SIZE. */
  private static final int DEPTH_MAX = 16;

  private final Table table;
  private final TableState state;

  private Hook hook = Hook.OUTPUT;
  private Stage stage = Stage.BEFORE_TRANSLATION;
  private @Nullable List<RuleHit> trail;

  public LoadedTable(Table table, TableState state) {
    this.table = table;
    this.state = state;
  }

  @Override
  public void begin(long nowNanos, @Nullable List<RuleHit> newTrail) {
    trail = newTrail;
    state.begin(table, nowNanos, newTrail != null);
  }

  @Override
  public WalkResult.Verdict ask(Hook at, Stage newStage, PacketBuffer packet) {
    hook = at;
    stage = newStage;
    ImmutableList<Chain> bases = table.at(at, newStage);
    for (int i = 0; i < bases.size(); i++) {
      switch (traverse(bases.get(i), packet, 0).kind()) {
        case DROP -> {
          return WalkResult.Verdict.DROPPED;
        }
        case REJECT -> {
          return WalkResult.Verdict.REJECTED;
        }
        default -> {}
      }
    }
    return WalkResult.Verdict.ACCEPTED;
  }

  /** Asks the rules of a chain: ACCEPT, DROP or REJECT, or CONTINUE when none decided. */
  private ChainVerdict traverse(Chain chain, PacketBuffer packet, int depth) {
    ImmutableList<Rule> rules = chain.rules();
    for (int position = 0; position < rules.size(); position++) {
      Rule rule = rules.get(position);
      state.at(chain, position);
      ChainVerdict verdict = rule.run(packet, state);
      hit(chain, rule, verdict);
      switch (verdict.kind()) {
        case CONTINUE, BREAK -> {}
        case ACCEPT, DROP, REJECT -> {
          return verdict;
        }
        case RETURN -> {
          return ChainVerdict.CONTINUE;
        }
        case GOTO -> {
          return traverse(next(verdict, depth), packet, depth + 1);
        }
        case JUMP -> {
          ChainVerdict after = traverse(next(verdict, depth), packet, depth + 1);
          if (after.kind() != ChainVerdict.Kind.CONTINUE) {
            return after;
          }
        }
      }
    }
    return ChainVerdict.CONTINUE;
  }

  private Chain next(ChainVerdict verdict, int depth) {
    Chain next = table.chains().get(verdict.chain());
    if (next == null || depth >= DEPTH_MAX) {
      throw new SimulationBug(
          next == null ? "no chain " + verdict.chain() : "chains nested deeper than " + DEPTH_MAX);
    }
    return next;
  }

  /** Notes a rule that held, in words: what it did, and where it sends the packet. */
  private void hit(Chain chain, Rule rule, ChainVerdict verdict) {
    List<RuleHit> wanted = trail;
    if (wanted == null) {
      return;
    }
    String did = state.told();
    String words =
        switch (verdict.kind()) {
          case BREAK -> "";
          case CONTINUE, ACCEPT -> did.isEmpty() ? verdict.words() : did;
          case DROP, REJECT, RETURN, JUMP, GOTO ->
              did.isEmpty() ? verdict.words() : did + ": " + verdict.words();
        };
    if (!words.isEmpty()) {
      String text = rule.listed(table.family());
      wanted.add(new RuleHit(hook, stage, table.name(), chain.name(), text, words));
    }
  }
}
