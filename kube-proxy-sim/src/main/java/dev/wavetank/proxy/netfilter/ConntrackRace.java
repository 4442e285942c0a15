package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of two datagrams that a socket sends in the same moment when two CPUs of their node
 * take one each: the second is looked up before the first is taken in, so that both begin a
 * connection and both are translated by the rules. The second goes on if it is translated like the
 * first, and is dropped otherwise.
 *
 * <p>Follows net/netfilter/nf_conntrack_core.c (Linux 6.1): nf_ct_resolve_clash.
 */
public final class ConntrackRace {

  private final ChoiceStream choices;
  private final double chance;

  /** The last connection that was taken in, and when. */
  private Conntrack.@Nullable Entry takenIn;

  private long takenInNanos;
  private long insertFailed;
  private boolean lost;

  /**
   * The races of one node.
   *
   * @param chance of two such datagrams to meet, 0 to 1
   */
  public ConntrackRace(ChoiceStream choices, double chance) {
    this.choices = choices;
    this.chance = chance;
  }

  /** Sends a packet through the node, as {@link PacketWalk#walk} does, unless it has to race. */
  public WalkResult walk(
      PacketWalk walk,
      Conntrack conntrack,
      @Nullable HookRules rules,
      PacketBuffer packet,
      long nowNanos,
      @Nullable List<RuleHit> trail) {
    Packet flow = packet.sent();
    lost = false;
    if (flow.protocol() != Protocol.UDP) {
      return walk.walk(rules, packet, nowNanos, trail);
    }
    Conntrack.Entry rival = rival(flow, nowNanos);
    if (rival != null) {
      WalkResult result = walk.walkBeside(rival, rules, packet, nowNanos, trail);
      lost = result.verdict() == WalkResult.Verdict.DROPPED;
      insertFailed += lost ? 1 : 0;
      return result;
    }
    boolean begins = conntrack.find(flow, nowNanos) == null;
    WalkResult result = walk.walk(rules, packet, nowNanos, trail);
    if (begins) {
      takenIn = result.connection();
      takenInNanos = nowNanos;
    }
    return result;
  }

  /** The connection that the packet belongs to and does not find; null when it does not race. */
  private Conntrack.@Nullable Entry rival(Packet flow, long nowNanos) {
    Conntrack.Entry entry = takenIn;
    boolean together = entry != null && takenInNanos == nowNanos && entry.original().equals(flow);
    return together && choices.chance(chance) ? entry : null;
  }

  /** Whether the last packet was dropped so. */
  public boolean lost() {
    return lost;
  }

  /** How many packets were dropped so: {@code insert_failed} of {@code conntrack -S}. */
  public long insertFailed() {
    return insertFailed;
  }
}
