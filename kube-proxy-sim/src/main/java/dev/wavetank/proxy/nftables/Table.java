package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of one family: its sets and its chains, in the order in which they were made; immutable.
 * Equality does not ask for that order, but for the order of rules.
 */
public final class Table {

  private static final ImmutableList<Chain> NO_CHAINS = ImmutableList.of();

  private final IpFamily family;
  private final String name;
  private final String comment;
  private final ImmutableMap<String, NamedSet> sets;
  private final ImmutableMap<String, Chain> chains;
  private final Map<Hook, Map<HookRules.Stage, ImmutableList<Chain>>> bases;

  private Table(
      IpFamily family,
      String name,
      String comment,
      ImmutableMap<String, NamedSet> sets,
      ImmutableMap<String, Chain> chains,
      Map<Hook, Map<HookRules.Stage, ImmutableList<Chain>>> bases) {
    this.family = family;
    this.name = name;
    this.comment = comment;
    this.sets = sets;
    this.chains = chains;
    this.bases = bases;
  }

  /** A table of these sets and chains. */
  public static Table of(
      IpFamily family,
      String name,
      String comment,
      Iterable<NamedSet> sets,
      Iterable<Chain> chains) {
    ImmutableMap.Builder<String, NamedSet> setsByName = ImmutableMap.builder();
    sets.forEach(set -> setsByName.put(set.name(), set));
    ImmutableMap.Builder<String, Chain> chainsByName = ImmutableMap.builder();
    chains.forEach(chain -> chainsByName.put(chain.name(), chain));
    ImmutableMap<String, Chain> all = chainsByName.buildOrThrow();
    return new Table(family, name, comment, setsByName.buildOrThrow(), all, bases(all.values()));
  }

  /** This table with the elements of these sets in place of theirs. */
  public Table withElements(Map<String, ImmutableMap<ElementKey, NamedSet.Element>> elements) {
    ImmutableMap.Builder<String, NamedSet> changed = ImmutableMap.builder();
    sets.forEach(
        (set, named) -> {
          ImmutableMap<ElementKey, NamedSet.Element> other = elements.get(set);
          changed.put(set, other == null ? named : named.withElements(other));
        });
    return new Table(family, name, comment, changed.buildOrThrow(), chains, bases);
  }

  private static int priority(Chain chain) {
    Chain.Base base = chain.base();
    return base == null ? 0 : base.priority();
  }

  private static Map<Hook, Map<HookRules.Stage, ImmutableList<Chain>>> bases(
      Iterable<Chain> chains) {
    List<Chain> ordered = new ArrayList<>();
    for (Chain chain : chains) {
      if (chain.base() != null) {
        ordered.add(chain);
      }
    }
    ordered.sort(Comparator.comparingInt(Table::priority));
    Map<Hook, Map<HookRules.Stage, ImmutableList<Chain>>> bases = new EnumMap<>(Hook.class);
    for (Chain chain : ordered) {
      Chain.Base base = chain.base();
      if (base != null) {
        bases
            .computeIfAbsent(base.hook(), hook -> new EnumMap<>(HookRules.Stage.class))
            .merge(
                base.stage(),
                ImmutableList.of(chain),
                (some, more) -> ImmutableList.<Chain>builder().addAll(some).addAll(more).build());
      }
    }
    return bases;
  }

  public IpFamily family() {
    return family;
  }

  public String name() {
    return name;
  }

  public String comment() {
    return comment;
  }

  /** Sets and maps by name. */
  public ImmutableMap<String, NamedSet> sets() {
    return sets;
  }

  /** Chains by name. */
  public ImmutableMap<String, Chain> chains() {
    return chains;
  }

  /** The chains that the kernel asks there, by priority. */
  ImmutableList<Chain> at(Hook hook, HookRules.Stage stage) {
    Map<HookRules.Stage, ImmutableList<Chain>> byStage = bases.get(hook);
    ImmutableList<Chain> found = byStage == null ? null : byStage.get(stage);
    return found == null ? NO_CHAINS : found;
  }

  /** The text that {@code nft list table} prints (nft 1.0.6), without what rules added to sets. */
  public String list() {
    StringBuilder out = new StringBuilder(4096);
    out.append("table ").append(Field.keyword(family)).append(' ').append(name).append(" {\n");
    if (!comment.isEmpty()) {
      out.append("\tcomment \"").append(comment).append("\"\n");
    }
    Set<String> updated = new LinkedHashSet<>();
    for (Chain chain : chains.values()) {
      for (Rule rule : chain.rules()) {
        for (Statement statement : rule.statements()) {
          if (statement instanceof Statement.Update update) {
            updated.add(update.set());
          }
        }
      }
    }
    String blankLine = "";
    for (NamedSet set : sets.values()) {
      out.append(blankLine);
      set.appendListed(out, family, updated.contains(set.name()));
      blankLine = "\n";
    }
    for (Chain chain : chains.values()) {
      out.append(blankLine);
      chain.appendListed(out, family);
      blankLine = "\n";
    }
    return out.append("}\n").toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Table that
        && family == that.family
        && name.equals(that.name)
        && comment.equals(that.comment)
        && sets.equals(that.sets)
        && chains.equals(that.chains);
  }

  @Override
  public int hashCode() {
    return Objects.hash(family, name, sets.keySet(), chains.keySet());
  }

  @Override
  public String toString() {
    return list();
  }
}
