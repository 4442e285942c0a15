package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.ShownCertificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client that trusts some authorities makes of a certificate, with OpenSSL's codes and
 * words. Until when it is good is looked at, from when on is not: virtual time begins at a date of
 * its own.
 *
 * <p>Follows crypto/x509/x509_txt.c (OpenSSL 3.5).
 */
record CertificateCheck(int code, String words) {

  static final CertificateCheck OK = new CertificateCheck(0, "ok");

  private static final CertificateCheck EXPIRED =
      new CertificateCheck(10, "certificate has expired");
  private static final CertificateCheck SELF_SIGNED =
      new CertificateCheck(18, "self-signed certificate");
  private static final CertificateCheck NO_ISSUER =
      new CertificateCheck(20, "unable to get local issuer certificate");

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  /** Most certificates that are looked at in a file of authorities. */
  private static final int AUTHORITIES_MAX = 1_000;

  /**
   * Looks at a certificate.
   *
   * @param trusted certificates of authorities, in PEM
   */
  static CertificateCheck of(ShownCertificate certificate, String trusted, Instant now) {
    if (!trusts(certificate, trusted)) {
      return certificate.subject().equals(certificate.issuer()) ? SELF_SIGNED : NO_ISSUER;
    }
    return now.isAfter(certificate.notAfter()) ? EXPIRED : OK;
  }

  private static boolean trusts(ShownCertificate certificate, String trusted) {
    String authority = certificate.authority().strip();
    if (!authority.isEmpty() && trusted.contains(authority)) {
      return true;
    }
    X509Certificate encoded = certificate.encoded();
    if (encoded == null) {
      return false;
    }
    for (X509Certificate one : certificates(trusted)) {
      if (one.equals(encoded) || signed(encoded, one)) {
        return true;
      }
    }
    return false;
  }

  private static boolean signed(X509Certificate certificate, X509Certificate authority) {
    if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Those of a file that can be read. */
  private static List<X509Certificate> certificates(String pem) {
    List<X509Certificate> found = new ArrayList<>();
    int begin = pem.indexOf(BEGIN);
    while (begin >= 0 && found.size() < AUTHORITIES_MAX) {
      int end = pem.indexOf(END, begin);
      if (end < 0) {
        break;
      }
      byte[] one = pem.substring(begin, end + END.length()).getBytes(StandardCharsets.US_ASCII);
      try {
        found.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(one)));
      } catch (CertificateException e) {
        // What is no certificate vouches for nobody.
      }
      begin = pem.indexOf(BEGIN, end);
    }
    return found;
  }
}
