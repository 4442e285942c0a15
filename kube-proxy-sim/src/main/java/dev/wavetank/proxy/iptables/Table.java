package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.wavetank.proxy.netfilter.Hook;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table of chains. The order of chains is that of {@code iptables-save}: built-in ones by hook,
 * then the others by name.
 */
public final class Table {

  /**
   * The tables that a packet meets, in the order in which a hook asks them and a save prints them.
   */
  public enum Name {
    MANGLE("mangle"),
    FILTER("filter"),
    NAT("nat");

    private final String ruleName;

    Name(String ruleName) {
      this.ruleName = ruleName;
    }

    /** The name in rule text: lower case. */
    public String ruleName() {
      return ruleName;
    }
  }

  private static final Hook[] HOOKS = Hook.values();

  private final Name name;
  private final ImmutableMap<String, Chain> chains;

  private @Nullable TableCode code;

  private Table(Name name, ImmutableMap<String, Chain> chains) {
    this.name = name;
    this.chains = chains;
  }

  /**
   * A table of these chains.
   *
   * @throws IllegalArgumentException when two chains have one name, or a rule jumps to a chain that
   *     is not there
   */
  public static Table of(Name name, Collection<Chain> chains) {
    Map<String, Chain> builtIn = new LinkedHashMap<>();
    TreeMap<String, Chain> others = new TreeMap<>();
    for (Chain chain : chains) {
      if ((chain.policy() == null ? others : builtIn).put(chain.name(), chain) != null) {
        throw new IllegalArgumentException("two chains named " + chain.name());
      }
    }
    ImmutableMap.Builder<String, Chain> ordered =
        ImmutableMap.builderWithExpectedSize(chains.size());
    for (Hook hook : HOOKS) {
      Chain chain = builtIn.get(hook.name());
      if (chain != null) {
        ordered.put(chain.name(), chain);
      }
    }
    ordered.putAll(ImmutableSortedMap.copyOfSorted(others));
    return new Table(name, ordered.buildOrThrow());
  }

  public Name name() {
    return name;
  }

  /** The chains by name, in the order of {@code iptables-save}. */
  public ImmutableMap<String, Chain> chains() {
    return chains;
  }

  /** The chains as words; made when first asked for. */
  TableCode code() {
    TableCode made = code;
    if (made == null) {
      made = new TableCode(chains);
      code = made;
    }
    return made;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Table that && name == that.name && chains.equals(that.chains);
  }

  @Override
  public int hashCode() {
    return chains.hashCode();
  }

  @Override
  public String toString() {
    return name.ruleName() + chains.keySet();
  }
}
