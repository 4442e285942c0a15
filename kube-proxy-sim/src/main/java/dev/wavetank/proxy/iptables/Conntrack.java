package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connection tracking of one node: which connections it knows, and how their addresses are
 * translated in both directions.
 *
 * <p>Holds at most {@link #ENTRIES_MAX} connections, kube-proxy's smallest setting. At the bound,
 * expired ones go first, then one that was never answered; if all were answered, the new packet is
 * dropped. Timeouts are those of the kernel with kube-proxy's settings. Follows
 * pkg/proxy/apis/config/v1alpha1/defaults.go (v1.36).
 */
public final class Conntrack {

  /** Bound on connections: kube-proxy's conntrack.min. */
  public static final int ENTRIES_MAX = 131_072;

  /** How many connections each new one looks at. */
  private static final int SWEPT = 2;

  /** Fewer connections are left alone. */
  private static final int SWEEP_FROM = 64;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long UDP_NANOS = 30 * SECOND_NANOS;
  private static final long UDP_ANSWERED_NANOS = 120 * SECOND_NANOS;
  private static final long TCP_UNANSWERED_NANOS = 120 * SECOND_NANOS;
  private static final long TCP_ESTABLISHED_NANOS = 86_400 * SECOND_NANOS;
  private static final long TCP_CLOSED_NANOS = 120 * SECOND_NANOS;

  /** A connection that the node knows. */
  public static final class Entry {
    private final Packet original;
    private final Packet reply;
    private boolean answered;
    private boolean closed;
    private long expiresNanos;

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

  private final int entriesMax;
  private final Map<Packet, Entry> byFlow = new LinkedHashMap<>();
  private int size;

  public Conntrack() {
    this(ENTRIES_MAX);
  }

  /** Connection tracking with a smaller bound. */
  public Conntrack(int entriesMax) {
    this.entriesMax = entriesMax;
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
    size++;
    seen(entry, false, nowNanos);
    return entry;
  }

  /** Notes a packet of a known connection: its time to live starts anew. */
  void seen(Entry entry, boolean answer, long nowNanos) {
    entry.answered |= answer;
    long timeout;
    if (entry.original.protocol() == Protocol.TCP) {
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
      size--;
    }
    byFlow.remove(entry.reply, entry);
  }

  /** The connections, in no particular order. */
  public ImmutableList<Entry> entries(long nowNanos) {
    ImmutableList.Builder<Entry> found = ImmutableList.builder();
    byFlow.forEach(
        (flow, entry) -> {
          if (flow.equals(entry.original) && entry.expiresNanos > nowNanos) {
            found.add(entry);
          }
        });
    return found.build();
  }

  /** Looks at a few connections in turn and forgets those that expired, as the kernel does. */
  private void sweep(long nowNanos) {
    for (int i = 0; i < SWEPT && size >= SWEEP_FROM; i++) {
      Entry entry = byFlow.values().iterator().next();
      delete(entry);
      if (entry.expiresNanos > nowNanos) {
        byFlow.put(entry.original, entry);
        byFlow.put(entry.reply, entry);
        size++;
      }
    }
  }

  private boolean makeRoom(long nowNanos) {
    Entry unanswered = null;
    Iterator<Map.Entry<Packet, Entry>> all = byFlow.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Packet, Entry> next = all.next();
      Entry entry = next.getValue();
      if (entry.expiresNanos <= nowNanos) {
        all.remove();
        if (next.getKey().equals(entry.original)) {
          size--;
        }
      } else if (unanswered == null && !entry.answered) {
        unanswered = entry;
      }
    }
    if (size >= entriesMax && unanswered != null) {
      delete(unanswered);
    }
    return size < entriesMax;
  }
}
