package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's own certificate authority, which is made anew with each server and ends with it. Its
 * certificates are as kubeadm makes them, but for the kind of their keys, which are of the curve
 * P-256.
 *
 * <p>Follows cmd/kubeadm/app/util/pkiutil/pki_helpers.go (v1.36).
 */
final class CertificateAuthority {

  private static final Duration AUTHORITY_VALID = Duration.ofDays(3650);
  private static final Duration CERTIFICATE_VALID = Duration.ofDays(365);

  /** For clients whose clocks are slow. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 63;
  private static final int USAGE = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;

  private final SecureRandom random = new SecureRandom();
  private final X500Name name = subject("kubernetes", ImmutableList.of());
  private final KeyPair keys;
  private final X509Certificate certificate;

  CertificateAuthority() {
    try {
      keys = keys();
      X509v3CertificateBuilder made = builder(name, keys.getPublic(), AUTHORITY_VALID);
      made.addExtension(
          Extension.keyUsage, /* critical= */ true, new KeyUsage(USAGE | KeyUsage.keyCertSign));
      made.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      certificate = signed(made);
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw impossible(e);
    }
  }

  /**
   * A certificate and its key.
   *
   * @param certificate signed by the authority
   */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  X509Certificate certificate() {
    return certificate;
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
        KeyPurposeId.id_kp_serverAuth,
        new GeneralNames(all));
  }

  /** For a client that is to be known as that user in those groups. */
  Issued client(String user, List<String> groups) {
    return issue(subject(user, groups), KeyPurposeId.id_kp_clientAuth, null);
  }

  private Issued issue(X500Name subject, KeyPurposeId purpose, @Nullable GeneralNames names) {
    try {
      KeyPair own = keys();
      X509v3CertificateBuilder made = builder(subject, own.getPublic(), CERTIFICATE_VALID);
      made.addExtension(Extension.keyUsage, true, new KeyUsage(USAGE));
      made.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      made.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      made.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
      if (names != null) {
        made.addExtension(Extension.subjectAlternativeName, false, names);
      }
      return new Issued(signed(made), own.getPrivate());
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw impossible(e);
    }
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private X509v3CertificateBuilder builder(X500Name subject, PublicKey key, Duration valid)
      throws GeneralSecurityException, CertIOException {
    Instant now = Instant.now();
    X509v3CertificateBuilder made =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(valid)),
            subject,
            key);
    return made.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
  }

  private X509Certificate signed(X509v3CertificateBuilder made)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            made.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
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
