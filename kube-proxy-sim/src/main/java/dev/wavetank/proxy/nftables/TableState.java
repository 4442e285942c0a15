package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.proxy.netfilter.ChainCounters;
import dev.wavetank.proxy.netfilter.Routing;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table of one node remembers between packets: elements that rules add to sets, and counters
 * of {@code numgen inc}.
 *
 * <p>A counter belongs to its rule: it starts anew when the chain comes back with other rules, and
 * goes on when a sync leaves the chain as it was. (The kernel starts anew whenever the chain is
 * written, changed or not; kube-proxy writes unchanged ones only in a full sync.) Elements go with
 * their set.
 */
public final class TableState {

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Chain NO_CHAIN = Chain.of("", ImmutableList.of());

  private final Routing routing;
  private final ChoiceStream random;
  private final Map<String, Map<IpAddress, Long>> added = new LinkedHashMap<>();
  private final ChainCounters<Chain> counters =
      new ChainCounters<>(Chain::name, chain -> chain.rules().size());
  private long nowNanos;
  private @Nullable Table table;
  private @Nullable StringBuilder words;
  private Chain chain = NO_CHAIN;
  private int position;

  /**
   * @param random answers {@code numgen random}
   */
  public TableState(Routing routing, ChoiceStream random) {
    this.routing = routing;
    this.random = random;
  }

  /** Forgets what belongs to chains and sets that none of these tables has, as the kernel does. */
  public void forgetUnused(Table... tables) {
    added.keySet().removeIf(set -> !anyHas(tables, set, false));
    counters.retain(name -> anyHas(tables, name, true));
  }

  private static boolean anyHas(Table[] tables, String name, boolean ofChains) {
    for (Table one : tables) {
      if (ofChains ? one.chains().containsKey(name) : one.sets().containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@link #forgetUnused} could free something that matters. */
  public boolean worthCleaning() {
    return !added.isEmpty() || counters.worthCleaning();
  }

  void begin(Table newTable, long newNowNanos, boolean tellsWords) {
    table = newTable;
    nowNanos = newNowNanos;
    words = tellsWords ? new StringBuilder() : null;
  }

  /** Says which rule runs next, for its counter. */
  void at(Chain newChain, int newPosition) {
    chain = newChain;
    position = newPosition;
  }

  /** Whether somebody wants to know what statements did. */
  boolean telling() {
    return words != null;
  }

  void tell(String what) {
    StringBuilder out = words;
    if (out != null) {
      out.append(out.isEmpty() ? "" : ", ").append(what);
    }
  }

  /** What was told since it was last asked. */
  String told() {
    StringBuilder out = words;
    if (out == null) {
      return "";
    }
    String all = out.toString();
    out.setLength(0);
    return all;
  }

  boolean local(IpAddress address) {
    return routing.local(address);
  }

  int draw(int modulus) {
    return random.choose(modulus);
  }

  /** How often the rule counted before, of so many; counts this time. */
  int count(int modulus) {
    int[] counts = counters.of(chain, chain.name().hashCode());
    int count = counts[position];
    counts[position] = count + 1 == modulus ? 0 : count + 1;
    return count;
  }

  private @Nullable NamedSet set(String name) {
    Table now = table;
    return now == null ? null : now.sets().get(name);
  }

  boolean contains(String name, ElementKey key) {
    NamedSet set = set(name);
    if (set == null) {
      return false;
    }
    if (set.elements().containsKey(key)) {
      return true;
    }
    IpAddress address = key.first();
    Map<IpAddress, Long> own = set.timeoutSeconds() == 0 ? null : added.get(name);
    if (own == null || address == null) {
      return false;
    }
    Long expires = own.get(address);
    return expires != null && expires > nowNanos;
  }

  @Nullable ChainVerdict verdict(String name, ElementKey key) {
    NamedSet set = set(name);
    NamedSet.Element element = set == null ? null : set.elements().get(key);
    return element == null ? null : element.verdict();
  }

  /** Whether the address is in the set now: a full one takes no other. */
  boolean update(String name, IpAddress address) {
    NamedSet set = set(name);
    if (set == null) {
      return false;
    }
    Map<IpAddress, Long> own = added.computeIfAbsent(name, n -> new LinkedHashMap<>());
    boolean known = own.remove(address) != null;
    if (!known && own.size() >= NamedSet.DYNAMIC_ELEMENTS_MAX) {
      Iterator<Long> expiries = own.values().iterator();
      if (expiries.next() > nowNanos) {
        return false;
      }
      expiries.remove();
    }
    own.put(address, nowNanos + set.timeoutSeconds() * SECOND_NANOS);
    return true;
  }
}
