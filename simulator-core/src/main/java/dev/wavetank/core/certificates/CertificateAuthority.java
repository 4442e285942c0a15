package dev.wavetank.core.certificates;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority with a key of the curve P-256: the same secret makes the same authority,
 * and the same request the same certificate, since its signatures take no random number (RFC 6979).
 *
 * <p>Follows pkg/controller/certificates/authority/authority.go (v1.36).
 */
public final class CertificateAuthority implements CertificateSigner {

  /** For how long its own certificate is valid; kubeadm's. */
  public static final Period VALID = Period.ofDays(3650);

  /** For clients whose clocks are slow. */
  private static final int BACKDATED_MINUTES = 5;

  /** From then on times have four digits for the year. */
  private static final Instant GENERALIZED = Instant.parse("2050-01-01T00:00:00Z");

  private static final ECNamedDomainParameters CURVE =
      new ECNamedDomainParameters(
          SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByName("P-256"));

  /** The attributes that Go knows, in the order in which it writes them. */
  private static final ImmutableList<ASN1ObjectIdentifier> ATTRIBUTES =
      ImmutableList.of(
          BCStyle.C,
          BCStyle.O,
          BCStyle.OU,
          BCStyle.L,
          BCStyle.ST,
          BCStyle.STREET,
          BCStyle.POSTAL_CODE,
          BCStyle.CN,
          BCStyle.SERIALNUMBER);

  private final X509CertificateHolder certificate;
  private final Instant notAfter;
  private final ContentSigner signer;

  private CertificateAuthority(ECPrivateKeyParameters key, Instant from, Instant until) {
    notAfter = until.truncatedTo(ChronoUnit.SECONDS);
    SubjectPublicKeyInfo own = publicKey(key);
    try {
      signer = new RepeatableSignerBuilder().build(key);
      X500Name name =
          new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, "kubernetes").build();
      X509v3CertificateBuilder made =
          new X509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              time(from.minus(BACKDATED_MINUTES, ChronoUnit.MINUTES)),
              time(notAfter),
              name,
              own);
      made.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
      made.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      made.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new BcX509ExtensionUtils().createSubjectKeyIdentifier(own));
      certificate = made.build(signer);
    } catch (CertIOException | OperatorCreationException e) {
      throw impossible(e);
    }
  }

  /**
   * The authority of a secret: whoever knows it can sign as the authority does.
   *
   * @param secret any bytes; at least 32 that nobody can guess where an authority is to protect
   *     something
   * @param from when it begins to be valid, but for some minutes
   * @param until when it ends to be
   */
  public static CertificateAuthority of(byte[] secret, Instant from, Instant until) {
    BigInteger order = CURVE.getN().subtract(BigInteger.ONE);
    BigInteger hash = new BigInteger(1, Hashing.sha512().hashBytes(secret).asBytes());
    BigInteger scalar = hash.mod(order).add(BigInteger.ONE);
    return new CertificateAuthority(new ECPrivateKeyParameters(scalar, CURVE), from, until);
  }

  private static SubjectPublicKeyInfo publicKey(ECPrivateKeyParameters key) {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
          new ECPublicKeyParameters(CURVE.getG().multiply(key.getD()), CURVE));
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  /** Its own certificate, in DER. */
  public byte[] certificate() {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  @Override
  public Instant notAfter() {
    return notAfter;
  }

  /**
   * As Go makes a certificate from a request: of the subject what Go knows, and the names of the
   * kinds that Go knows; other extensions are dropped.
   */
  @Override
  public String sign(CertificateRequest request, CertificateTemplate template) {
    try {
      return PemBlock.encode(
          PemBlock.CERTIFICATE,
          signed(subject(request.subject()), request.publicKey(), request.names(), template)
              .getEncoded());
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  /**
   * A certificate of the authority, in DER.
   *
   * @param subject as it is written
   * @param names other names, or null
   */
  public byte[] issue(
      X500Name subject,
      SubjectPublicKeyInfo key,
      @Nullable GeneralNames names,
      CertificateTemplate template) {
    try {
      return signed(subject, key, names, template).getEncoded();
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  private X509CertificateHolder signed(
      X500Name subject,
      SubjectPublicKeyInfo key,
      @Nullable GeneralNames names,
      CertificateTemplate template)
      throws CertIOException {
    X509v3CertificateBuilder made =
        new X509v3CertificateBuilder(
            certificate.getSubject(),
            template.serialNumber(),
            time(template.notBefore()),
            time(template.notAfter()),
            subject,
            key);
    KeyUsage usage = KeyUsages.keyUsage(template.usages());
    if (usage != null) {
      made.addExtension(Extension.keyUsage, true, usage);
    }
    ExtendedKeyUsage purposes = KeyUsages.extendedKeyUsage(template.usages());
    if (purposes != null) {
      made.addExtension(Extension.extendedKeyUsage, false, purposes);
    }
    made.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    made.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new BcX509ExtensionUtils()
            .createAuthorityKeyIdentifier(certificate.getSubjectPublicKeyInfo()));
    if (names != null) {
      boolean nameless = subject.getRDNs().length == 0;
      made.addExtension(Extension.subjectAlternativeName, nameless, names);
    }
    return made.build(signer);
  }

  private static X500Name subject(X500Name requested) {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    for (ASN1ObjectIdentifier type : ATTRIBUTES) {
      List<String> values = CertificateRequest.values(requested, type);
      AttributeTypeAndValue[] part = new AttributeTypeAndValue[values.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = new AttributeTypeAndValue(type, string(values.get(i)));
      }
      if (part.length > 0) {
        subject.addMultiValuedRDN(part);
      }
    }
    return subject.build();
  }

  private static ASN1Encodable string(String text) {
    return DERPrintableString.isPrintableString(text)
        ? new DERPrintableString(text)
        : new DERUTF8String(text);
  }

  private static Time time(Instant instant) {
    String form = instant.isBefore(GENERALIZED) ? "yyMMddHHmmss'Z'" : "uuuuMMddHHmmss'Z'";
    String text =
        DateTimeFormatter.ofPattern(form, Locale.ROOT).withZone(ZoneOffset.UTC).format(instant);
    return new Time(
        instant.isBefore(GENERALIZED) ? new DERUTCTime(text) : new DERGeneralizedTime(text));
  }

  /** The library has the curve and the hash, and writes to memory. */
  private static SimulationBug impossible(Exception e) {
    return new SimulationBug("a certificate cannot be made: " + e);
  }

  /** ECDSA whose numbers follow from the key and the text. */
  private static final class RepeatableSignerBuilder extends BcContentSignerBuilder {

    RepeatableSignerBuilder() {
      super(
          new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256),
          new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
    }

    @Override
    protected Signer createSigner(AlgorithmIdentifier signature, AlgorithmIdentifier digest) {
      return new DSADigestSigner(
          new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
    }
  }
}
