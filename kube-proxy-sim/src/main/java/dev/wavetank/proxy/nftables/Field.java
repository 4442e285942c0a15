package dev.wavetank.proxy.nftables;

import dev.wavetank.proxy.netfilter.IpFamily;

/** A field of a packet by which a set is searched. */
public enum Field {
  SOURCE(KeyType.ADDRESS, "saddr"),
  DESTINATION(KeyType.ADDRESS, "daddr"),
  PROTOCOL(KeyType.PROTOCOL, "meta l4proto"),
  PORT(KeyType.SERVICE, "th dport");

  /** The type of a part of a set's keys. */
  public enum KeyType {
    ADDRESS("addr"),
    PROTOCOL("inet_proto"),
    SERVICE("inet_service");

    private final String typeName;

    KeyType(String typeName) {
      this.typeName = typeName;
    }

    /** The type's name in nft. */
    String text(IpFamily family) {
      if (this != ADDRESS) {
        return typeName;
      }
      return family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
    }
  }

  private final KeyType type;
  private final String expression;

  Field(KeyType type, String expression) {
    this.type = type;
    this.expression = expression;
  }

  /** The type of the field's values. */
  public KeyType type() {
    return type;
  }

  /** The expression that stands for it in a rule. */
  String text(IpFamily family) {
    return type == KeyType.ADDRESS ? keyword(family) + " " + expression : expression;
  }

  /** The word for a family's header: {@code ip} or {@code ip6}. */
  static String keyword(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }
}
