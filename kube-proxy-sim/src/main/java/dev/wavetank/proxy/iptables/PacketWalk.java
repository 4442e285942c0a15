package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.sim.SimulationBug;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of packets through one node: connection tracking, then the chains of each hook in the
 * kernel's order.
 *
 * <p>A packet from a process of the node passes OUTPUT and POSTROUTING (and INPUT, if it stays);
 * one from elsewhere passes PREROUTING and then INPUT, or FORWARD and POSTROUTING. The nat table is
 * asked for the first packet of a connection only. A masqueraded connection keeps its source port
 * if that is free, and takes the next free one otherwise, {@code --random-fully} or not.
 */
public final class PacketWalk {

  /** Bound on chains within chains; the kernel refuses loops when rules are loaded. */
  private static final int DEPTH_MAX = 64;

  /** Chains shorter than this are walked rule by rule. */
  private static final int INDEX_FROM = 12;

  private static final int PORT_MIN = 1024;
  private static final int PORT_MAX = 65_535;

  private final Routing routing;
  private final Conntrack conntrack;
  private final RuleState state;
  private final boolean indexed;

  private Ruleset rules;
  private Hook hook = Hook.OUTPUT;
  private @Nullable List<RuleHit> trail;

  public PacketWalk(Routing routing, Conntrack conntrack, RuleState state) {
    this(routing, conntrack, state, true);
  }

  /**
   * @param indexed false: ask every rule of every chain, as the kernel does
   */
  PacketWalk(Routing routing, Conntrack conntrack, RuleState state, boolean indexed) {
    this.routing = routing;
    this.conntrack = conntrack;
    this.state = state;
    this.indexed = indexed;
    this.rules = Ruleset.of(IpFamily.IPV4, ImmutableList.of());
  }

