package dev.wavetank.proxy.netfilter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How often the rules of chains counted, by the names of chains. A chain whose rules changed begins
 * anew, as it does in the kernel.
 *
 * @param <C> the chains, which are equal when their rules are
 */
public final class ChainCounters<C> {

  /** So many chains' counters are kept without asking whether the chains still exist. */
  private static final int KEPT = 1024;

  private static final class Counts<C> {
    C chain;
    final long[] counts;

    Counts(C chain, int rules) {
      this.chain = chain;
      this.counts = new long[rules];
    }
  }

  private final Map<String, Counts<C>> byName = new LinkedHashMap<>();

  /** The counters of a chain's rules, to be counted up. */
  public long[] of(String name, C chain, int rules) {
    Counts<C> known = byName.get(name);
    if (known == null || !known.chain.equals(chain)) {
      known = new Counts<>(chain, rules);
      byName.put(name, known);
    } else {
      // What is compared next time is most often the very same object.
      known.chain = chain;
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
  }
}
