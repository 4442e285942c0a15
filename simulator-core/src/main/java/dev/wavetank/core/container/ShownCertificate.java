package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a server shows in a TLS handshake. The simulation speaks no TLS: the
 * handshake is the choice of a certificate by the name that the client asks for, and what the
 * client makes of it.
 *
 * @param subject as RFC 2253 writes it, such as {@code CN=shop.test}
 * @param issuer the same
 * @param dnsNames that it is good for; those of its subject where it has no others
 * @param ipAddresses that it is good for, as texts
 * @param notBefore from when on it is good
 * @param notAfter until when it is good
 * @param publicKey its kind as curl names it, such as {@code RSA} or {@code EC/prime256v1}
 * @param keyBits length of the key
 * @param signature algorithm, such as {@code sha256WithRSAEncryption}
 * @param source where the server has it from, such as {@code secret default/cert}
 * @param authority what stands for the certificate of its authority, in PEM; empty when nobody has
 *     that
 * @param encoded the certificate itself; null for one that only the simulation knows
 */
public record ShownCertificate(
    String subject,
    String issuer,
    ImmutableList<String> dnsNames,
    ImmutableList<String> ipAddresses,
    Instant notBefore,
    Instant notAfter,
    String publicKey,
    int keyBits,
    String signature,
    String source,
    String authority,
    @Nullable X509Certificate encoded) {

  private static final int RSA_BITS = 2048;

  /** One that a component made for itself, with a key of RSA. */
  public static ShownCertificate made(
      String subject, String issuer, Instant notBefore, Instant notAfter, String source) {
    return new ShownCertificate(
        subject,
        issuer,
        ImmutableList.of(),
        ImmutableList.of(),
        notBefore,
        notAfter,
        "RSA",
        RSA_BITS,
        "sha256WithRSAEncryption",
        source,
        "",
        null);
  }

  /** The same, good for those names and addresses. */
  public ShownCertificate goodFor(ImmutableList<String> names, ImmutableList<String> addresses) {
    return new ShownCertificate(
        subject, issuer, names, addresses, notBefore, notAfter, publicKey, keyBits, signature,
        source, authority, encoded);
  }

  /** The same, signed by that authority. */
  public ShownCertificate signedBy(String pem) {
    return new ShownCertificate(
        subject,
        issuer,
        dnsNames,
        ipAddresses,
        notBefore,
        notAfter,
        publicKey,
        keyBits,
        signature,
        source,
        pem,
        encoded);
  }

  /** Whether it is good for a name; a wildcard stands for one label. */
  public boolean covers(String name) {
    return match(name) != null;
  }

  /** The one of its names that a name fits; null when it is not good for it. */
  public @Nullable String match(String name) {
    int dot = name.indexOf('.');
    for (String known : dnsNames) {
      boolean wildcard = known.startsWith("*.");
      if (wildcard
          ? dot > 0 && known.substring(1).equals(name.substring(dot))
          : known.equals(name)) {
        return known;
      }
    }
    return null;
  }
}