  /**
   * Sends a packet through the node.
   *
   * @param packet has an incoming interface unless a process of the node sends it; is used up
   * @param newTrail gets every rule that held, in order; null when nobody wants to know
   */
  public WalkResult walk(
      Ruleset newRules, PacketBuffer packet, long nowNanos, @Nullable List<RuleHit> newTrail) {
    rules = newRules;
    trail = newTrail;
    state.now(nowNanos);
    Packet flow = packet.sent();
    Conntrack.Entry entry = conntrack.find(flow, nowNanos);
    if (entry != null) {
      return known(packet, entry, entry.original().equals(flow), nowNanos);
    }
    return first(packet, flow, nowNanos);
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
    Verdicts enter = mangle(fromProcess ? Hook.OUTPUT : Hook.PREROUTING, packet);
    if (enter == Verdicts.PASS) {
      packet.destination(back.source(), back.sourcePort());
      enter = fromProcess ? filter(Hook.OUTPUT, packet) : Verdicts.PASS;
    }
    boolean local = routing.local(packet.destination());
    if (enter == Verdicts.PASS) {
      enter = fromProcess ? leave(packet, local) : arrive(packet, local);
    }
    if (enter == Verdicts.PASS) {
      sourceOf(packet, back.destination(), back.destinationPort());
      enter = fromProcess && local ? stay(packet) : Verdicts.PASS;
    }
    if (enter == Verdicts.PASS) {
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
    Verdicts verdict = mangle(entrance, packet);
    if (verdict == Verdicts.PASS) {
      verdict = table(Table.Name.NAT, entrance, packet);
    }
    if (packet.destinationTranslated) {
      packet.states |= ConnectionState.DNAT.bit();
    }
    if (verdict == Verdicts.PASS && fromProcess) {
      verdict = filter(Hook.OUTPUT, packet);
    }
    boolean local = routing.local(packet.destination());
    if (verdict == Verdicts.PASS) {
      verdict = fromProcess ? leave(packet, local) : arrive(packet, local);
    }
    boolean passesOut = fromProcess || !local;
    if (verdict == Verdicts.PASS && passesOut) {
      hook = Hook.POSTROUTING;
      verdict = table(Table.Name.NAT, Hook.POSTROUTING, packet);
      if (packet.masquerade) {
        sourceOf(packet, routing.sourceFor(packet.destination()), packet.sourcePort);
        packet.states |= ConnectionState.SNAT.bit();
      }
    }
    Conntrack.Entry entry = null;
    if (verdict == Verdicts.PASS) {
      entry = confirm(packet, flow, nowNanos);
      verdict = entry == null ? Verdicts.DROP : Verdicts.PASS;
    }
    if (verdict == Verdicts.PASS && fromProcess && local) {
      verdict = stay(packet);
    }
    return result(verdict, packet, packet.destinationTranslated, packet.masquerade, local, entry);
  }

  /** A packet from a process, behind OUTPUT: routing, mangle POSTROUTING. */
  private Verdicts leave(PacketBuffer packet, boolean local) {
    packet.outInterface = local ? "lo" : routing.outInterface(packet.destination());
    return packet.outInterface == null ? Verdicts.UNROUTABLE : mangle(Hook.POSTROUTING, packet);
  }

  /** A packet of a process for the node itself, behind POSTROUTING. */
  private Verdicts stay(PacketBuffer packet) {
    packet.inInterface = "lo";
    packet.outInterface = null;
    Verdicts verdict = mangle(Hook.PREROUTING, packet);
    if (verdict == Verdicts.PASS) {
      verdict = mangle(Hook.INPUT, packet);
    }
    return verdict == Verdicts.PASS ? filter(Hook.INPUT, packet) : verdict;
  }

  /** A packet from elsewhere, behind PREROUTING: to the node itself, or through it. */
  private Verdicts arrive(PacketBuffer packet, boolean local) {
    if (local) {
      Verdicts verdict = mangle(Hook.INPUT, packet);
      return verdict == Verdicts.PASS ? filter(Hook.INPUT, packet) : verdict;
    }
    packet.outInterface = routing.outInterface(packet.destination());
    if (packet.outInterface == null) {
      return Verdicts.UNROUTABLE;
    }
    Verdicts verdict = mangle(Hook.FORWARD, packet);
    if (verdict == Verdicts.PASS) {
      verdict = filter(Hook.FORWARD, packet);
    }
    return verdict == Verdicts.PASS ? mangle(Hook.POSTROUTING, packet) : verdict;
  }

  private static void sourceOf(PacketBuffer packet, IpAddress address, int port) {
    packet.sourceHigh = address.high();
    packet.sourceLow = address.low();
    packet.sourcePort = port;
  }

  /** Takes the connection in under a source port that tells its answers apart from all others. */
  private Conntrack.@Nullable Entry confirm(PacketBuffer packet, Packet original, long nowNanos) {
    Packet reply = packet.addresses().reply();
    if (conntrack.find(reply, nowNanos) != null) {
      int wanted = packet.sourcePort;
      boolean free = false;
      for (int tried = 0; tried <= PORT_MAX - PORT_MIN && !free; tried++) {
        packet.sourcePort = PORT_MIN + Math.floorMod(wanted + 1 + tried - PORT_MIN, 64_512);
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
      Verdicts verdict,
      PacketBuffer packet,
      boolean translated,
      boolean masqueraded,
      boolean local,
      Conntrack.@Nullable Entry entry) {
    return new WalkResult(
        verdict.shown,
        verdict == Verdicts.PASS ? null : hook,
        packet.source(),
        packet.sourcePort,
        packet.destination(),
        packet.destinationPort,
        translated,
        masqueraded,
        local,
        verdict == Verdicts.PASS ? entry : null);
  }

  private enum Verdicts {
    PASS(WalkResult.Verdict.ACCEPTED),
    REJECT(WalkResult.Verdict.REJECTED),
    DROP(WalkResult.Verdict.DROPPED),
    UNROUTABLE(WalkResult.Verdict.UNROUTABLE);

    final WalkResult.Verdict shown;

    Verdicts(WalkResult.Verdict shown) {
      this.shown = shown;
    }
  }

  private Verdicts mangle(Hook at, PacketBuffer packet) {
    return table(Table.Name.MANGLE, at, packet);
  }

  private Verdicts filter(Hook at, PacketBuffer packet) {
    return table(Table.Name.FILTER, at, packet);
  }

  private Verdicts table(Table.Name name, Hook at, PacketBuffer packet) {
    hook = at;
    Table table = rules.table(name);
    Chain chain = table == null ? null : table.at(at);
    if (table == null || chain == null) {
      return Verdicts.PASS;
    }
    Target.Effect effect = traverse(table, chain, packet, 0);
    return switch (effect) {
      case DROP -> Verdicts.DROP;
      case REJECT -> Verdicts.REJECT;
      case ACCEPT -> Verdicts.PASS;
      default -> "DROP".equals(chain.policy()) ? Verdicts.DROP : Verdicts.PASS;
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
      wanted.add(new RuleHit(hook, table.name(), chain.name(), position, rule));
    }
    Target target = rule.target();
    Target.Effect effect = target.apply(packet);
    if (effect != Target.Effect.JUMP) {
      return effect;
    }
    String name = ((Target.Jump) target).chain();
    Chain next = table.chains().get(name);
    if (next == null || depth >= DEPTH_MAX) {
      throw new SimulationBug(
          next == null ? "no chain " + name : "chains nested deeper than " + DEPTH_MAX);
    }
    return traverse(table, next, packet, depth + 1);
  }
}
