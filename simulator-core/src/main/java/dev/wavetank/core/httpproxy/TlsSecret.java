package dev.wavetank.core.httpproxy;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.ShownCertificate;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secrets with a certificate, {@code tls.crt} and its key. */
public final class TlsSecret {

  /** The number of a DNS name among a certificate's other names, of RFC 5280. */
  private static final int DNS_NAME = 2;

  private TlsSecret() {}

  /** The certificate of a Secret; null where it has none that can be read, or no key for it. */
  public static @Nullable ShownCertificate certificate(KubeObject secret) {
    String written = secret.root().mapOrEmpty("data").string("tls.crt", "");
    boolean key = !secret.root().mapOrEmpty("data").string("tls.key", "").isEmpty();
    if (written.isEmpty() || !key) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(written);
      X509Certificate read =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(bytes));
      String subject = read.getSubjectX500Principal().getName();
      return new ShownCertificate(
          subject,
          read.getIssuerX500Principal().getName(),
          dnsNames(read, subject),
          "secret " + secret.namespace() + "/" + secret.name());
    } catch (CertificateException | IllegalArgumentException e) {
      return null;
    }
  }

  private static ImmutableList<String> dnsNames(X509Certificate certificate, String subject)
      throws CertificateException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    Collection<List<?>> others = certificate.getSubjectAlternativeNames();
    if (others == null) {
      for (String part : subject.split(",", -1)) {
        if (part.startsWith("CN=")) {
          names.add(Ascii.toLowerCase(part.substring("CN=".length())));
        }
      }
      return names.build();
    }
    for (List<?> other : others) {
      if (other.get(0) instanceof Integer kind && kind == DNS_NAME) {
        names.add(Ascii.toLowerCase(String.valueOf(other.get(1))));
      }
    }
    return names.build();
  }
}
