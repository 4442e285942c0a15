package dev.wavetank.core.certificates;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcEdDSAContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcRSAContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants certified: a PKCS #10 request with a subject, other names and a public key.
 *
 * <p>Follows ParseCSR of pkg/apis/certificates/helpers.go (v1.36) and crypto/x509 of Go, whose
 * words it uses for what is wrong; what ASN.1 can have wrong is told in few of them.
 */
public final class CertificateRequest {

  private static final int RSA_BITS_MIN = 1024;

  private final PKCS10CertificationRequest request;
  private final @Nullable GeneralNames names;

  private CertificateRequest(PKCS10CertificationRequest request) {
    this.request = request;
    Extensions extensions = request.getRequestedExtensions();
    names =
        extensions == null
            ? null
            : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
  }

  /**
   * Reads a request.
   *
   * @param pem the first block counts
   * @throws InvalidCertificateException when it is none; its signature is not looked at
   */
  public static CertificateRequest parse(String pem) throws InvalidCertificateException {
    ImmutableList<PemBlock> blocks = PemBlock.all(pem);
    if (blocks.isEmpty() || !blocks.get(0).type().equals(PemBlock.CERTIFICATE_REQUEST)) {
      throw new InvalidCertificateException("PEM block type must be CERTIFICATE REQUEST");
    }
    try {
      return new CertificateRequest(new PKCS10CertificationRequest(blocks.get(0).content()));
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException e) {
      throw new InvalidCertificateException("asn1: structure error: no certificate request");
    }
  }

  /**
   * Checks that the request was signed with the key that it is for.
   *
   * @throws InvalidCertificateException when it was not
   */
  public void checkSignature() throws InvalidCertificateException {
    SubjectPublicKeyInfo key = publicKey();
    ASN1ObjectIdentifier kind = key.getAlgorithm().getAlgorithm();
    try {
      if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
        checkSize((RSAKeyParameters) PublicKeyFactory.createKey(key));
        check(new BcRSAContentVerifierProviderBuilder(digests()), "crypto/rsa: verification error");
      } else if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
        check(
            new BcECContentVerifierProviderBuilder(digests()), "x509: ECDSA verification failure");
      } else if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
        check(new BcEdDSAContentVerifierProviderBuilder(), "x509: Ed25519 verification failure");
      } else {
        throw unimplemented();
      }
    } catch (IOException | OperatorCreationException | IllegalArgumentException e) {
      throw unimplemented();
    }
  }

  private static DefaultDigestAlgorithmIdentifierFinder digests() {
    return new DefaultDigestAlgorithmIdentifierFinder();
  }

  private static InvalidCertificateException unimplemented() {
    return new InvalidCertificateException(
        "x509: cannot verify signature: algorithm unimplemented");
  }

  private static void checkSize(RSAKeyParameters key) throws InvalidCertificateException {
    int bits = key.getModulus().bitLength();
    if (bits < RSA_BITS_MIN) {
      throw new InvalidCertificateException(
          "crypto/rsa: "
              + bits
              + "-bit keys are insecure (see"
              + " https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)");
    }
  }

  private void check(BcContentVerifierProviderBuilder verifiers, String failure)
      throws IOException, OperatorCreationException, InvalidCertificateException {
    boolean valid;
    try {
      valid = request.isSignatureValid(verifiers.build(PublicKeyFactory.createKey(publicKey())));
    } catch (PKCSException e) {
      throw unimplemented();
    }
    if (!valid) {
      throw new InvalidCertificateException(failure);
    }
  }

  X500Name subject() {
    return request.getSubject();
  }

  SubjectPublicKeyInfo publicKey() {
    return request.getSubjectPublicKeyInfo();
  }

  @Nullable GeneralNames names() {
    return names;
  }

  /** The name of the subject; empty when it has none, the last of several. */
  public String commonName() {
    ImmutableList<String> found = values(subject(), BCStyle.CN);
    return found.isEmpty() ? "" : found.get(found.size() - 1);
  }

  /** The organizations of the subject, which are the groups of a client. */
  public ImmutableList<String> organizations() {
    return values(subject(), BCStyle.O);
  }

  static ImmutableList<String> values(X500Name name, ASN1ObjectIdentifier type) {
    ImmutableList.Builder<String> values = ImmutableList.builder();
    for (RDN part : name.getRDNs()) {
      for (AttributeTypeAndValue value : part.getTypesAndValues()) {
        if (value.getType().equals(type)) {
          values.add(value.getValue() instanceof ASN1String text ? text.getString() : "");
        }
      }
    }
    return values.build();
  }

  public boolean hasDnsNames() {
    return has(GeneralName.dNSName);
  }

  public boolean hasIpAddresses() {
    return has(GeneralName.iPAddress);
  }

  public boolean hasEmailAddresses() {
    return has(GeneralName.rfc822Name);
  }

  public boolean hasUris() {
    return has(GeneralName.uniformResourceIdentifier);
  }

  private boolean has(int kind) {
    if (names != null) {
      for (GeneralName name : names.getNames()) {
        if (name.getTagNo() == kind) {
          return true;
        }
      }
    }
    return false;
  }
}
