package dev.wavetank.proxy.iptables;

import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rules of one family on a node; immutable, so nodes that see the same world share one. */
public final class Ruleset {

  private static final Table.Name[] NAMES = Table.Name.values();

  private final IpFamily family;
  private final EnumMap<Table.Name, Table> tables;

  private Ruleset(IpFamily family, EnumMap<Table.Name, Table> tables) {
    this.family = family;
    this.tables = tables;
  }

  /** The rule set of these tables; a table that is left out is empty. */
  public static Ruleset of(IpFamily family, List<Table> tables) {
    EnumMap<Table.Name, Table> byName = new EnumMap<>(Table.Name.class);
    for (Table table : tables) {
      byName.put(table.name(), table);
    }
    return new Ruleset(family, byName);
  }

  public IpFamily family() {
    return family;
  }

  /** The table, or null when no rule was ever put into it. */
  public @Nullable Table table(Table.Name name) {
    return tables.get(name);
  }

  /** The chain of that name in that table, or null. */
  public @Nullable Chain chain(Table.Name table, String name) {
    Table found = tables.get(table);
    return found == null ? null : found.chains().get(name);
  }

  /** The tables that exist, in the order of {@code iptables-save}. */
  public Iterable<Table> tables() {
    return tables.values();
  }

  /**
   * The text that {@code iptables-save} prints (iptables 1.8.9, nf_tables variant), without its
   * comment lines, every counter 0.
   */
  public String save() {
    StringBuilder out = new StringBuilder(4096);
    for (Table.Name name : NAMES) {
      Table table = tables.get(name);
      if (table != null) {
        save(table, out);
      }
    }
    return out.toString();
  }

  private void save(Table table, StringBuilder out) {
    out.append('*').append(table.name().ruleName()).append('\n');
    for (Chain chain : table.chains().values()) {
      String policy = chain.policy();
      out.append(':').append(chain.name()).append(' ').append(policy == null ? "-" : policy);
      out.append(" [0:0]\n");
    }
    for (Chain chain : table.chains().values()) {
      for (Rule rule : chain.rules()) {
        out.append("-A ").append(chain.name());
        rule.appendSaved(out, family);
        out.append('\n');
      }
    }
    out.append("COMMIT\n");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ruleset that
        && family == that.family
        && ((Map<?, ?>) tables).equals(that.tables);
  }

  @Override
  public int hashCode() {
    return tables.hashCode();
  }

  @Override
  public String toString() {
    return save();
  }
}
