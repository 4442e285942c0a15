package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import org.jspecify.annotations.Nullable;

/** What happens to a packet for which a rule holds. */
public sealed interface Target {

  /** What the walk does after the target. */
  enum Effect {
    /** Ask the next rule. */
    CONTINUE,
    /** Go into another chain; {@link Jump} names it. */
    JUMP,
    /** Go back to where the packet came into this chain. */
    RETURN,
    /** Leave this hook of this table; the packet goes on. */
    ACCEPT,
    /** The packet is gone and its sender does not learn of it. */
    DROP,
    /** The packet is gone and its sender gets an ICMP error. */
    REJECT;

    private static final Effect[] BY_NUMBER = values();

    /** A small number for {@link ChainCode}. */
    @SuppressWarnings("EnumOrdinal") // kept in memory only
    int number() {
      return ordinal();
    }

    static Effect numbered(int number) {
      return BY_NUMBER[number];
    }
  }

  /** Acts on the packet. */
  Effect apply(PacketBuffer packet);

  /** The effect of a target that leaves the packet as it is; null when it changes the packet. */
  default @Nullable Effect fixed() {
    return null;
  }

  /** Appends the text that {@code iptables-save} prints, with a leading blank; may be nothing. */
  void appendSaved(StringBuilder out);

  /** What the target does, for people. */
  String words();

  /** Appends the text that kube-proxy writes for {@code iptables-restore}. */
  default void appendWritten(StringBuilder out) {
    appendSaved(out);
  }

  /** {@code -j CHAIN}: the rules of another chain of the same table. */
  record Jump(String chain) implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.JUMP;
    }

    @Override
    public Effect fixed() {
      return Effect.JUMP;
    }

    @Override
    public String words() {
      return "goes on in " + chain;
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j ").append(chain);
    }
  }

  /** No target: the rule only counts. */
  record None() implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.CONTINUE;
    }

    @Override
    public Effect fixed() {
      return Effect.CONTINUE;
    }

    @Override
    public String words() {
      return "no effect";
    }

    @Override
    public void appendSaved(StringBuilder out) {}
  }

  /** {@code -j RETURN}. */
  record Return() implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.RETURN;
    }

    @Override
    public Effect fixed() {
      return Effect.RETURN;
    }

    @Override
    public String words() {
      return "goes back to the chain before";
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j RETURN");
    }
  }

  /** {@code -j ACCEPT}. */
  record Accept() implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.ACCEPT;
    }

    @Override
    public Effect fixed() {
      return Effect.ACCEPT;
    }

    @Override
    public String words() {
      return "passes this table";
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j ACCEPT");
    }
  }

  /** {@code -j DROP}. */
  record Drop() implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.DROP;
    }

    @Override
    public Effect fixed() {
      return Effect.DROP;
    }

    @Override
    public String words() {
      return "is dropped: the sender waits in vain";
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j DROP");
    }
  }

  /**
   * {@code -j REJECT}.
   *
   * @param with the ICMP error, such as {@code icmp-port-unreachable}
   */
  record Reject(String with) implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      return Effect.REJECT;
    }

    @Override
    public Effect fixed() {
      return Effect.REJECT;
    }

    @Override
    public String words() {
      return "is refused with " + with;
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j REJECT --reject-with ").append(with);
    }

    @Override
    public void appendWritten(StringBuilder out) {
      out.append(" -j REJECT");
    }
  }

  /** {@code -j DNAT}: the connection goes to another address and port. */
  record Dnat(IpAddress address, int port) implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      packet.translate(address, port);
      return Effect.ACCEPT;
    }

    @Override
    public String words() {
      return "destination becomes " + SocketAddress.text(address, port);
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j DNAT --to-destination ").append(SocketAddress.text(address, port));
    }
  }

  /** {@code -j MASQUERADE}: the source becomes the node's address on the way out. */
  record Masquerade(boolean randomFully) implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      packet.masquerade();
      return Effect.ACCEPT;
    }

    @Override
    public String words() {
      return "source becomes an address of the node";
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j MASQUERADE");
      if (randomFully) {
        out.append(" --random-fully");
      }
    }
  }

  /**
   * {@code -j MARK --set-xmark value/mask}: clears the bits of the mask, then flips the value's.
   */
  record SetMark(int value, int mask) implements Target {
    @Override
    public Effect apply(PacketBuffer packet) {
      packet.mark((packet.mark() & ~mask) ^ value);
      return Effect.CONTINUE;
    }

    @Override
    public String words() {
      return "mark 0x" + Integer.toHexString(value) + (mask == 0 ? " cleared" : " set");
    }

    @Override
    public void appendSaved(StringBuilder out) {
      out.append(" -j MARK --set-xmark 0x").append(Integer.toHexString(value));
      out.append("/0x").append(Integer.toHexString(mask));
    }

    @Override
    public void appendWritten(StringBuilder out) {
      if (mask == 0) {
        out.append(" -j MARK --xor-mark ").append(RuleText.mark(value));
      } else if (mask == value) {
        out.append(" -j MARK --or-mark ").append(RuleText.mark(value));
      } else {
        appendSaved(out);
      }
    }
  }
}
