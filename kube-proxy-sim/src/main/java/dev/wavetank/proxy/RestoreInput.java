package dev.wavetank.proxy;

import dev.wavetank.proxy.iptables.Rule;
import dev.wavetank.proxy.iptables.Table;
import dev.wavetank.proxy.netfilter.IpFamily;

/** The text that kube-proxy feeds to {@code iptables-restore --noflush --counters}. */
final class RestoreInput {

  private final IpFamily family;
  private final StringBuilder filterChains = new StringBuilder();
  private final StringBuilder filterRules = new StringBuilder();
  private final StringBuilder natChains = new StringBuilder();
  private final StringBuilder natRules = new StringBuilder();

  RestoreInput(IpFamily family) {
    this.family = family;
  }

  void declare(Table.Name table, String chain) {
    StringBuilder out = table == Table.Name.NAT ? natChains : filterChains;
    out.append(':').append(chain).append(" - [0:0]\n");
  }

  void add(Table.Name table, String chain, Rule rule) {
    StringBuilder out = table == Table.Name.NAT ? natRules : filterRules;
    out.append("-A ").append(chain);
    rule.appendWritten(out, family);
    out.append('\n');
  }

  /** Empties a chain and removes it. */
  void delete(Table.Name table, String chain) {
    declare(table, chain);
    (table == Table.Name.NAT ? natRules : filterRules).append("-X ").append(chain).append('\n');
  }

  String text() {
    return "*filter\n"
        + filterChains
        + filterRules
        + "COMMIT\n*nat\n"
        + natChains
        + natRules
        + "COMMIT\n";
  }
}
