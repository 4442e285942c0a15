package dev.wavetank.proxy.netfilter;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How often the rules of chains counted, by the names of chains. A chain whose rules changed begins
 * anew, as it does in the kernel.
 *
 * @param <C> the chains, which are equal when their rules are
 */
public final class ChainCounters<C> {

  /** So many chains' counters are kept without asking whether the chains still exist. */
  private static final int KEPT = 1024;

  private static final int OBJECTS_MIN = 64;

  private static final int OBJECTS_MAX = 1 << 20;

  private static final class Counts<C> {
    C chain;
    final int[] counts;

    Counts(C chain, int rules) {
      this.chain = chain;
      this.counts = new int[rules];
    }
  }

  private final Map<String, Counts<C>> byName = new LinkedHashMap<>();

  /**
   * The same again by the very objects, a chain and then its counters: a hash table with open
   * addressing of which a half is free.
   */
  private @Nullable Object[] byObject = new Object[OBJECTS_MIN];

  private int objects;
  private final Function<C, String> name;
  private final ToIntFunction<C> size;

  /**
   * No counters yet.
   *
   * @param name of a chain
   * @param size how many rules a chain has
   */
  public ChainCounters(Function<C, String> name, ToIntFunction<C> size) {
    this.name = name;
    this.size = size;
  }

  /**
   * The counters of a chain's rules, to be counted up.
   *
   * @param hash one and the same for the chain each time
   */
  public int[] of(C chain, int hash) {
    int slot = slot(chain, hash);
    return byObject[slot + 1] instanceof int[] known ? known : add(chain, hash);
  }

  /** Where the chain is in the table, or else where it would be put. */
  @SuppressWarnings("ReferenceEquality") // of equal chains, each is looked up by name once
  private int slot(C chain, int hash) {
    int mask = byObject.length - 2;
    int slot = ((hash * 0x9E3779B9) >>> 7) & mask;
    for (Object there = byObject[slot]; there != null && there != chain; there = byObject[slot]) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private int[] add(C chain, int hash) {
    String chainName = name.apply(chain);
    Counts<C> known = byName.get(chainName);
    if (known == null || !known.chain.equals(chain)) {
      known = new Counts<>(chain, size.applyAsInt(chain));
      byName.put(chainName, known);
    } else {
      // What is compared next time is most often the very same object.
      known.chain = chain;
    }
    if (++objects * 4 > byObject.length) {
      // Those of chains that were replaced go too; the others come back as they are asked for.
      byObject = new Object[Math.min(OBJECTS_MAX, byObject.length * 2)];
      objects = 0;
    } else {
      int slot = slot(chain, hash);
      byObject[slot] = chain;
      byObject[slot + 1] = known.counts;
    }
    return known.counts;
  }

  /** Whether there are so many that those of chains that are gone are worth forgetting. */
  public boolean worthCleaning() {
    return byName.size() > KEPT;
  }

  /** Forgets the counters of chains that are gone. */
  public void retain(Predicate<String> exists) {
    byName.keySet().removeIf(exists.negate());
    reloaded();
  }

  /** Other rules were loaded: a chain that comes back goes on only if nothing replaced it. */
  public void reloaded() {
    if (objects > 0) {
      Arrays.fill(byObject, null);
      objects = 0;
    }
  }
}
