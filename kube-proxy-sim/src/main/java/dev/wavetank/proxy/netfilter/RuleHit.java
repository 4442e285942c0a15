package dev.wavetank.proxy.netfilter;

/**
 * A rule that held for a packet.
 *
 * @param hook where the rule was asked
 * @param table name of its table
 * @param text the rule as the kernel's tools print it
 * @param words what the rule did, for people
 */
public record RuleHit(
    Hook hook, HookRules.Stage stage, String table, String chain, String text, String words) {

  /** The rule as text, after its table. */
  @Override
  public String toString() {
    return table + " " + text;
  }
}
