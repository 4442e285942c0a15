package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A chain in its table: where its jumps lead is looked up once. It asks its rules in the form that
 * {@link ChainCode} gives them.
 */
final class LinkedChain {

  private final Table table;
  private final Chain chain;
  private final int hash;
  private final int size;
  private final long[] words;
  private final int[] offsets;
  private final Match[][] others;
  private final @Nullable LinkedChain[] next;

  LinkedChain(Table table, Chain chain) {
    ChainCode code = chain.code();
    this.table = table;
    this.chain = chain;
    this.hash = chain.hashCode();
    this.size = chain.rules().size();
    this.words = code.words;
    this.offsets = code.offsets;
    this.others = code.others;
    this.next = new @Nullable LinkedChain[size];
  }

  Chain chain() {
    return chain;
  }

  /** The table in which it is. */
  Table table() {
    return table;
  }

  /** How many rules there are. */
  int size() {
    return size;
  }

  /** The chain to which the rule at a position jumps; null when the table has none. */
  @Nullable LinkedChain next(int position) {
    LinkedChain known = next[position];
    if (known == null && chain.rules().get(position).target() instanceof Target.Jump jump) {
      known = table.linked(jump.chain());
      next[position] = known;
    }
    return known;
  }

  /** Where the rule at a position begins. */
  int offset(int position) {
    return offsets[position];
  }

  /** Where the last rule ends. */
  int end() {
    return words.length;
  }

  /** Where the rule behind the one that begins there begins. */
  int after(int offset) {
    return offset + ((int) words[offset] >>> ChainCode.LENGTH_SHIFT & ChainCode.LENGTH);
  }

  /** The place in the chain of the rule that begins there. */
  int position(int offset) {
    return (int) (words[offset] >>> ChainCode.POSITION_SHIFT);
  }

  /**
   * Asks the rule that begins there and does what it says.
   *
   * @return CONTINUE also when it does not hold; JUMP is left to the caller
   */
  Target.Effect ask(int offset, PacketBuffer packet, RuleState state) {
    int head = (int) words[offset];
    int at = offset + 1;
    int fields = head & ChainCode.FIELDS;
    if (fields != 0) {
      at = fields(at, fields, head >>> ChainCode.NEGATED_SHIFT & ChainCode.FIELDS, packet);
      if (at < 0) {
        return Target.Effect.CONTINUE;
      }
    }
    if ((head & ChainCode.NTH) != 0) {
      long nth = words[at];
      if (!state.nth(chain, hash, position(offset), (int) (nth >>> 32), (int) nth)) {
        return Target.Effect.CONTINUE;
      }
    }
    if ((head & ChainCode.OTHERS) != 0 && !others(position(offset), packet, state)) {
      return Target.Effect.CONTINUE;
    }
    if ((head & ChainCode.DNAT) != 0) {
      long to = words[after(offset) - 1];
      packet.translate(IpAddress.v4((int) (to >>> 32)), (int) to);
      return Target.Effect.ACCEPT;
    }
    return (head & ChainCode.TARGET) != 0
        ? chain.rules().get(position(offset)).target().apply(packet)
        : Target.Effect.numbered(head >>> ChainCode.EFFECT_SHIFT & ChainCode.EFFECT);
  }

  private boolean others(int position, PacketBuffer packet, RuleState state) {
    for (Match match : others[position]) {
      if (match.stateful()) {
        state.at(chain, position);
      }
      if (!match.matches(packet, state)) {
        return false;
      }
    }
    return true;
  }

  /** Asks the conditions on fields: where the operands go on when all hold, else -1. */
  private int fields(int from, int fields, int negated, PacketBuffer packet) {
    int at = from;
    int wrong = 0;
    if ((fields & (ChainCode.PROTOCOL | ChainCode.PORT)) != 0) {
      long word = words[at++];
      wrong |= packet.protocol().number() == (int) (word >>> 32) ? 0 : fields & ChainCode.PROTOCOL;
      wrong |= packet.destinationPort() == (int) word ? 0 : fields & ChainCode.PORT;
    }
    if ((fields & ChainCode.SOURCE) != 0) {
      wrong |= in(at, packet.source()) ? 0 : ChainCode.SOURCE;
      at += blockLength(packet.source());
    }
    if ((fields & ChainCode.DESTINATION) != 0) {
      wrong |= in(at, packet.destination()) ? 0 : ChainCode.DESTINATION;
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

  private boolean in(int at, IpAddress address) {
    if (!address.isV6()) {
      return ((int) address.low() & (int) words[at]) == (int) (words[at] >>> 32);
    }
    return (address.high() & words[at + 1]) == words[at]
        && (address.low() & words[at + 3]) == words[at + 2];
  }
}
