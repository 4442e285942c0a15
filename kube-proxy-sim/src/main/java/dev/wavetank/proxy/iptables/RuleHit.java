package dev.wavetank.proxy.iptables;

/**
 * A rule that held for a packet.
 *
 * @param hook where the table was asked
 * @param position of the rule in its chain, from 0
 */
public record RuleHit(Hook hook, Table.Name table, String chain, int position, Rule rule) {

  /** The rule as {@code iptables-save} prints it, after its table. */
  @Override
  public String toString() {
    String text = rule.toString();
    return table.ruleName() + " -A " + chain + (text.isEmpty() ? "" : " " + text);
  }
}
