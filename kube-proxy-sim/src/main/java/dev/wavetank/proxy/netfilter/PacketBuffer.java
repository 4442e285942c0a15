package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * A packet on its way through one node: addresses, ports, mark, interfaces and what connection
 * tracking knows about it. Rules change it in place; it is used for one walk.
 */
public final class PacketBuffer {

  final IpFamily family;
  final Protocol protocol;
  private final Packet sent;

  /** The addresses as they are now; null until someone asks after a change. */
  private @Nullable Packet now;

  private IpAddress source;
  private int sourcePort;
  private IpAddress destination;
  private int destinationPort;
  int mark;
  @Nullable String inInterface;
  @Nullable String outInterface;

  /** Set of {@link ConnectionState} bits. */
  int states = ConnectionState.NEW.bit();

  /** Set when a rule asked for the source to be replaced by an address of the node. */
  boolean masquerade;

  /** Set when a rule replaced the destination. */
  boolean destinationTranslated;

  public PacketBuffer(Packet addresses) {
    this.sent = addresses;
    this.now = addresses;
    this.family = IpFamily.of(addresses.destination());
    this.protocol = addresses.protocol();
    this.source = addresses.source();
    this.sourcePort = addresses.sourcePort();
    this.destination = addresses.destination();
    this.destinationPort = addresses.destinationPort();
  }

  /** Sets the interface by which the packet came to the node. */
  public PacketBuffer from(String interfaceName) {
    inInterface = interfaceName;
    return this;
  }

  public IpAddress source() {
    return source;
  }

  public IpAddress destination() {
    return destination;
  }

  public Protocol protocol() {
    return protocol;
  }

  public int sourcePort() {
    return sourcePort;
  }

  public int destinationPort() {
    return destinationPort;
  }

  public int mark() {
    return mark;
  }

  /** The addresses with which the packet came. */
  public Packet sent() {
    return sent;
  }

  /** The addresses as they are now; the same object while nothing changed them. */
  public Packet addresses() {
    Packet known = now;
    if (known == null) {
      known = new Packet(protocol, source, sourcePort, destination, destinationPort);
      now = known;
    }
    return known;
  }

  /** Whether connection tracking says any of the states, a set of {@link ConnectionState} bits. */
  public boolean inAny(int stateBits) {
    return (states & stateBits) != 0;
  }

  /** Whether the source lies in the block. */
  public boolean sourceIn(AddressBlock block) {
    return block.contains(source.high(), source.low());
  }

  /** Whether the destination lies in the block. */
  public boolean destinationIn(AddressBlock block) {
    return block.contains(destination.high(), destination.low());
  }

  /** The interface by which the packet came; null when a process of the node sent it. */
  public @Nullable String inInterface() {
    return inInterface;
  }

  /** The interface by which the packet leaves; null before that is known. */
  public @Nullable String outInterface() {
    return outInterface;
  }

  /** Gives the packet another mark. */
  public void mark(int value) {
    mark = value;
  }

  /** Whether a rule replaced the destination. */
  public boolean translated() {
    return destinationTranslated;
  }

  /** A rule replaces the destination. */
  public void translate(IpAddress address, int port) {
    destination(address, port);
    destinationTranslated = true;
  }

  /** A rule asks for the source to be replaced by an address of the node on the way out. */
  public void masquerade() {
    masquerade = true;
  }

  void destination(IpAddress address, int port) {
    destination = address;
    destinationPort = port;
    now = null;
  }

  void source(IpAddress address, int port) {
    source = address;
    sourcePort = port;
    now = null;
  }
}
