package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;

/**
 * The hostname of a listener or a route: a name, the names that end with a suffix, or any.
 *
 * <p>Follows apis/v1/shared_types.go and httproute_types.go of gateway-api, {@code Hostname}.
 *
 * @param text in lower case; empty for any host
 */
record GatewayHost(String text) {

  static final GatewayHost ANY = new GatewayHost("");

  static GatewayHost of(String hostname) {
    return new GatewayHost(Ascii.toLowerCase(hostname));
  }

  private boolean wildcard() {
    return text.startsWith("*.");
  }

  /** Whether a name is meant; a wildcard stands for one label or more. */
  boolean matches(String host) {
    return text.isEmpty()
        || text.equals(host)
        || (wildcard() && host.length() >= text.length() && host.endsWith(text.substring(1)));
  }

  /** Whether some name is meant by both. */
  boolean intersects(GatewayHost other) {
    if (text.isEmpty() || other.text.isEmpty()) {
      return true;
    }
    return matches(other.text) || other.matches(text);
  }

  /**
   * The texts of all hostnames that mean a name, the one that takes precedence first: itself, then
   * wildcards from the longest on, then any.
   */
  static ImmutableList<String> candidates(String host) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    if (!host.isEmpty()) {
      texts.add(host);
    }
    for (int dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      texts.add("*" + host.substring(dot));
    }
    return texts.add("").build();
  }
}
