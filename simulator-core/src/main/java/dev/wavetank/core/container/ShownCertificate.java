package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;

/**
 * The certificate that a server shows in a TLS handshake. The simulation speaks no TLS: the
 * handshake is the choice of a certificate by the name that the client asks for, and nothing else.
 *
 * @param subject as RFC 2253 writes it, such as {@code CN=shop.test}
 * @param issuer the same
 * @param dnsNames that it is good for; those of its subject where it has no others
 * @param source where the server has it from, such as {@code secret default/cert}
 */
public record ShownCertificate(
    String subject, String issuer, ImmutableList<String> dnsNames, String source) {

  /** Whether it is good for a name; a wildcard stands for one label. */
  public boolean covers(String name) {
    int dot = name.indexOf('.');
    for (String known : dnsNames) {
      boolean wildcard = known.startsWith("*.");
      if (wildcard
          ? dot > 0 && known.substring(1).equals(name.substring(dot))
          : known.equals(name)) {
        return true;
      }
    }
    return false;
  }
}
