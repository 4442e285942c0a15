package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A part of a rule: a condition, an action, or both. */
public sealed interface Statement {

  /** CONTINUE when it holds and the rule goes on, BREAK when it does not hold. */
  ChainVerdict run(PacketBuffer packet, TableState state);

  /** Appends the text that kube-proxy writes. */
  void appendWritten(StringBuilder out, IpFamily family);

  /** Appends the text that {@code nft list table} prints. */
  default void appendListed(StringBuilder out, IpFamily family) {
    appendWritten(out, family);
  }

  /** Whether it counts packets. */
  default boolean counts() {
    return false;
  }

  private static ChainVerdict held(boolean holds) {
    return holds ? ChainVerdict.CONTINUE : ChainVerdict.BREAK;
  }

  private static Field address(boolean ofSource) {
    return ofSource ? Field.SOURCE : Field.DESTINATION;
  }

  private static String expression(ImmutableList<Field> fields, IpFamily family) {
    return fields.stream().map(field -> field.text(family)).collect(Collectors.joining(" . "));
  }

  private static void appendMark(StringBuilder out, int value) {
    String digits = Integer.toHexString(value);
    out.append("0x").append("0".repeat(8 - digits.length())).append(digits);
  }

  /**
   * {@code ip saddr 10.0.0.0/8}, {@code ip daddr { a, b }}: the address lies in one of the blocks,
   * or in none of them.
   *
   * @param braces whether the blocks are written as a set, be it of one
   */
  record AddressIn(
      boolean ofSource, boolean negated, ImmutableList<AddressBlock> blocks, boolean braces)
      implements Statement {

    public static AddressIn one(boolean ofSource, boolean negated, AddressBlock block) {
      return new AddressIn(ofSource, negated, ImmutableList.of(block), false);
    }

    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      boolean in = false;
      for (int i = 0; i < blocks.size() && !in; i++) {
        in = ofSource ? packet.sourceIn(blocks.get(i)) : packet.destinationIn(blocks.get(i));
      }
      return held(in != negated);
    }

