package dev.wavetank.core.container.program.network;

import com.google.common.base.Ascii;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsClient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * curl's side of a TLS handshake, and what {@code -v} tells of it. It speaks TLS 1.3 and HTTP/1.1,
 * whatever the server could.
 *
 * <p>Follows lib/vtls/openssl.c (curl 8.14) with OpenSSL 3.5.
 */
final class CurlTls implements TlsClient {

  /** Where the authorities of the system are. */
  static final String SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

  /** What is printed after the reason why a certificate is refused. */
  static final String ADVICE =
      """
      More details here: https://curl.se/docs/sslcerts.html

      curl failed to verify the legitimacy of the server and therefore could not
      establish a secure connection to it. To learn more about this situation and
      how to fix it, please visit the webpage mentioned above.
      """;

  /** A server's words in plain text, taken as a record of TLS. */
  static final String NOT_TLS =
      "TLS connect error: error:0A0000C6:SSL routines::packet length too long";

  /** The server's alert that it has no certificate for the name. */
  static final String UNRECOGNIZED_NAME =
      "TLS connect error: error:0A000458:SSL routines::tlsv1 unrecognized name";

  private final String host;
  private final boolean address;
  private final boolean insecure;
  private final String authorityFile;
  private final String authorities;
  private final Instant now;
  private CertificateCheck check = CertificateCheck.OK;
  private String refusal = "";

  /**
   * A handshake with one host.
   *
   * @param host of the URL
   * @param insecure whether every certificate will do
   * @param authorityFile where the trusted authorities are
   * @param authorities its content
   */
  CurlTls(String host, boolean insecure, String authorityFile, String authorities, Instant now) {
    this.host = Ascii.toLowerCase(host);
    this.address = InetAddresses.isInetAddress(host);
    this.insecure = insecure;
    this.authorityFile = authorityFile;
    this.authorities = authorities;
    this.now = now;
  }

  @Override
  public String serverName() {
    return address ? "" : host;
  }

  @Override
  public boolean accepts(@Nullable ShownCertificate certificate) {
    if (certificate == null) {
      return true;
    }
    check = CertificateCheck.of(certificate, authorities, now);
    if (insecure) {
      return true;
    }
    if (check.code() != 0) {
      refusal = "SSL certificate problem: " + check.words();
    } else if (!good(certificate)) {
      refusal =
          "SSL: no alternative certificate subject name matches target "
              + kind()
              + " '"
              + host
              + "'";
    }
    return refusal.isEmpty();
  }

  private boolean good(ShownCertificate certificate) {
    return address
        ? certificate
            .ipAddresses()
            .contains(InetAddresses.toAddrString(InetAddresses.forString(host)))
        : certificate.covers(host);
  }

  private String kind() {
    return !address ? "hostname" : host.indexOf(':') < 0 ? "ipv4 address" : "ipv6 address";
  }

  /** Why it does not go on with the server's certificate; empty when it does. */
  String refusal() {
    return refusal;
  }

  /**
   * What {@code -v} tells of the handshake.
   *
   * @param failure of the request; nothing after the handshake is told
   * @param certificate null when the simulation does not know what the server shows
   */
  String told(Failure failure, @Nullable ShownCertificate certificate) {
    StringBuilder out = new StringBuilder();
    out.append("* ALPN: curl offers http/1.1\n");
    out.append("* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n");
    if (!insecure) {
      out.append("*  CAfile: ").append(authorityFile).append('\n');
      out.append("*  CApath: /etc/ssl/certs\n");
    }
    if (failure == Failure.UNRECOGNIZED_NAME) {
      out.append("* TLSv1.3 (IN), TLS alert, unrecognized name (624):\n");
    }
    if (failure == Failure.NOT_TLS || failure == Failure.UNRECOGNIZED_NAME) {
      String words = failure == Failure.NOT_TLS ? NOT_TLS : UNRECOGNIZED_NAME;
      return out.append("* ").append(words).append("\n* closing connection #0\n").toString();
    }
    out.append("* TLSv1.3 (IN), TLS handshake, Server hello (2):\n");
    out.append("* TLSv1.3 (IN), TLS change cipher, Change cipher spec (1):\n");
    out.append("* TLSv1.3 (IN), TLS handshake, Encrypted Extensions (8):\n");
    out.append("* TLSv1.3 (IN), TLS handshake, Certificate (11):\n");
    if (check.code() != 0 && !insecure) {
      boolean expired = check.words().contains("expired");
      out.append("* TLSv1.3 (OUT), TLS alert, ");
      out.append(expired ? "certificate expired (557)" : "unknown CA (560)").append(":\n");
      out.append("* ").append(refusal).append("\n* closing connection #0\n");
      return out.toString();
    }
    out.append("* TLSv1.3 (IN), TLS handshake, CERT verify (15):\n");
    out.append("* TLSv1.3 (IN), TLS handshake, Finished (20):\n");
    out.append("* TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):\n");
    out.append("* TLSv1.3 (OUT), TLS handshake, Finished (20):\n");
    boolean curve = certificate != null && certificate.publicKey().startsWith("EC");
    out.append("* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519MLKEM768 / ");
    out.append(curve ? "id-ecPublicKey" : "RSASSA-PSS").append('\n');
    out.append("* ALPN: server accepted http/1.1\n");
    if (certificate != null) {
      certificate(out, certificate);
    }
    return out.toString();
  }

  private void certificate(StringBuilder out, ShownCertificate certificate) {
    out.append("* Server certificate:\n*  subject: ");
    out.append(CertificateText.name(certificate.subject(), "; "));
    out.append("\n*  start date: ").append(CertificateText.time(certificate.notBefore()));
    out.append("\n*  expire date: ").append(CertificateText.time(certificate.notAfter()));
    if (!insecure && !refusal.isEmpty()) {
      out.append("\n*  subjectAltName does not match ").append(kind()).append(' ').append(host);
      out.append("\n* ").append(refusal).append("\n* closing connection #0\n");
      out.append("* TLSv1.3 (OUT), TLS alert, close notify (256):\n");
      return;
    }
    if (!insecure) {
      String match = address ? null : certificate.match(host);
      out.append("\n*  subjectAltName: host \"").append(host).append("\" matched cert's ");
      out.append(match == null ? "IP address!" : "\"" + match + "\"");
    }
    out.append("\n*  issuer: ").append(CertificateText.name(certificate.issuer(), "; "));
    if (check.code() == 0) {
      out.append("\n*  SSL certificate verify ok.");
    } else {
      out.append("\n*  SSL certificate verify result: ").append(check.words()).append(" (");
      out.append(check.code()).append("), continuing anyway.");
    }
    out.append("\n*   Certificate level 0: Public key type ").append(certificate.publicKey());
    out.append(" (").append(certificate.keyBits()).append('/').append(securityBits(certificate));
    out.append(" Bits/secBits), signed using ").append(certificate.signature()).append('\n');
  }

  /** How hard a key is to break, as NIST SP 800-57 rates it. */
  private static int securityBits(ShownCertificate certificate) {
    int bits = certificate.keyBits();
    if (!certificate.publicKey().equals("RSA")) {
      return bits / 2;
    }
    return bits >= 15_360
        ? 256
        : bits >= 7_680 ? 192 : bits >= 3_072 ? 128 : bits >= 2_048 ? 112 : 80;
  }
}
