package dev.wavetank.core.httpproxy;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.ShownCertificate;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secrets with a certificate, {@code tls.crt} and its key. */
public final class TlsSecret {

  /** The type of a Secret with a certificate. */
  public static final String TYPE = "kubernetes.io/tls";

  /** The number of a DNS name among a certificate's other names, of RFC 5280. */
  private static final int DNS_NAME = 2;

  /** And of an IP address. */
  private static final int IP_ADDRESS = 7;

  /** Curves by the length of their keys, as OpenSSL names them. */
  private static final ImmutableMap<Integer, String> CURVES =
      ImmutableMap.of(256, "prime256v1", 384, "secp384r1", 521, "secp521r1");

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
      return shown(read, "secret " + secret.namespace() + "/" + secret.name());
    } catch (CertificateException | IllegalArgumentException e) {
      return null;
    }
  }

  private static ShownCertificate shown(X509Certificate read, String source)
      throws CertificateException {
    String subject = read.getSubjectX500Principal().getName();
    PublicKey key = read.getPublicKey();
    int bits = 0;
    String kind = key.getAlgorithm();
    if (key instanceof RSAPublicKey rsa) {
      bits = rsa.getModulus().bitLength();
    } else if (key instanceof ECPublicKey ec) {
      bits = ec.getParams().getOrder().bitLength();
      kind = "EC/" + CURVES.getOrDefault(bits, "");
    }
    return new ShownCertificate(
        subject,
        read.getIssuerX500Principal().getName(),
        dnsNames(read, subject),
        others(read, IP_ADDRESS),
        read.getNotBefore().toInstant(),
        read.getNotAfter().toInstant(),
        kind,
        bits,
        signature(read.getSigAlgName()),
        source,
        "",
        read);
  }

  /** As OpenSSL names it: {@code SHA256withRSA} is {@code sha256WithRSAEncryption}. */
  private static String signature(String name) {
    int with = name.indexOf("with");
    if (with < 0) {
      return name;
    }
    String hash = name.substring(0, with);
    return name.endsWith("withECDSA")
        ? "ecdsa-with-" + hash
        : Ascii.toLowerCase(hash) + "With" + name.substring(with + "with".length()) + "Encryption";
  }

  private static ImmutableList<String> dnsNames(X509Certificate certificate, String subject)
      throws CertificateException {
    if (certificate.getSubjectAlternativeNames() != null) {
      return others(certificate, DNS_NAME);
    }
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (String part : subject.split(",", -1)) {
      if (part.startsWith("CN=")) {
        names.add(Ascii.toLowerCase(part.substring("CN=".length())));
      }
    }
    return names.build();
  }

  private static ImmutableList<String> others(X509Certificate certificate, int wanted)
      throws CertificateException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    Collection<List<?>> others = certificate.getSubjectAlternativeNames();
    if (others != null) {
      for (List<?> other : others) {
        if (other.get(0) instanceof Integer kind && kind == wanted) {
          names.add(Ascii.toLowerCase(String.valueOf(other.get(1))));
        }
      }
    }
    return names.build();
  }
}