    private void appendStart(StringBuilder out, IpFamily family) {
      out.append(address(ofSource).text(family)).append(negated ? " != " : " ");
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      appendStart(out, family);
      String all = blocks.stream().map(AddressBlock::asWritten).collect(Collectors.joining(" , "));
      out.append(braces ? "{ " + all + " }" : all);
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      appendStart(out, family);
      out.append(blocks.size() == 1 ? AddressRanges.text(blocks.get(0)) : AddressRanges.of(blocks));
    }
  }

  /** {@code ip daddr . meta l4proto . th dport @set}: the fields are a key of the set. */
  record InSet(ImmutableList<Field> fields, String set) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return held(state.contains(set, ElementKey.of(fields, packet)));
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(expression(fields, family)).append(" @").append(set);
    }
  }

  /** {@code meta l4proto tcp}: the transport protocol. */
  record OfProtocol(Protocol protocol) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return held(packet.protocol() == protocol);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("meta l4proto ").append(protocol.lowerCase());
    }
  }

  /** {@code iifname}: the packet came by the interface; a name that ends in * is a prefix. */
  record InInterface(boolean negated, String name) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      String came = packet.inInterface();
      int last = name.length() - 1;
      boolean same =
          came != null
              && (name.charAt(last) == '*'
                  ? came.regionMatches(0, name, 0, last)
                  : came.equals(name));
      return held(same != negated);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("iifname ").append(negated ? "!= " : "").append(name);
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      out.append("iifname ").append(negated ? "!= \"" : "\"").append(name).append('"');
    }
  }

  /** {@code ct state new}, {@code ct status dnat}: connection tracking says so. */
  record Tracked(ConnectionState wanted) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return held(packet.inAny(wanted.bit()));
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      boolean status = wanted == ConnectionState.DNAT || wanted == ConnectionState.SNAT;
      out.append(status ? "ct status " : "ct state ").append(wanted.lowerCase());
    }
  }

  /** {@code fib daddr type local}: the address is one of the node's own. */
  record LocalAddress(boolean ofSource) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return held(state.local(ofSource ? packet.source() : packet.destination()));
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(ofSource ? "fib saddr type local" : "fib daddr type local");
    }
  }

  /** {@code mark and 0x4000 != 0}: the packet's mark has a bit of the mask. */
  record Marked(int mask) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return held((packet.mark() & mask) != 0);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("mark and ");
      appendMark(out, mask);
      out.append(" != 0");
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      out.append("meta mark & ");
      appendMark(out, mask);
      out.append(" != 0x00000000");
    }
  }

  /**
   * {@code mark set mark or 0x4000}, {@code mark set mark xor 0x4000}.
   *
   * @param flips whether the bits are flipped rather than set
   */
  record SetMark(boolean flips, int bits) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      packet.mark(flips ? packet.mark() ^ bits : packet.mark() | bits);
      if (state.telling()) {
        state.tell("mark 0x" + Integer.toHexString(bits) + (flips ? " cleared" : " set"));
      }
      return ChainVerdict.CONTINUE;
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("mark set mark ").append(flips ? "xor " : "or ");
      appendMark(out, bits);
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      out.append("meta mark set meta mark ").append(flips ? "^ " : "| ");
      appendMark(out, bits);
    }
  }

  /** {@code masquerade fully-random}: the source becomes the node's address on the way out. */
  record Masquerade() implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      packet.masquerade();
      if (state.telling()) {
        state.tell("source becomes an address of the node");
      }
      return ChainVerdict.ACCEPT;
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("masquerade fully-random");
    }
  }

  /** {@code update @set { ip saddr }}: adds the source, or makes its timeout start anew. */
  record Update(String set) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      boolean added = state.update(set, packet.source());
      if (added && state.telling()) {
        state.tell("notes " + packet.source() + " in @" + set);
      }
      return held(added);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("update @").append(set).append(" { ");
      out.append(Field.SOURCE.text(family)).append(" }");
    }
  }

  /** {@code dnat to 10.0.0.1:80}: the connection goes to another address and port. */
  record Dnat(IpAddress address, int port) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      packet.translate(address, port);
      if (state.telling()) {
        state.tell("destination becomes " + SocketAddress.text(address, port));
      }
      return ChainVerdict.ACCEPT;
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append("dnat to ").append(SocketAddress.text(address, port));
    }
  }

  /** {@code dnat ip addr . port to numgen … map { … }}: one of several destinations. */
  record DnatMap(NumberGenerator number, ImmutableList<Dnat> destinations) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      int chosen = number.next(state);
      if (chosen >= destinations.size()) {
        return ChainVerdict.BREAK;
      }
      if (state.telling()) {
        state.tell(number + " gives " + chosen);
      }
      return destinations.get(chosen).run(packet, state);
    }

    private void append(StringBuilder out, String before, String separator) {
      out.append(before).append(number).append(" map { ");
      out.append(
          IntStream.range(0, destinations.size())
              .mapToObj(
                  i ->
                      i
                          + " : "
                          + destinations.get(i).address()
                          + " . "
                          + destinations.get(i).port())
              .collect(Collectors.joining(separator)));
      out.append(" }");
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      append(out, "dnat " + Field.keyword(family) + " addr . port to ", " , ");
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      append(out, "dnat " + Field.keyword(family) + " to ", ", ");
    }

    @Override
    public boolean counts() {
      return !number.random();
    }
  }

  /** {@code … vmap @map}: the verdict that belongs to the fields, if there is one. */
  record VerdictMap(ImmutableList<Field> fields, String map) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      ElementKey key = ElementKey.of(fields, packet);
      ChainVerdict found = state.verdict(map, key);
      if (found == null) {
        return ChainVerdict.BREAK;
      }
      if (state.telling()) {
        state.tell("finds " + key + " in @" + map);
      }
      return found;
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(expression(fields, family)).append(" vmap @").append(map);
    }
  }

  /** {@code numgen … vmap { … }}: one of several verdicts. */
  record NumberedVerdicts(NumberGenerator number, ImmutableList<ChainVerdict> verdicts)
      implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      int chosen = number.next(state);
      if (chosen >= verdicts.size()) {
        return ChainVerdict.BREAK;
      }
      if (state.telling()) {
        state.tell(number + " gives " + chosen);
      }
      return verdicts.get(chosen);
    }

    private void append(StringBuilder out, String separator) {
      out.append(number).append(" vmap { ");
      out.append(
          IntStream.range(0, verdicts.size())
              .mapToObj(i -> i + " : " + verdicts.get(i))
              .collect(Collectors.joining(separator)));
      out.append(" }");
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      append(out, " , ");
    }

    @Override
    public void appendListed(StringBuilder out, IpFamily family) {
      append(out, ", ");
    }

    @Override
    public boolean counts() {
      return !number.random();
    }
  }

  /** {@code drop}, {@code jump other}, {@code reject} and the like. */
  record Decide(ChainVerdict verdict) implements Statement {
    @Override
    public ChainVerdict run(PacketBuffer packet, TableState state) {
      return verdict;
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(verdict);
    }
  }
}
