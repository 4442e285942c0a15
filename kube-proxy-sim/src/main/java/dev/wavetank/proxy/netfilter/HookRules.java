package dev.wavetank.proxy.netfilter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of one family in one node's kernel, as a packet meets them hook by hook. */
public interface HookRules {

  /** What is asked at a hook, in this order. */
  enum Stage {
    /**
     * Chains that see the addresses as they came: mangle, raw, nftables priorities below dstnat.
     */
    BEFORE_TRANSLATION,
    /** Chains that translate addresses; asked for the first packet of a connection only. */
    TRANSLATION,
    /** Chains that see translated destinations: filter. */
    AFTER_TRANSLATION
  }

  /**
   * Prepares for one packet.
   *
   * @param trail gets every rule that held, in order; null when nobody wants to know
   */
  void begin(long nowNanos, @Nullable List<RuleHit> trail);

  /** Asks the chains of one stage; they may change the packet. ACCEPTED means that it goes on. */
  WalkResult.Verdict ask(Hook hook, Stage stage, PacketBuffer packet);

  /**
   * Offers the first packet of a connection to what balances load inside the kernel (IPVS): at
   * INPUT one for the node itself that passed all chains, at OUTPUT one behind {@link
   * Stage#TRANSLATION}. It may translate the packet, which then goes on from the node.
   */
  default WalkResult.Verdict serve(Hook hook, PacketBuffer packet) {
    return WalkResult.Verdict.ACCEPTED;
  }
}
