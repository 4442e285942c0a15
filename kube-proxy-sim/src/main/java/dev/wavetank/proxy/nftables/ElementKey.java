package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The key of an element of a set: up to two addresses, a protocol and a port, as the set's type
 * says.
 *
 * @param port -1 when the type has none
 */
public record ElementKey(
    @Nullable IpAddress first, @Nullable IpAddress second, @Nullable Protocol protocol, int port) {

  private static final int NO_PORT = -1;

  public static ElementKey of(IpAddress address) {
    return new ElementKey(address, null, null, NO_PORT);
  }

  public static ElementKey of(IpAddress address, Protocol protocol, int port) {
    return new ElementKey(address, null, protocol, port);
  }

  public static ElementKey of(Protocol protocol, int port) {
    return new ElementKey(null, null, protocol, port);
  }

  /** The key that a packet's fields make. */
  static ElementKey of(ImmutableList<Field> fields, PacketBuffer packet) {
    IpAddress first = null;
    IpAddress second = null;
    Protocol protocol = null;
    int port = NO_PORT;
    for (int i = 0; i < fields.size(); i++) {
      switch (fields.get(i)) {
        case PROTOCOL -> protocol = packet.protocol();
        case PORT -> port = packet.destinationPort();
        case SOURCE, DESTINATION -> {
          IpAddress address =
              fields.get(i) == Field.SOURCE ? packet.source() : packet.destination();
          if (first == null) {
            first = address;
          } else {
            second = address;
          }
        }
      }
    }
    return new ElementKey(first, second, protocol, port);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when it is not of that type
   */
  static ElementKey parse(ImmutableList<Field.KeyType> type, String text) {
    String[] parts = text.split(" \\. ", -1);
    if (parts.length != type.size()) {
      throw new IllegalArgumentException("expected " + type.size() + " parts in key " + text);
    }
    IpAddress first = null;
    IpAddress second = null;
    Protocol protocol = null;
    int port = NO_PORT;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      switch (type.get(i)) {
        case PROTOCOL -> protocol = TableParser.protocol(part);
        case SERVICE -> port = Integer.parseInt(part);
        case ADDRESS -> {
          IpAddress address = IpAddress.parse(part);
          if (first == null) {
            first = address;
          } else {
            second = address;
          }
        }
      }
    }
    return new ElementKey(first, second, protocol, port);
  }

  /** The parts as nft separates them. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out, first);
    append(out, second);
    append(out, protocol == null ? null : protocol.lowerCase());
    append(out, port == NO_PORT ? null : port);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object part) {
    if (part != null) {
      out.append(out.isEmpty() ? "" : " . ").append(part);
    }
  }
}
