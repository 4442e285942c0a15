package dev.wavetank.proxy.iptables;

import dev.wavetank.proxy.netfilter.IpFamily;

/** How values stand in the text of rules. */
final class RuleText {

  private RuleText() {}

  /** The mask that the recent match prints: every bit of the address. */
  static String recentMask(IpFamily family) {
    return family == IpFamily.IPV4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  }

  /** A mark as kube-proxy writes it: eight hexadecimal digits. */
  static String mark(int value) {
    String digits = Integer.toHexString(value);
    return "0x" + "0".repeat(8 - digits.length()) + digits;
  }

  /** Appends a string as iptables-save does: bare if it is letters, digits, _ and - only. */
  static void appendQuoted(StringBuilder out, String text) {
    if (bare(text)) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean bare(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain =
          c == '_'
              || c == '-'
              || (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z');
      if (!plain) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
