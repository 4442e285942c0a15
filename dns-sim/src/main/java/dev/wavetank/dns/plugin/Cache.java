package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Remembers replies for as long as their records live, apart for success and denial, and lets no
 * record live longer than it would remember it.
 *
 * <p>Upstream evicts at random when it is full; here the oldest entry goes.
 *
 * <p>Follows plugin/cache (CoreDNS v1.14).
 */
public final class Cache implements Handler {
  /** Entries of either kind that are kept unless a Corefile says otherwise. */
  public static final int CAPACITY = 9984;

  public static final long SUCCESS_TTL_SECONDS_MAX = 3600;
  public static final long DENIAL_TTL_SECONDS_MAX = 1800;
  public static final long TTL_SECONDS_MIN = 5;

  /**
   * One of the two caches.
   *
   * @param disabled zones whose replies are not kept
   */
  public record Limits(int capacity, long ttlSecondsMax, long ttlSecondsMin, Zones disabled) {}

  /**
   * What a Corefile says about the plugin.
   *
   * @param failureTtlSeconds how long a server failure is kept; 0 is not at all
   */
  public record Config(
      Zones zones, Limits success, Limits denial, long failureTtlSeconds, boolean keepTtl) {}

  private enum Kind {
    SUCCESS,
    DELEGATION,
    NAME_ERROR,
    NO_DATA,
    SERVER_ERROR,
    OTHER;

    boolean denial() {
      return this == NAME_ERROR || this == NO_DATA || this == SERVER_ERROR;
    }
  }

  private record Key(Name name, int type, int dclass, boolean dnssecOk, boolean checkingDisabled) {
    static Key of(Query query) {
      return new Key(
          query.name(),
          query.type(),
          query.dclass(),
          query.flags().dnssecOk(),
          query.flags().checkingDisabled());
    }
  }

  private record Item(Reply reply, long ttlSeconds, long storedNanos) {
    long ttlSeconds(long nowNanos) {
      return ttlSeconds - TimeUnit.NANOSECONDS.toSeconds(nowNanos - storedNanos);
    }
  }

  private static final class Store extends LinkedHashMap<Key, Item> {
    private static final long serialVersionUID = 1;
    private final int capacity;

    Store(int capacity) {
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Item> eldest) {
      return size() > capacity;
    }
  }

  private final Config config;
  private final Handler next;
  private final Store successes;
  private final Store denials;

  public Cache(Config config, Handler next) {
    this.config = config;
    this.next = next;
    this.successes = new Store(config.success().capacity());
    this.denials = new Store(config.denial().capacity());
  }

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public Reply serve(Query query) {
    if (!config.zones().contain(query.name())) {
      return next.serve(query);
    }
    Key key = Key.of(query);
    Item item = found(key, query.nowNanos());
    if (item != null) {
      long ttl = config.keepTtl() ? item.ttlSeconds() : item.ttlSeconds(query.nowNanos());
      return fromCache(item.reply(), ttl, query);
    }
    Reply reply = next.serve(query);
    return reply.written() ? kept(key, reply, query) : reply;
  }

  private @Nullable Item found(Key key, long nowNanos) {
    Item denial = live(denials, key, nowNanos);
    Item success = live(successes, key, nowNanos);
    // A failure passes; it must not hide an answer that is still good.
    boolean failure = denial != null && denial.reply().rcode() == Rcode.SERVFAIL;
    return denial == null || (failure && success != null) ? success : denial;
  }

  private static @Nullable Item live(Store store, Key key, long nowNanos) {
    Item item = store.get(key);
    if (item != null && item.ttlSeconds(nowNanos) <= 0) {
      store.remove(key);
      return null;
    }
    return item;
  }

  /** Cached replies always say that they are authoritative: old resolvers insist on it. */
  private static Reply fromCache(Reply reply, long ttlSeconds, Query query) {
    return withTtl(reply, ttlSeconds)
        .withBits(true, reply.recursionAvailable(), authentic(reply, query), false);
  }

  private static boolean authentic(Reply reply, Query query) {
    return reply.authenticData() && (query.flags().dnssecOk() || query.flags().authenticData());
  }

