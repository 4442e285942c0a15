package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a rule. A rule applies when all its conditions hold, asked in the order in which
 * they stand.
 */
public sealed interface Match {

  /** Whether the packet meets the condition; may change what the node remembers. */
  boolean matches(PacketBuffer packet, RuleState state);

  /** Appends the text that {@code iptables-save} prints, with a leading blank. */
  void appendSaved(StringBuilder out, IpFamily family);

  /** Appends the text that kube-proxy writes for {@code iptables-restore}. */
  default void appendWritten(StringBuilder out, IpFamily family) {
    appendSaved(out, family);
  }

  /**
   * Place among the conditions: the kernel asks addresses, interfaces and protocol first, and
   * {@code iptables-save} prints them first, in this order. 5 is a match extension.
   */
  default int rank() {
    return 5;
  }

  /** The list of recent sources that the condition uses, or null. */
  default @Nullable String list() {
    return null;
  }

  /** Whether asking leaves a trace on the node or draws a random number. */
  default boolean stateful() {
    return false;
  }

  private static void not(StringBuilder out, boolean negated) {
    out.append(negated ? " !" : "");
  }

  /** {@code -s}: the source lies in the block, or outside it. */
  record Source(boolean negated, AddressBlock block) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return packet.sourceIn(block) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -s ").append(block);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -s ").append(block.asWritten());
    }

    @Override
    public int rank() {
      return 0;
    }
  }

  /** {@code -d}: the destination lies in the block, or outside it. */
  record Destination(boolean negated, AddressBlock block) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return packet.destinationIn(block) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -d ").append(block);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -d ").append(block.asWritten());
    }

    @Override
    public int rank() {
      return 1;
    }
  }

  /** {@code -i}: the packet came by the interface; a name that ends in + is a prefix. */
  record InInterface(boolean negated, String name) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return interfaceIs(name, packet.inInterface()) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -i ").append(name);
    }

    @Override
    public int rank() {
      return 2;
    }
  }

  /** {@code -o}: the packet leaves by the interface; a name that ends in + is a prefix. */
  record OutInterface(boolean negated, String name) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return interfaceIs(name, packet.outInterface()) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -o ").append(name);
    }

    @Override
    public int rank() {
      return 3;
    }
  }

  private static boolean interfaceIs(String pattern, @Nullable String name) {
    if (name == null) {
      return false;
    }
    int last = pattern.length() - 1;
    return pattern.charAt(last) == '+'
        ? name.regionMatches(0, pattern, 0, last)
        : pattern.equals(name);
  }

  /** {@code -p}: the transport protocol. */
  record OfProtocol(boolean negated, Protocol protocol) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return (packet.protocol() == protocol) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      not(out, negated);
      out.append(" -p ").append(protocol.lowerCase());
    }

    @Override
    public int rank() {
      return 4;
    }
  }

  /**
   * {@code -m tcp}, {@code -m udp}, {@code -m sctp}: the ports.
   *
   * @param protocol also the name of the extension; the rule has {@code -p} with the same one
   * @param destinationPort the port asked for, or -1 for any
   */
  record Ports(Protocol protocol, boolean negated, int destinationPort) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return destinationPort < 0 || (packet.destinationPort() == destinationPort) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m ").append(protocol.lowerCase());
      appendPort(out);
    }

    void appendPort(StringBuilder out) {
      if (destinationPort >= 0) {
        not(out, negated);
        out.append(" --dport ").append(destinationPort);
      }
    }
  }

  /** {@code -m comment}: always holds; carries a text for the reader. */
  record Comment(String text) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return true;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m comment --comment ");
      RuleText.appendQuoted(out, text);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m comment --comment ");
      if (text.indexOf(' ') < 0) {
        out.append(text);
      } else {
        out.append('"').append(text).append('"');
      }
    }
  }

  /** {@code -m conntrack --ctstate}: connection tracking says one of the states. */
  record ConntrackState(boolean negated, ImmutableSortedSet<ConnectionState> anyOf, int bits)
      implements Match {

    /** Holds for any of the states; or, negated, for none of them. */
    public static ConntrackState of(boolean negated, ImmutableSortedSet<ConnectionState> anyOf) {
      int bits = 0;
      for (ConnectionState state : anyOf) {
        bits |= state.bit();
      }
      return new ConntrackState(negated, anyOf, bits);
    }

    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return packet.inAny(bits) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m conntrack");
      not(out, negated);
      out.append(" --ctstate ");
      String separator = "";
      for (ConnectionState state : anyOf) {
        out.append(separator).append(state);
        separator = ",";
      }
    }
  }

  /** {@code -m mark}: the packet's mark under the mask has the value. */
  record Mark(boolean negated, int value, int mask) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return ((packet.mark() & mask) == value) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m mark");
      not(out, negated);
      out.append(" --mark 0x").append(Integer.toHexString(value));
      if (mask != -1) {
        out.append("/0x").append(Integer.toHexString(mask));
      }
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m mark");
      not(out, negated);
      out.append(" --mark ").append(RuleText.mark(value)).append('/').append(RuleText.mark(mask));
    }
  }

  /** {@code -m addrtype}: source or destination is an address of the node itself. */
  record AddressType(boolean ofSource, boolean negated) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return state.local(packet, ofSource) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m addrtype");
      not(out, negated);
      out.append(ofSource ? " --src-type LOCAL" : " --dst-type LOCAL");
    }
  }

  /** {@code -m statistic --mode random}: holds for this share of the packets. */
  record Random(Probability probability) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return state.draw() < probability.threshold();
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m statistic --mode random --probability ").append(probability);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m statistic --mode random --probability ").append(probability.written());
    }

    @Override
    public boolean stateful() {
      return true;
    }
  }

  /**
   * {@code -m statistic --mode nth}: holds for one packet of each {@code every}, counted by the
   * rule itself; the first is number {@code packet}, from 0.
   */
  record Nth(int every, int packet) implements Match {
    @Override
    public boolean matches(PacketBuffer asked, RuleState state) {
      return state.nth(every, packet);
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m statistic --mode nth --every ").append(every);
      out.append(" --packet ").append(packet);
    }

    @Override
    public boolean stateful() {
      return true;
    }
  }

  /** {@code -m recent --set}: always holds; notes the source in the named list. */
  record RecentSet(String list) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      state.remember(list, packet);
      return true;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m recent --set --name ").append(list).append(" --mask ");
      out.append(RuleText.recentMask(family)).append(" --rsource");
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m recent --name ").append(list).append(" --set");
    }

    @Override
    public boolean stateful() {
      return true;
    }
  }

  /** {@code -m recent --rcheck --seconds N --reap}: the source was noted within N seconds. */
  record RecentCheck(String list, long seconds) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return state.seen(list, packet, seconds);
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m recent --rcheck --seconds ").append(seconds).append(" --reap --name ");
      out.append(list).append(" --mask ").append(RuleText.recentMask(family)).append(" --rsource");
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m recent --name ").append(list);
      out.append(" --rcheck --seconds ").append(seconds).append(" --reap");
    }

    @Override
    public boolean stateful() {
      return true;
    }
  }

  /** {@code -m nfacct}: always holds; a named counter of the kernel counts the packet. */
  record Accounting(String counter) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return true;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m nfacct --nfacct-name  ").append(counter);
    }

    @Override
    public void appendWritten(StringBuilder out, IpFamily family) {
      out.append(" -m nfacct --nfacct-name ").append(counter);
    }
  }

  /** {@code -m set --match-set NAME dst,dst}: fields of the packet are an entry of a set. */
  record SetEntry(String set, ImmutableList<String> directions) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return state.inSet(set, directions, packet);
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m set --match-set ").append(set).append(' ');
      out.append(String.join(",", directions));
    }
  }

  /** {@code -m physdev --physdev-is-in}: the packet came by a port of a bridge. */
  record CameByBridge(boolean negated) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return state.cameByBridge(packet) != negated;
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m physdev");
      not(out, negated);
      out.append(" --physdev-is-in");
    }
  }

  /** {@code -m ipvs}: IPVS sent the packet on, for that virtual server. */
  record Served(IpAddress address, Protocol protocol, int port) implements Match {
    @Override
    public boolean matches(PacketBuffer packet, RuleState state) {
      return packet.translated()
          && packet.protocol() == protocol
          && packet.sent().destinationPort() == port
          && packet.sent().destination().equals(address);
    }

    @Override
    public void appendSaved(StringBuilder out, IpFamily family) {
      out.append(" -m ipvs --vaddr ").append(address);
      out.append(" --vproto ").append(protocol.lowerCase()).append(" --vport ").append(port);
    }
  }
}
