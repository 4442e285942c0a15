package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules.Stage;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the chains of one table on one node, in the form that {@link ChainCode} gives them. It finds
 * what asking each rule itself would find, in the same order.
 */
final class TableWalk {

  /** Bound on chains within chains; the kernel refuses loops when rules are loaded. */
  private static final int DEPTH_MAX = 64;

  private final Table table;
  private final TableCode code;
  private final RunTurns turns;
  private final RuleState state;

  private Hook hook = Hook.OUTPUT;
  private Stage stage = Stage.BEFORE_TRANSLATION;
  private @Nullable List<RuleHit> trail;

  TableWalk(Table table, RunTurns turns, RuleState state) {
    this.table = table;
    this.code = table.code();
    this.turns = turns;
    this.state = state;
    turns.load(code);
  }

  /** ACCEPT, DROP or REJECT; what the chain's policy says when no rule decided. */
  Target.Effect ask(
      Hook atHook, Stage atStage, PacketBuffer packet, @Nullable List<RuleHit> newTrail) {
    int start = code.at(atHook);
    if (start == TableCode.NOWHERE) {
      return code.policy(atHook);
    }
    hook = atHook;
    stage = atStage;
    trail = newTrail;
    Target.Effect effect = traverse(start, packet, 0);
    return effect == Target.Effect.CONTINUE ? code.policy(atHook) : effect;
  }

  /** Asks the rules of a chain: ACCEPT, DROP or REJECT, or CONTINUE when none decided. */
  private Target.Effect traverse(int start, PacketBuffer packet, int depth) {
    long own = code.words()[start];
    int number = ChainCode.upper(own);
    int length = (int) own;
    Target.Effect effect =
        length < 0
            ? askIndexed(number, packet, depth)
            : askAll(start, start + length, number, packet, depth);
    return effect == Target.Effect.RETURN ? Target.Effect.CONTINUE : effect;
  }

  private Target.Effect askAll(int start, int end, int number, PacketBuffer packet, int depth) {
    int position = 0;
    int at = start + 1;
    while (at < end) {
      long word = code.words()[at];
      int head = (int) word;
      Target.Effect effect;
      if ((head & ChainCode.RUN) != 0) {
        int size = ChainCode.upper(word);
        effect = askRun(at, size, number, position, packet, depth);
        at += ChainCode.runWords(size);
        position += size;
      } else {
        effect = ask(at, number, position, packet, depth);
        at += ChainCode.ruleWords(head);
        position++;
      }
      if (effect != Target.Effect.CONTINUE) {
        return effect;
      }
    }
    return Target.Effect.CONTINUE;
  }

  private Target.Effect askIndexed(int number, PacketBuffer packet, int depth) {
    ChainIndex index = code.index(number);
    int general = index.general();
    int byAddress = index.byAddress(packet);
    int byPort = index.byPort(packet);
    while (true) {
      int place = earlier(general, earlier(byAddress, byPort));
      if (place == TableCode.NOWHERE) {
        return Target.Effect.CONTINUE;
      }
      Target.Effect effect = ask(place, number, position(place), packet, depth);
      if (effect != Target.Effect.CONTINUE) {
        return effect;
      }
      int after = index.after(place);
      if (place == general) {
        general = after;
      } else if (place == byAddress) {
        byAddress = after;
      } else {
        byPort = after;
      }
    }
  }

  /** Which of two rules of an indexed chain comes first in it; each may be nowhere. */
  private int earlier(int one, int other) {
    if (one == TableCode.NOWHERE || other == TableCode.NOWHERE) {
      return one == TableCode.NOWHERE ? other : one;
    }
    return position(one) < position(other) ? one : other;
  }

  /** Which rule of its chain the one at that place is. */
  private int position(int place) {
    return (int) code.words()[place - 1];
  }

  /** Asks the rules of the run that begins there. */
  private Target.Effect askRun(
      int at, int size, int number, int position, PacketBuffer packet, int depth) {
    int run = (int) code.words()[at + 1];
    int turn = turns.turn(run, number);
    if (turn == RunTurns.EACH) {
      return askEach(at, 0, turns.each(run), number, position, packet, depth);
    }
    turns.next(run, turn + 1 == size ? 0 : turn + 1);
    Target.Effect effect = jumpOfRun(at, turn, number, position, packet, depth);
    return effect != Target.Effect.CONTINUE || turn + 1 == size
        ? effect
        : askEach(at, turn + 1, turns.countEach(run, size, turn), number, position, packet, depth);
  }

  /** Asks the rules of a run from one on, each of which has a counter, the last one excepted. */
  private Target.Effect askEach(
      int at, int first, int[] counts, int number, int position, PacketBuffer packet, int depth) {
    int size = counts.length + 1;
    for (int i = first; i < size; i++) {
      boolean holds = i == size - 1;
      if (!holds) {
        holds = counts[i] == 0;
        counts[i] = counts[i] + 1 == size - i ? 0 : counts[i] + 1;
      }
      Target.Effect effect =
          holds ? jumpOfRun(at, i, number, position, packet, depth) : Target.Effect.CONTINUE;
      if (effect != Target.Effect.CONTINUE) {
        return effect;
      }
    }
    return Target.Effect.CONTINUE;
  }

