package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.nftables.Chain;
import dev.wavetank.proxy.nftables.ElementKey;
import dev.wavetank.proxy.nftables.NamedSet;
import dev.wavetank.proxy.nftables.Rule;
import dev.wavetank.proxy.nftables.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of one transaction that kube-proxy feeds to {@code nft -f -}. Commands whose order has
 * no effect may stand in another order than upstream's.
 *
 * <p>Follows pkg/proxy/nftables/proxier.go (v1.36) and the text form of knftables.
 */
public final class NftablesTransaction {

  private static final String TABLE_COMMENT = "rules for kube-proxy";

  private final StringBuilder out = new StringBuilder();
  private final IpFamily family;
  private final String table;

  private NftablesTransaction(IpFamily family) {
    this.family = family;
    this.table = (family == IpFamily.IPV4 ? "ip " : "ip6 ") + NftablesNames.TABLE;
  }

  /**
   * What the first sync of a kube-proxy writes: everything.
   *
   * @param state what it knows
   */
  public static String first(ProxyState state, ProxyNode node) {
    NftablesTransaction made = new NftablesTransaction(state.family());
    made.setUp(state, node, true);
    made.services(null, state, node, true);
    return made.out.toString();
  }

  /** What a full resync writes: all chains and rules, and those elements that changed. */
  public static String full(ProxyState before, ProxyState state, ProxyNode node) {
    NftablesTransaction made = new NftablesTransaction(state.family());
    made.setUp(state, node, false);
    made.services(before, state, node, true);
    return made.out.toString();
  }

  /** What a partial sync writes: chains of changed Services, and elements that changed. */
  public static String partial(ProxyState before, ProxyState state, ProxyNode node) {
    NftablesTransaction made = new NftablesTransaction(state.family());
    made.services(before, state, node, false);
    return made.out.toString();
  }

  /**
   * What a sync writes first, in a transaction of its own, when chains of the one before are left
   * over for more than a second: their names are free again only then.
   */
  public static String deleteStaleChains(ProxyState before, ProxyState state, ProxyNode node) {
    NftablesTransaction made = new NftablesTransaction(state.family());
    for (String chain : staleChains(before, state, node)) {
      made.line("delete chain", chain);
    }
    return made.out.toString();
  }

  private static List<String> staleChains(ProxyState before, ProxyState after, ProxyNode node) {
    Table now = after.table(node);
    return before.table(node).chains().keySet().stream()
        .filter(chain -> !now.chains().containsKey(chain))
        .toList();
  }

  private StringBuilder start(String command, String object) {
    return out.append(command).append(' ').append(table).append(' ').append(object);
  }

  private void line(String command, String object) {
    start(command, object).append('\n');
  }

  private void declare(Chain chain) {
    start("add chain", chain.name());
    chain.appendWritten(out);
    out.append('\n');
    line("flush chain", chain.name());
  }

  private void declare(NamedSet set) {
    start("add " + set.keyword(), set.name());
    set.appendWritten(out, family);
    out.append('\n');
  }

  private void rules(Chain chain) {
    for (Rule rule : chain.rules()) {
      start("add rule", chain.name()).append(' ');
      rule.appendWritten(out, family);
      out.append('\n');
    }
  }

  private void setUp(ProxyState state, ProxyNode node, boolean first) {
    NftablesProxier proxier = new NftablesProxier(state, node);
    Table after = state.table(node);
    out.append("add table ").append(table).append(" { comment \"").append(TABLE_COMMENT);
    out.append("\" ; }\n");
    if (first) {
      for (Chain chain : NftablesProxier.baseChains()) {
        line("add chain", chain.name());
        line("delete chain", chain.name());
      }
    }
    NftablesProxier.baseChains().forEach(this::declare);
    proxier.fixedChains().forEach(this::declare);
    after.sets().values().stream().filter(set -> set.timeoutSeconds() == 0).forEach(this::declare);
    NamedSet nodePortIps = after.sets().get(NftablesNames.NODE_PORT_IPS);
    if (nodePortIps == null) {
      declare(NftablesProxier.nodePortIps());
      line("delete set", NftablesNames.NODE_PORT_IPS);
    } else {
      line("flush set", NftablesNames.NODE_PORT_IPS);
      nodePortIps.elements().forEach((key, element) -> add(nodePortIps, key, element));
    }
    NftablesProxier.baseChains().forEach(this::rules);
    proxier.fixedChains().forEach(this::rules);
  }

  private void add(NamedSet set, ElementKey key, NamedSet.Element element) {
    start("add element", set.name()).append(" { ");
    element.append(out, key);
    out.append(" }\n");
  }

  private void delete(NamedSet set, ElementKey key) {
    start("delete element", set.name()).append(" { ").append(key).append(" }\n");
  }

  private void services(
      @Nullable ProxyState before, ProxyState state, ProxyNode node, boolean all) {
    Changes changes = Changes.between(all ? null : before, state);
    Map<String, NamedSet> affinitySets = new LinkedHashMap<>();
    for (ServicePortState port : state.ports()) {
      NftablesService service = state.nftables(port, node);
      service.affinitySets().forEach(set -> affinitySets.put(set.name(), set));
      if (changes.include(port.name())) {
        service.chains().forEach(this::declare);
      }
    }
    Table after = state.table(node);
    Table old = before == null ? null : before.table(node);
    after.sets().values().stream()
        .filter(set -> set.timeoutSeconds() == 0)
        .filter(set -> !set.name().equals(NftablesNames.NODE_PORT_IPS))
        .forEach(set -> ensureElements(elements(old, set), set));
    for (ServicePortState port : state.ports()) {
      if (changes.include(port.name())) {
        NftablesService service = state.nftables(port, node);
        service.affinitySets().forEach(this::declare);
        service.chains().forEach(this::rules);
      }
    }
    if (before != null && old != null) {
      staleChains(before, state, node).forEach(chain -> line("flush chain", chain));
      old.sets().values().stream()
          .filter(set -> set.timeoutSeconds() > 0 && !affinitySets.containsKey(set.name()))
          .forEach(set -> line("delete set", set.name()));
      after.sets().values().stream()
          .filter(set -> set.timeoutSeconds() == 0)
          .filter(set -> !set.name().equals(NftablesNames.NODE_PORT_IPS))
          .forEach(set -> deleteElements(elements(old, set), set));
    }
  }

  private static ImmutableMap<ElementKey, NamedSet.Element> elements(
      @Nullable Table of, NamedSet set) {
    NamedSet found = of == null ? null : of.sets().get(set.name());
    return found == null ? ImmutableMap.of() : found.elements();
  }

  private void ensureElements(ImmutableMap<ElementKey, NamedSet.Element> old, NamedSet set) {
    set.elements()
        .forEach(
            (key, element) -> {
              NamedSet.Element was = old.get(key);
              if (was != null && !Objects.equals(was.verdict(), element.verdict())) {
                delete(set, key);
                was = null;
              }
              if (was == null) {
                add(set, key, element);
              }
            });
  }

  private void deleteElements(ImmutableMap<ElementKey, NamedSet.Element> old, NamedSet set) {
    for (ElementKey key : old.keySet()) {
      if (!set.elements().containsKey(key)) {
        delete(set, key);
      }
    }
  }
}
