package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.Packet;
import dev.wavetank.proxy.netfilter.HookRules.Stage;
import dev.wavetank.proxy.netfilter.WalkResult.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of packets through one node: connection tracking, then the chains of each hook in the
 * kernel's order.
 *
 * <p>A packet from a process of the node passes OUTPUT and POSTROUTING (and INPUT, if it stays);
 * one from elsewhere passes PREROUTING and then INPUT, or FORWARD and POSTROUTING. Chains that
 * translate are asked for the first packet of a connection only. A masqueraded connection keeps its
 * source port if that is free, and takes the next free one otherwise, {@code --random-fully} or
 * not.
 */
public final class PacketWalk {

  private static final HookRules NO_RULES =
      new HookRules() {
        @Override
        public void begin(long nowNanos, @Nullable List<RuleHit> trail) {}

        @Override
        public Verdict ask(Hook hook, Stage stage, PacketBuffer packet) {
          return Verdict.ACCEPTED;
        }
      };

  private static final int PORT_MIN = 1024;
  private static final int PORT_MAX = 65_535;

  private final Routing routing;
  private final Conntrack conntrack;

  private HookRules rules = NO_RULES;
  private Hook hook = Hook.OUTPUT;

  /** The connection that the packet in hand will find when it is to be taken in. */
  private Conntrack.@Nullable Entry rival;

  public PacketWalk(Routing routing, Conntrack conntrack) {
    this.routing = routing;
    this.conntrack = conntrack;
  }

  /**
   * Sends a packet through the node.
   *
   * @param newRules null when the node's kernel has none
   * @param packet has an incoming interface unless a process of the node sends it; is used up
   * @param trail gets every rule that held, in order; null when nobody wants to know
   */
  public WalkResult walk(
      @Nullable HookRules newRules,
      PacketBuffer packet,
      long nowNanos,
      @Nullable List<RuleHit> trail) {
    rules = newRules == null ? NO_RULES : newRules;
    rules.begin(nowNanos, trail);
    Packet flow = packet.sent();
    Conntrack.Entry entry = conntrack.find(flow, nowNanos);
    if (entry != null) {
      return known(packet, entry, entry.original().equals(flow), nowNanos);
    }
    return first(packet, flow, nowNanos);
  }

  /**
   * Sends a packet through the node that has not seen the connection of its own flow: another CPU
   * has taken that in between this packet's look-up and its end. Rules are asked once more; the
   * packet goes on if they translate it likewise, and is dropped otherwise, which the kernel counts
   * as {@code insert_failed}.
   */
  public WalkResult walkBeside(
      Conntrack.Entry takenIn,
      @Nullable HookRules newRules,
      PacketBuffer packet,
      long nowNanos,
      @Nullable List<RuleHit> trail) {
    rules = newRules == null ? NO_RULES : newRules;
    rules.begin(nowNanos, trail);
    rival = takenIn;
    WalkResult result = first(packet, packet.sent(), nowNanos);
    rival = null;
    return result;
  }

  private WalkResult known(
      PacketBuffer packet, Conntrack.Entry entry, boolean forth, long nowNanos) {
    boolean answered = !forth || entry.answered();
    packet.states = (answered ? ConnectionState.ESTABLISHED : ConnectionState.NEW).bit();
    if (entry.destinationTranslated()) {
      packet.states |= ConnectionState.DNAT.bit();
    }
    if (entry.sourceTranslated()) {
      packet.states |= ConnectionState.SNAT.bit();
    }
    Packet back = forth ? entry.reply() : entry.original();
    boolean fromProcess = packet.inInterface == null;
    Verdict enter = before(fromProcess ? Hook.OUTPUT : Hook.PREROUTING, packet);
    if (enter == Verdict.ACCEPTED) {
      packet.destination(back.source(), back.sourcePort());
      enter = fromProcess ? after(Hook.OUTPUT, packet) : Verdict.ACCEPTED;
    }
    boolean local = routing.local(packet.destination());
    if (enter == Verdict.ACCEPTED) {
      enter = fromProcess ? leave(packet, local) : arrive(packet, local);
    }
    if (enter == Verdict.ACCEPTED) {
      packet.source(back.destination(), back.destinationPort());
      enter = fromProcess && local ? stay(packet) : Verdict.ACCEPTED;
    }
    if (enter == Verdict.ACCEPTED) {
      conntrack.seen(entry, !forth, nowNanos);
    }
    return result(
        enter, packet, entry.destinationTranslated(), entry.sourceTranslated(), local, entry);
  }

