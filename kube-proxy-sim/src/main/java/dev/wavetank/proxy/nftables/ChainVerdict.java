package dev.wavetank.proxy.nftables;

/**
 * What a statement says about the way on.
 *
 * @param chain where JUMP and GOTO go on, else empty
 */
public record ChainVerdict(Kind kind, String chain) {

  /** The kinds of verdicts; the first two are inside a rule only. */
  public enum Kind {
    /** Ask the next statement of the rule, or the next rule. */
    CONTINUE,
    /** The rule does not hold: ask the next rule. */
    BREAK,
    /** Leave this base chain; the packet goes on. */
    ACCEPT,
    /** The packet is gone and its sender does not learn of it. */
    DROP,
    /** The packet is gone and its sender gets an ICMP error. */
    REJECT,
    /** Go back behind the last jump. */
    RETURN,
    /** Go into another chain and come back at its end. */
    JUMP,
    /** Go into another chain for good. */
    GOTO
  }

  public static final ChainVerdict CONTINUE = new ChainVerdict(Kind.CONTINUE, "");
  public static final ChainVerdict BREAK = new ChainVerdict(Kind.BREAK, "");
  public static final ChainVerdict ACCEPT = new ChainVerdict(Kind.ACCEPT, "");
  public static final ChainVerdict DROP = new ChainVerdict(Kind.DROP, "");
  public static final ChainVerdict REJECT = new ChainVerdict(Kind.REJECT, "");
  public static final ChainVerdict RETURN = new ChainVerdict(Kind.RETURN, "");

  public static ChainVerdict jump(String chain) {
    return new ChainVerdict(Kind.JUMP, chain);
  }

  /** Named after nft's word; {@code goto} is one of Java's too. */
  public static ChainVerdict goTo(String chain) {
    return new ChainVerdict(Kind.GOTO, chain);
  }

  /** What happens to the packet, for people. */
  String words() {
    return switch (kind) {
      case CONTINUE -> "goes on with the next rule";
      case BREAK -> "does not hold";
      case ACCEPT -> "passes this chain";
      case DROP -> "is dropped: the sender waits in vain";
      case REJECT -> "is refused with port-unreachable";
      case RETURN -> "goes back to the chain before";
      case JUMP, GOTO -> "goes on in " + chain;
    };
  }

  /** As it stands in a rule or a map. */
  @Override
  public String toString() {
    return switch (kind) {
      case CONTINUE -> "continue";
      case BREAK -> "break";
      case ACCEPT -> "accept";
      case DROP -> "drop";
      case REJECT -> "reject";
      case RETURN -> "return";
      case JUMP -> "jump " + chain;
      case GOTO -> "goto " + chain;
    };
  }
}
