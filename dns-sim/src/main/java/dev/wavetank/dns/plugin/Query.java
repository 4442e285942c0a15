package dev.wavetank.dns.plugin;

import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * One question on its way through a chain, with the virtual time that answering it has cost so far.
 */
public final class Query {
  /** How often a question may lead to another before the chain gives up. */
  private static final int DEPTH_MAX = 12;

  private final Name name;
  private final int type;
  private final int dclass;
  private final Flags flags;
  private final long arrivedNanos;
  private final int depth;
  private final String client;
  private long spentNanos;

  /** The bits of a question that change how a cache keeps the answer. */
  public record Flags(
      boolean recursionDesired,
      boolean authenticData,
      boolean checkingDisabled,
      boolean dnssecOk) {}

  private Query(
      Name name, int type, int dclass, Flags flags, long arrivedNanos, int depth, String client) {
    this.name = name;
    this.type = type;
    this.dclass = dclass;
    this.flags = flags;
    this.arrivedNanos = arrivedNanos;
    this.depth = depth;
    this.client = client;
  }

  /**
   * A question that arrived at a virtual time.
   *
   * @param name absolute, in the letter case in which it was asked
   * @param type a type of {@code org.xbill.DNS.Type}
   * @param arrivedNanos since the start of the simulation
   */
  public static Query of(Name name, int type, int dclass, Flags flags, long arrivedNanos) {
    return new Query(name, type, dclass, flags, arrivedNanos, 0, "");
  }

  /** The same question, asked from that address. */
  public Query from(String address) {
    return new Query(name, type, dclass, flags, arrivedNanos, depth, address);
  }

  /** The address that it came from; empty when it is not known. */
  public String client() {
    return client;
  }

  /** Another question asked on behalf of this one, now. */
  public Query about(Name otherName, int otherType) {
    return new Query(otherName, otherType, dclass, flags, nowNanos(), depth + 1, client);
  }

  /** The name in the letter case in which it was asked. */
  public Name name() {
    return name;
  }

  public int type() {
    return type;
  }

  public int dclass() {
    return dclass;
  }

  public Flags flags() {
    return flags;
  }

  /** True when question led to question too often: the chain must stop. */
  public boolean tooDeep() {
    return depth > DEPTH_MAX;
  }

  /** Virtual time at this point of the chain. */
  public long nowNanos() {
    return arrivedNanos + spentNanos;
  }

  /** How long answering has taken so far. */
  public long spentNanos() {
    return spentNanos;
  }

  /** Waits: the answer leaves that much later. */
  public void spend(long nanos) {
    spentNanos += nanos;
  }

  @Override
  public String toString() {
    return name + " " + Type.string(type);
  }
}