  private WalkResult first(PacketBuffer packet, Packet flow, long nowNanos) {
    boolean fromProcess = packet.inInterface == null;
    Hook entrance = fromProcess ? Hook.OUTPUT : Hook.PREROUTING;
    if (fromProcess) {
      packet.outInterface = routing.outInterface(packet.destination());
    }
    Verdict verdict = before(entrance, packet);
    if (verdict == Verdict.ACCEPTED) {
      verdict = ask(entrance, Stage.TRANSLATION, packet);
    }
    if (packet.destinationTranslated) {
      packet.states |= ConnectionState.DNAT.bit();
    }
    if (verdict == Verdict.ACCEPTED && fromProcess) {
      verdict = rules.serve(Hook.OUTPUT, packet);
      verdict = verdict == Verdict.ACCEPTED ? after(Hook.OUTPUT, packet) : verdict;
    }
    boolean local = routing.local(packet.destination());
    if (verdict == Verdict.ACCEPTED) {
      verdict = fromProcess ? leave(packet, local) : arrive(packet, local);
    }
    if (verdict == Verdict.ACCEPTED && !fromProcess && local) {
      verdict = rules.serve(Hook.INPUT, packet);
      local = routing.local(packet.destination());
      verdict = verdict == Verdict.ACCEPTED && !local ? sendOn(packet) : verdict;
    }
    boolean passesOut = fromProcess || !local;
    if (verdict == Verdict.ACCEPTED && passesOut) {
      verdict = ask(Hook.POSTROUTING, Stage.TRANSLATION, packet);
      if (packet.masquerade) {
        packet.source(routing.sourceFor(packet.destination()), packet.sourcePort());
        packet.states |= ConnectionState.SNAT.bit();
      }
    }
    Conntrack.Entry entry = null;
    if (verdict == Verdict.ACCEPTED) {
      entry = confirm(packet, flow, nowNanos);
      verdict = entry == null ? Verdict.DROPPED : Verdict.ACCEPTED;
    }
    if (verdict == Verdict.ACCEPTED && fromProcess && local) {
      verdict = stay(packet);
    }
    return result(verdict, packet, packet.destinationTranslated, packet.masquerade, local, entry);
  }

  /** A packet from elsewhere that was served at INPUT: through OUTPUT to where it goes now. */
  private Verdict sendOn(PacketBuffer packet) {
    Verdict verdict = before(Hook.OUTPUT, packet);
    if (verdict == Verdict.ACCEPTED) {
      verdict = after(Hook.OUTPUT, packet);
    }
    return verdict == Verdict.ACCEPTED ? leave(packet, false) : verdict;
  }

  /** A packet from a process, behind OUTPUT: routing, then POSTROUTING. */
  private Verdict leave(PacketBuffer packet, boolean local) {
    packet.outInterface = local ? "lo" : routing.outInterface(packet.destination());
    return packet.outInterface == null ? Verdict.UNROUTABLE : before(Hook.POSTROUTING, packet);
  }

  /** A packet of a process for the node itself, behind POSTROUTING. */
  private Verdict stay(PacketBuffer packet) {
    packet.inInterface = "lo";
    packet.outInterface = null;
    Verdict verdict = before(Hook.PREROUTING, packet);
    if (verdict == Verdict.ACCEPTED) {
      verdict = before(Hook.INPUT, packet);
    }
    return verdict == Verdict.ACCEPTED ? after(Hook.INPUT, packet) : verdict;
  }

  /** A packet from elsewhere, behind PREROUTING: to the node itself, or through it. */
  private Verdict arrive(PacketBuffer packet, boolean local) {
    if (local) {
      Verdict verdict = before(Hook.INPUT, packet);
      return verdict == Verdict.ACCEPTED ? after(Hook.INPUT, packet) : verdict;
    }
    packet.outInterface = routing.outInterface(packet.destination());
    if (packet.outInterface == null) {
      return Verdict.UNROUTABLE;
    }
    Verdict verdict = before(Hook.FORWARD, packet);
    if (verdict == Verdict.ACCEPTED) {
      verdict = after(Hook.FORWARD, packet);
    }
    return verdict == Verdict.ACCEPTED ? before(Hook.POSTROUTING, packet) : verdict;
  }

  /** Takes the connection in under a source port that tells its answers apart from all others. */
  private Conntrack.@Nullable Entry confirm(PacketBuffer packet, Packet original, long nowNanos) {
    Packet reply = packet.addresses().reply();
    if (rival != null) {
      return rival.reply().equals(reply) ? rival : null;
    }
    if (conntrack.find(reply, nowNanos) != null) {
      int wanted = packet.sourcePort();
      boolean free = false;
      for (int tried = 0; tried <= PORT_MAX - PORT_MIN && !free; tried++) {
        int port = PORT_MIN + Math.floorMod(wanted + 1 + tried - PORT_MIN, 64_512);
        packet.source(packet.source(), port);
        reply = packet.addresses().reply();
        free = conntrack.find(reply, nowNanos) == null;
      }
      if (!free) {
        return null;
      }
    }
    return conntrack.add(original, reply, nowNanos);
  }

  private WalkResult result(
      Verdict verdict,
      PacketBuffer packet,
      boolean translated,
      boolean masqueraded,
      boolean local,
      Conntrack.@Nullable Entry entry) {
    return new WalkResult(
        verdict,
        verdict == Verdict.ACCEPTED ? null : hook,
        packet.source(),
        packet.sourcePort(),
        packet.destination(),
        packet.destinationPort(),
        translated,
        masqueraded,
        local,
        verdict == Verdict.ACCEPTED ? entry : null);
  }

  private Verdict before(Hook at, PacketBuffer packet) {
    return ask(at, Stage.BEFORE_TRANSLATION, packet);
  }

  private Verdict after(Hook at, PacketBuffer packet) {
    return ask(at, Stage.AFTER_TRANSLATION, packet);
  }

  private Verdict ask(Hook at, Stage stage, PacketBuffer packet) {
    hook = at;
    return rules.ask(at, stage, packet);
  }
}