  private Reply kept(Key key, Reply reply, Query query) {
    Kind kind = kind(reply, query);
    long ttl = ttlSeconds(reply, kind);
    Reply shortened = withTtl(reply, ttl);
    if (ttl > 0 && keepable(reply, kind, query)) {
      Limits limits = kind.denial() ? config.denial() : config.success();
      if (!limits.disabled().contain(query.name())) {
        Store store = kind.denial() ? denials : successes;
        store.remove(key);
        store.put(key, new Item(shortened, ttl, query.nowNanos()));
      }
    }
    return shortened.withBits(
        reply.authoritative(),
        reply.recursionAvailable(),
        authentic(reply, query),
        reply.truncated());
  }

  private static boolean keepable(Reply reply, Kind kind, Query query) {
    if (reply.truncated() || kind == Kind.OTHER) {
      return false;
    }
    if (kind == Kind.NAME_ERROR) {
      return has(reply, Type.SOA);
    }
    // A chain of CNAMEs that leads nowhere is no answer to keep.
    return kind != Kind.SUCCESS || reply.answer().isEmpty() || answers(reply, query);
  }

  private static Kind kind(Reply reply, Query query) {
    int rcode = reply.rcode();
    if (query.type() == Type.AXFR || query.type() == Type.IXFR) {
      return Kind.OTHER;
    }
    if (!reply.answer().isEmpty()) {
      if (rcode != Rcode.NOERROR) {
        return Kind.OTHER;
      }
      return has(reply, Type.SOA) && !answers(reply, query) ? Kind.NO_DATA : Kind.SUCCESS;
    }
    return switch (rcode) {
      case Rcode.NOERROR ->
          has(reply, Type.SOA)
              ? Kind.NO_DATA
              : has(reply, Type.NS) ? Kind.DELEGATION : Kind.SUCCESS;
      case Rcode.NXDOMAIN -> Kind.NAME_ERROR;
      case Rcode.SERVFAIL, Rcode.NOTIMP -> Kind.SERVER_ERROR;
      default -> Kind.OTHER;
    };
  }

  /** Whether the answer reaches a record of the type that was asked. */
  private static boolean answers(Reply reply, Query query) {
    if (query.type() == Type.CNAME || query.type() == Type.ANY) {
      return true;
    }
    Name name = query.name();
    Set<Name> seen = new LinkedHashSet<>();
    while (name != null && seen.add(name)) {
      Name target = null;
      for (Record record : reply.answer()) {
        if (record.getName().equals(name)) {
          if (record.getType() == query.type()) {
            return true;
          }
          if (record instanceof CNAMERecord cname) {
            target = cname.getTarget();
          }
        }
      }
      name = target;
    }
    return false;
  }

  private static boolean has(Reply reply, int type) {
    for (Record record : reply.authority()) {
      if (record.getType() == type) {
        return true;
      }
    }
    return false;
  }

  private long ttlSeconds(Reply reply, Kind kind) {
    if (kind == Kind.SERVER_ERROR) {
      return config.failureTtlSeconds();
    }
    Limits limits =
        kind == Kind.NAME_ERROR || kind == Kind.NO_DATA ? config.denial() : config.success();
    long ttl = limits.ttlSecondsMax();
    boolean empty =
        reply.answer().isEmpty() && reply.authority().isEmpty() && reply.additional().isEmpty();
    if (empty || kind == Kind.DELEGATION || kind == Kind.OTHER) {
      ttl = TTL_SECONDS_MIN;
    } else {
      ttl =
          shortest(reply.additional(), shortest(reply.authority(), shortest(reply.answer(), ttl)));
    }
    return Math.min(Math.max(ttl, limits.ttlSecondsMin()), limits.ttlSecondsMax());
  }

  private static long shortest(ImmutableList<Record> records, long ttlSeconds) {
    long shortest = ttlSeconds;
    for (Record record : records) {
      shortest = Math.min(shortest, record.getTTL());
    }
    return shortest;
  }

  private static Reply withTtl(Reply reply, long ttlSeconds) {
    return reply.withSections(
        withTtl(reply.answer(), ttlSeconds),
        withTtl(reply.authority(), ttlSeconds),
        withTtl(reply.additional(), ttlSeconds));
  }

  private static ImmutableList<Record> withTtl(ImmutableList<Record> records, long ttlSeconds) {
    boolean same = true;
    for (Record record : records) {
      same &= record.getTTL() == ttlSeconds;
    }
    if (same) {
      return records;
    }
    ImmutableList.Builder<Record> changed = ImmutableList.builderWithExpectedSize(records.size());
    for (Record record : records) {
      changed.add(DnsRecords.withTtl(record, ttlSeconds));
    }
    return changed.build();
  }
}
