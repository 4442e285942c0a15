package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.certificates.CertificateAuthority;
import dev.wavetank.core.certificates.CertificateTemplate;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a cluster begins with: its authority, which is made anew with each server
 * and ends with it, and what that has certified for the server and for clients. They are as kubeadm
 * makes them, but for the kind of their keys, which are of the curve P-256, and for clients', which
 * are valid for as long as the authority: what virtual time makes of a year is soon over.
 *
 * <p>Follows cmd/kubeadm/app/util/pkiutil/pki_helpers.go (v1.36).
 */
final class KubeadmCertificates {

  private static final Duration SERVER_VALID = Duration.ofDays(365);

  /** For clients whose clocks are slow. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final int SECRET_BYTES = 48;
  private static final int SERIAL_BITS = 63;

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority authority;
  private final Instant from;
  private final Instant now;

  /** Certificates that are valid now and at the beginning of virtual time. */
  KubeadmCertificates(Instant startsAt) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    now = Instant.now();
    from = startsAt.isBefore(now) ? startsAt : now;
    Instant last = startsAt.isBefore(now) ? now : startsAt;
    authority = CertificateAuthority.of(secret, from, last.plus(CertificateAuthority.VALID));
  }

  /**
   * A certificate and its key.
   *
   * @param certificate signed by the authority
   */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  /** Who signs what is asked for later. */
  CertificateAuthority authority() {
    return authority;
  }

  /** The authority's own certificate. */
  X509Certificate authorityCertificate() {
    try {
      return certificate(authority.certificate());
    } catch (CertificateException e) {
      throw impossible(e);
    }
  }

  /** For a server that is reached by these names and addresses. */
  Issued server(List<String> names, List<InetAddress> addresses) {
    GeneralName[] all = new GeneralName[names.size() + addresses.size()];
    for (int i = 0; i < names.size(); i++) {
      all[i] = new GeneralName(GeneralName.dNSName, names.get(i));
    }
    for (int i = 0; i < addresses.size(); i++) {
      String address = addresses.get(i).getHostAddress();
      int zone = address.indexOf('%');
      all[names.size() + i] =
          new GeneralName(GeneralName.iPAddress, zone < 0 ? address : address.substring(0, zone));
    }
    return issue(
        subject("kube-apiserver", ImmutableList.of()),
        "server auth",
        now.minus(BACKDATED),
        now.plus(SERVER_VALID),
        new GeneralNames(all));
  }

  /** For a client that is to be known as that user in those groups. */
  Issued client(String user, List<String> groups) {
    return issue(
        subject(user, groups), "client auth", from.minus(BACKDATED), authority.notAfter(), null);
  }

  private Issued issue(
      X500Name subject,
      String usage,
      Instant notBefore,
      Instant notAfter,
      @Nullable GeneralNames names) {
    try {
      KeyPair own = keys();
      CertificateTemplate template =
          new CertificateTemplate(
              new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
              notBefore,
              notAfter,
              ImmutableList.of("digital signature", "key encipherment", usage));
      SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded());
      return new Issued(
          certificate(authority.issue(subject, key, names, template)), own.getPrivate());
    } catch (GeneralSecurityException e) {
      throw impossible(e);
    }
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X500Name subject(String user, List<String> groups) {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    groups.forEach(group -> subject.addRDN(BCStyle.O, group));
    return subject.addRDN(BCStyle.CN, user).build();
  }

  /** Every JDK has the curve and the hash. */
  private static AssertionError impossible(Exception e) {
    return new AssertionError(e);
  }
}
