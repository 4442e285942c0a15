package dev.wavetank.proxy.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import java.util.Collection;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of {@code ipset}: addresses and ports that a rule of iptables asks for by the set's name.
 * Asking costs the same however many entries there are.
 */
public final class IpSet {

  /** What an entry consists of. */
  public enum Type {
    HASH_IP("hash:ip"),
    HASH_IP_PORT("hash:ip,port"),
    HASH_IP_PORT_IP("hash:ip,port,ip"),
    HASH_IP_PORT_NET("hash:ip,port,net"),
    BITMAP_PORT("bitmap:port");

    private final String typeName;

    Type(String typeName) {
      this.typeName = typeName;
    }

    /** The name in commands of ipset. */
    public String typeName() {
      return typeName;
    }
  }

  /**
   * An entry; what its type has not is null, or -1.
   *
   * @param net a block of sources
   */
  public record Entry(
      @Nullable IpAddress address,
      @Nullable Protocol protocol,
      int port,
      @Nullable IpAddress second,
      @Nullable AddressBlock net) {

    public static Entry of(IpAddress address) {
      return new Entry(address, null, -1, null, null);
    }

    public static Entry of(IpAddress address, Protocol protocol, int port) {
      return new Entry(address, protocol, port, null, null);
    }

    public static Entry of(int port) {
      return new Entry(null, null, port, null, null);
    }

    /** This entry with a second address. */
    public Entry and(IpAddress other) {
      return new Entry(address, protocol, port, other, null);
    }

    /** This entry with a block of sources. */
    public Entry and(AddressBlock block) {
      return new Entry(address, protocol, port, null, block);
    }

    private Entry withoutNet() {
      return net == null ? this : new Entry(address, protocol, port, second, null);
    }

    /** The entry as ipset prints it. */
    @Override
    public String toString() {
      StringBuilder out = new StringBuilder();
      if (address != null) {
        out.append(address);
      }
      if (port >= 0) {
        out.append(address == null ? "" : ",");
        out.append(protocol == null ? "" : protocol.lowerCase() + ":").append(port);
      }
      if (second != null) {
        out.append(',').append(second);
      }
      if (net != null) {
        out.append(',').append(net.single() ? net.first() : net);
      }
      return out.toString();
    }
  }

  private final String name;
  private final Type type;
  private final IpFamily family;
  private final ImmutableSet<Entry> entries;
  private final ImmutableListMultimap<Entry, AddressBlock> nets;

  private IpSet(String name, Type type, IpFamily family, ImmutableSet<Entry> entries) {
    this.name = name;
    this.type = type;
    this.family = family;
    this.entries = entries;
    ImmutableListMultimap.Builder<Entry, AddressBlock> blocks = ImmutableListMultimap.builder();
    for (Entry entry : entries) {
      if (entry.net() != null) {
        blocks.put(entry.withoutNet(), entry.net());
      }
    }
    this.nets = blocks.build();
  }

  /** A set of these entries; one that stands twice counts once. */
  public static IpSet of(String name, Type type, IpFamily family, Collection<Entry> entries) {
    return new IpSet(name, type, family, ImmutableSet.copyOf(new LinkedHashSet<>(entries)));
  }

  public String name() {
    return name;
  }

  public ImmutableSet<Entry> entries() {
    return entries;
  }

  /**
   * Whether the packet's fields are an entry.
   *
   * @param directions {@code src} or {@code dst} for each part of an entry, as in {@code
   *     --match-set}; a port is always the destination's
   */
  public boolean contains(ImmutableList<String> directions, PacketBuffer packet) {
    IpAddress first = address(directions.get(0), packet);
    return switch (type) {
      case HASH_IP -> entries.contains(Entry.of(first));
      case BITMAP_PORT -> entries.contains(Entry.of(packet.destinationPort()));
      case HASH_IP_PORT -> entries.contains(port(first, packet));
      case HASH_IP_PORT_IP ->
          entries.contains(port(first, packet).and(address(directions.get(2), packet)));
      case HASH_IP_PORT_NET -> {
        IpAddress third = address(directions.get(2), packet);
        boolean found = false;
        for (AddressBlock block : nets.get(port(first, packet))) {
          found |= block.contains(third);
        }
        yield found;
      }
    };
  }

  private static IpAddress address(String direction, PacketBuffer packet) {
    return direction.equals("src") ? packet.source() : packet.destination();
  }

  private static Entry port(IpAddress address, PacketBuffer packet) {
    return Entry.of(address, packet.protocol(), packet.destinationPort());
  }

  /** The text that {@code ipset save} prints, without numbers that the kernel draws. */
  public String save() {
    StringBuilder out = new StringBuilder();
    out.append("create ").append(name).append(' ').append(type.typeName());
    if (type == Type.BITMAP_PORT) {
      out.append(" range 0-65535\n");
    } else {
      out.append(" family ").append(family == IpFamily.IPV4 ? "inet" : "inet6");
      out.append(" hashsize 1024 maxelem 65536\n");
    }
    for (Entry entry : entries) {
      out.append("add ").append(name).append(' ').append(entry).append('\n');
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return save();
  }
}
