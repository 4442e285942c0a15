package dev.wavetank.core.ingress;

import com.google.common.base.Ascii;

/**
 * The host of a rule: a name, a name with a wildcard as its first label, or any.
 *
 * <p>Follows staging/src/k8s.io/api/networking/v1/types.go, {@code IngressRule} (v1.36).
 *
 * @param text in lower case; empty for any host
 */
record HostPattern(String text) {

  static final HostPattern ANY = new HostPattern("");

  static HostPattern of(String host) {
    return new HostPattern(Ascii.toLowerCase(host));
  }

  private boolean wildcard() {
    return text.startsWith("*.");
  }

  /**
   * Whether a request to that host is meant; a wildcard stands for one label.
   *
   * @param host in lower case, without a port
   */
  boolean matches(String host) {
    if (!wildcard()) {
      return text.isEmpty() || text.equals(host);
    }
    int dot = host.indexOf('.');
    return dot > 0 && host.substring(dot).equals(text.substring(1));
  }

  /** Of several patterns that match the one with the highest rank holds. */
  int rank() {
    return text.isEmpty() ? 0 : wildcard() ? 1 : 2;
  }
}