  private Target.Effect jumpOfRun(
      int at, int rule, int number, int first, PacketBuffer packet, int depth) {
    long[] words = code.words();
    long translation = words[at + 2 + rule];
    int address = ChainCode.upper(translation);
    if (address != 0
        && trail == null
        && packet.protocol().number() == ChainCode.upper(words[at + 1])
        && !isV4(packet.source(), address)) {
      packet.translate(IpAddress.v4(address), (int) translation);
      return Target.Effect.ACCEPT;
    }
    if (trail != null) {
      note(number, first + rule);
    }
    int to = address == 0 ? (int) translation : TableCode.NOWHERE;
    if (to == TableCode.NOWHERE) {
      to = link(number, first + rule);
    }
    return enter(to, packet, depth);
  }

  private static boolean isV4(IpAddress address, int bits) {
    return !address.isV6() && (int) address.low() == bits;
  }

  /** Asks the rule that begins there and does what it says; CONTINUE when it does not hold. */
  private Target.Effect ask(int offset, int number, int position, PacketBuffer packet, int depth) {
    long[] words = code.words();
    int head = (int) words[offset];
    int at = offset + 1;
    int fields = head & ChainCode.FIELDS;
    if (fields != 0) {
      int negated = head >>> ChainCode.NEGATED_SHIFT & ChainCode.FIELDS;
      at = fields(words, at, fields, negated, packet);
      if (at < 0) {
        return Target.Effect.CONTINUE;
      }
    }
    if ((head & ChainCode.NTH) != 0
        && !state.nth(code.chain(number), position, ChainCode.upper(words[at]), (int) words[at])) {
      return Target.Effect.CONTINUE;
    }
    if ((head & ChainCode.OTHERS) != 0 && !others(code.chain(number), position, packet)) {
      return Target.Effect.CONTINUE;
    }
    if (trail != null) {
      note(number, position);
    }
    if ((head & ChainCode.DNAT) != 0) {
      long to = words[offset + ChainCode.ruleWords(head) - 1];
      packet.translate(IpAddress.v4((int) (to >>> 32)), (int) to);
      return Target.Effect.ACCEPT;
    }
    if ((head & ChainCode.TARGET) != 0) {
      return code.chain(number).rules().get(position).target().apply(packet);
    }
    Target.Effect effect =
        Target.Effect.numbered(head >>> ChainCode.EFFECT_SHIFT & ChainCode.EFFECT);
    if (effect != Target.Effect.JUMP) {
      return effect;
    }
    int to = ChainCode.upper(words[offset]);
    if (to == TableCode.NOWHERE) {
      to = link(number, position);
      code.jump(offset, to);
    }
    return enter(to, packet, depth);
  }

  /** Asks the conditions that have no form as words. */
  private boolean others(Chain chain, int position, PacketBuffer packet) {
    for (Match match : chain.code().others[position]) {
      if (match.stateful()) {
        state.at(chain, position);
      }
      if (!match.matches(packet, state)) {
        return false;
      }
    }
    return true;
  }

  private int link(int number, int position) {
    return code.link(code.chain(number).rules().get(position));
  }

  private Target.Effect enter(int start, PacketBuffer packet, int depth) {
    if (depth >= DEPTH_MAX) {
      throw new SimulationBug("chains nested deeper than " + DEPTH_MAX);
    }
    return traverse(start, packet, depth + 1);
  }

  /** Asks the conditions on fields: where the operands go on when all hold, else -1. */
  private static int fields(long[] words, int from, int fields, int negated, PacketBuffer packet) {
    int at = from;
    int wrong = 0;
    if ((fields & (ChainCode.PROTOCOL | ChainCode.PORT)) != 0) {
      long word = words[at++];
      wrong |= packet.protocol().number() == (int) (word >>> 32) ? 0 : fields & ChainCode.PROTOCOL;
      wrong |= packet.destinationPort() == (int) word ? 0 : fields & ChainCode.PORT;
    }
    if ((fields & ChainCode.SOURCE) != 0) {
      wrong |= in(words, at, packet.source()) ? 0 : ChainCode.SOURCE;
      at += blockLength(packet.source());
    }
    if ((fields & ChainCode.DESTINATION) != 0) {
      wrong |= in(words, at, packet.destination()) ? 0 : ChainCode.DESTINATION;
      at += blockLength(packet.destination());
    }
    if ((fields & ChainCode.STATES) != 0) {
      wrong |= packet.inAny((int) words[at++]) ? 0 : ChainCode.STATES;
    }
    if ((fields & ChainCode.MARK) != 0) {
      long word = words[at++];
      wrong |= (packet.mark() & (int) word) == (int) (word >>> 32) ? 0 : ChainCode.MARK;
    }
    return wrong == negated ? at : -1;
  }

  private static int blockLength(IpAddress address) {
    return address.isV6() ? 4 : 1;
  }

  private static boolean in(long[] words, int at, IpAddress address) {
    if (!address.isV6()) {
      return ((int) address.low() & (int) words[at]) == (int) (words[at] >>> 32);
    }
    return (address.high() & words[at + 1]) == words[at]
        && (address.low() & words[at + 3]) == words[at + 2];
  }

  private void note(int number, int position) {
    List<RuleHit> wanted = trail;
    if (wanted != null) {
      Chain chain = code.chain(number);
      wanted.add(chain.rules().get(position).hit(hook, stage, table.name(), chain.name()));
    }
  }
}
