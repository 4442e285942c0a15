package dev.wavetank.proxy.netfilter;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Connection tracking of one node: which connections it knows, and how their addresses are
 * translated in both directions.
 *
 * <p>Holds at most {@link #ENTRIES_MAX} connections, kube-proxy's smallest setting. At the bound, a
 * new one takes the place of one that was not answered yet, or else of one that expired, if there
 * is one among some that are looked at; otherwise its packet is dropped. Timeouts are those of the
 * kernel with kube-proxy's settings; an SCTP association, which heartbeats would keep alive, is
 * kept as long as a TCP connection. Follows pkg/proxy/apis/config/v1alpha1/defaults.go (v1.36).
 */
public final class Conntrack {

  /** Bound on connections: kube-proxy's conntrack.min. */
  public static final int ENTRIES_MAX = 131_072;

  /** How many answered connections a new one looks at when the table is full. */
  private static final int LOOKED_AT_MAX = 256;

  /** Fewer connections are left alone. */
  private static final int SWEEP_FROM = 64;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long UDP_NANOS = 30 * SECOND_NANOS;
  private static final long UDP_ANSWERED_NANOS = 120 * SECOND_NANOS;
  private static final long TCP_UNANSWERED_NANOS = 120 * SECOND_NANOS;
  private static final long TCP_ESTABLISHED_NANOS = 86_400 * SECOND_NANOS;
  private static final long TCP_CLOSED_NANOS = 120 * SECOND_NANOS;

  private static final Packet NO_FLOW =
      new Packet(Protocol.TCP, IpAddress.v4(0), 0, IpAddress.v4(0), 0);

  /** A connection that the node knows. */
  public static final class Entry {
    private final Packet original;
    private final Packet reply;
    private boolean answered;
    private boolean closed;
    private long expiresNanos;

    /** Neighbours among all entries, in the order in which they are looked over. */
    private Entry before = this;

    private Entry after = this;

    private Entry(Packet original, Packet reply) {
      this.original = original;
      this.reply = reply;
    }

    /** The first packet's addresses, as its sender wrote them. */
    public Packet original() {
      return original;
    }

    /** The addresses of an answer as it comes back to the node. */
    public Packet reply() {
      return reply;
    }

    /** Whether an answer was seen. */
    public boolean answered() {
      return answered;
    }

    /** Whether the addresses are the connection's in either direction. */
    boolean has(Packet flow) {
      return original.equals(flow) || reply.equals(flow);
    }

    /** Whether the destination is translated. */
    public boolean destinationTranslated() {
      return !reply.source().equals(original.destination())
          || reply.sourcePort() != original.destinationPort();
    }

    /** Whether the source is translated. */
    public boolean sourceTranslated() {
      return !reply.destination().equals(original.source())
          || reply.destinationPort() != original.sourcePort();
    }

    @Override
    public String toString() {
      return original + " [answer " + reply + "]";
    }
  }

  /** Hears of connections that come and go. */
  public interface Listener {

    /** A connection was taken in. */
    void added(Entry entry);

    /** A connection is forgotten. */
    void deleted(Entry entry);
  }

  private final int entriesMax;
  private final FlowTable byFlow = new FlowTable();

  /** Those that wait for an answer; the entry itself is none: it lies between last and first. */
  private final Entry unanswered = new Entry(NO_FLOW, NO_FLOW);

  /** Those that were answered, likewise. */
  private final Entry answered = new Entry(NO_FLOW, NO_FLOW);

  private int size;
  private @Nullable Listener listener;

  public Conntrack() {
    this(ENTRIES_MAX);
  }

  /** Connection tracking with a smaller bound. */
  public Conntrack(int entriesMax) {
    this.entriesMax = entriesMax;
  }

  /** Tells of changes from now on; whoever heard of them before does so no more. */
  public void listener(@Nullable Listener newListener) {
    listener = newListener;
  }

  /** Number of connections, expired ones included until someone looks for them. */
  public int size() {
    return size;
  }

  /** The connection to which a packet belongs in either direction, or null for a new one. */
  public @Nullable Entry find(Packet flow, long nowNanos) {
    Entry entry = byFlow.get(flow);
    if (entry != null && entry.expiresNanos <= nowNanos) {
      delete(entry);
      return null;
    }
    return entry;
  }

  /**
   * Takes a new connection in; null when the table is full of answered ones.
   *
   * @param reply not the flow of a known connection
   */
  @Nullable Entry add(Packet original, Packet reply, long nowNanos) {
    sweep(nowNanos);
    if (size >= entriesMax && !makeRoom(nowNanos)) {
      return null;
    }
    Entry entry = new Entry(original, reply);
    byFlow.put(original, entry);
    byFlow.put(reply, entry);
    append(entry, unanswered);
    size++;
    seen(entry, false, nowNanos);
    Listener told = listener;
    if (told != null) {
      told.added(entry);
    }
    return entry;
  }

  private static void append(Entry entry, Entry ring) {
    entry.before = ring.before;
    entry.after = ring;
    ring.before.after = entry;
    ring.before = entry;
  }

  private static void unlink(Entry entry) {
    entry.before.after = entry.after;
    entry.after.before = entry.before;
  }

  /** Notes a packet of a known connection: its time to live starts anew. */
  void seen(Entry entry, boolean answer, long nowNanos) {
    if (answer && !entry.answered) {
      entry.answered = true;
      unlink(entry);
      append(entry, answered);
    }
    long timeout;
    if (entry.original.protocol() != Protocol.UDP) {
      timeout =
          entry.closed
              ? TCP_CLOSED_NANOS
              : entry.answered ? TCP_ESTABLISHED_NANOS : TCP_UNANSWERED_NANOS;
    } else {
      timeout = entry.answered ? UDP_ANSWERED_NANOS : UDP_NANOS;
    }
    entry.expiresNanos = nowNanos + timeout;
  }

  /** Notes that an answer came back. */
  public void answered(Entry entry, long nowNanos) {
    seen(entry, true, nowNanos);
  }

  /** Notes that both ends closed a TCP connection: it is forgotten soon (TIME_WAIT). */
  public void closed(Entry entry, long nowNanos) {
    entry.closed = true;
    seen(entry, true, nowNanos);
  }

  /** Forgets a connection. */
  public void delete(Entry entry) {
    if (byFlow.remove(entry.original, entry)) {
      byFlow.remove(entry.reply, entry);
      unlink(entry);
      size--;
      Listener told = listener;
      if (told != null) {
        told.deleted(entry);
      }
    }
  }

  /** The connections, in no particular order. */
  public ImmutableList<Entry> entries(long nowNanos) {
    ImmutableList.Builder<Entry> found = ImmutableList.builder();
    addLive(unanswered, nowNanos, found);
    addLive(answered, nowNanos, found);
    return found.build();
  }

  @SuppressWarnings("ReferenceEquality") // the end of a ring is one object
  private static void addLive(Entry ring, long nowNanos, ImmutableList.Builder<Entry> found) {
    for (Entry entry = ring.after; entry != ring; entry = entry.after) {
      if (entry.expiresNanos > nowNanos) {
        found.add(entry);
      }
    }
  }

  /** Looks at two connections in turn and forgets those that expired, as the kernel does. */
  private void sweep(long nowNanos) {
    if (size >= SWEEP_FROM) {
      sweep(unanswered, nowNanos);
      sweep(answered, nowNanos);
    }
  }

  /** Whether the next connection of a ring expired and is gone. */
  @SuppressWarnings("ReferenceEquality") // the end of a ring is one object
  private boolean sweep(Entry ring, long nowNanos) {
    Entry entry = ring.after;
    if (entry == ring) {
      return false;
    }
    if (entry.expiresNanos <= nowNanos) {
      delete(entry);
      return true;
    }
    unlink(entry);
    append(entry, ring);
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // the end of a ring is one object
  private boolean makeRoom(long nowNanos) {
    if (unanswered.after != unanswered) {
      delete(unanswered.after);
      return true;
    }
    int looked = 0;
    while (looked < LOOKED_AT_MAX && !sweep(answered, nowNanos)) {
      looked++;
    }
    return size < entriesMax;
  }
}
