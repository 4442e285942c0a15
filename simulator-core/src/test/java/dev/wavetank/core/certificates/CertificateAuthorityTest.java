package dev.wavetank.core.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateAuthorityTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final CertificateTemplate TEMPLATE =
      new CertificateTemplate(
          BigInteger.TEN,
          START,
          START.plus(Duration.ofHours(1)),
          ImmutableList.of("digital signature", "key encipherment", "client auth"));

  private final CertificateAuthority authority = authority("secret");

  private static CertificateAuthority authority(String secret) {
    return CertificateAuthority.of(
        secret.getBytes(StandardCharsets.US_ASCII), START, START.plus(CertificateAuthority.VALID));
  }

  private static X509Certificate read(byte[] bytes) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes));
  }

  private static X509Certificate read(String pem) throws CertificateException {
    return read(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private X509Certificate signed(String request) throws Exception {
    return read(authority.sign(CertificateRequest.parse(request), TEMPLATE));
  }

  @Test
  void theSameSecretSignsTheSame() throws Exception {
    CertificateRequest request = CertificateRequest.parse(Requests.pem("CN=jane"));
    assertThat(authority("secret").sign(request, TEMPLATE))
        .isEqualTo(authority.sign(request, TEMPLATE));
    assertThat(authority("other").certificate()).isNotEqualTo(authority.certificate());
  }

  @Test
  void aCertificateSaysWhatIsInTheTemplate() throws Exception {
    X509Certificate jane = signed(Requests.pem("CN=jane,O=dev"));
    X509Certificate root = read(authority.certificate());
    assertThatCode(() -> jane.verify(root.getPublicKey())).doesNotThrowAnyException();
    assertThatCode(() -> root.verify(root.getPublicKey())).doesNotThrowAnyException();
    assertThat(jane.getSerialNumber()).isEqualTo(10);
    assertThat(jane.getNotBefore()).isEqualTo(Date.from(START));
    assertThat(jane.getNotAfter()).isEqualTo(Date.from(START.plus(Duration.ofHours(1))));
    assertThat(jane.getKeyUsage()).startsWith(true, false, true, false);
    assertThat(jane.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(jane.getBasicConstraints()).isEqualTo(-1);
    assertThat(jane.getIssuerX500Principal().getName()).isEqualTo("CN=kubernetes");
    assertThat(root.getBasicConstraints()).isNotNegative();
  }

  /** As Go writes a name: organizations first, together, whatever their order in the request. */
  @Test
  void theSubjectIsWrittenAsGoWritesIt() throws Exception {
    X509Certificate jane = signed(Requests.pem("CN=jane,O=dev,O=ops"));
    assertThat(jane.getSubjectX500Principal().getName()).isEqualTo("CN=jane,O=dev+O=ops");
  }

  @Test
  void otherNamesAreTakenOver() throws Exception {
    X509Certificate node = signed(Requests.pem("CN=n", Requests.dns("node-1")));
    assertThat(node.getSubjectAlternativeNames()).containsExactly(List.of(2, "node-1"));
  }

  @ParameterizedTest
  @CsvSource({"RSA,2048,SHA256withRSA", "EC,384,SHA384withECDSA", "Ed25519,0,Ed25519"})
  void aRequestIsSignedWithItsOwnKey(String kind, int size, String signature) throws Exception {
    String pem = Requests.pem(Requests.keys(kind, size), signature, "CN=jane");
    assertThatCode(() -> CertificateRequest.parse(pem).checkSignature()).doesNotThrowAnyException();
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*?-----", ""));
    der[der.length - 5] ^= 1;
    String changed = PemBlock.encode(PemBlock.CERTIFICATE_REQUEST, der);
    assertThatThrownBy(() -> CertificateRequest.parse(changed).checkSignature())
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining("verification");
  }

  @Test
  void shortKeysAreInsecure() throws Exception {
    CertificateRequest request =
        CertificateRequest.parse(
            Requests.pem(Requests.keys("RSA", 512), "SHA256withRSA", "CN=jane"));
    assertThatThrownBy(request::checkSignature)
        .hasMessageStartingWith("crypto/rsa: 512-bit keys are insecure");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    for (String text :
        List.of("", "x", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")) {
      assertThatThrownBy(() -> CertificateRequest.parse(text))
          .hasMessage("PEM block type must be CERTIFICATE REQUEST");
    }
    for (byte[] der : List.of(new byte[0], new byte[] {0x30}, new byte[] {0x30, 3, 2, 1, 5})) {
      assertThatThrownBy(
              () -> CertificateRequest.parse(PemBlock.encode(PemBlock.CERTIFICATE_REQUEST, der)))
          .isInstanceOf(InvalidCertificateException.class)
          .hasMessageStartingWith("asn1: ");
    }
  }

  @Test
  void theEndOfACertificateIsRead() throws Exception {
    String pem = authority.sign(CertificateRequest.parse(Requests.pem("CN=jane")), TEMPLATE);
    assertThat(Certificates.notAfter(pem)).isEqualTo(START.plus(Duration.ofHours(1)));
    assertThat(Certificates.notAfter("none")).isNull();
    assertThatCode(() -> Certificates.check(pem + pem)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Certificates.check("none"))
        .hasMessage("must contain at least one CERTIFICATE PEM block");
    assertThatThrownBy(() -> Certificates.check(Requests.pem("CN=jane")))
        .hasMessage("only CERTIFICATE PEM blocks are allowed, found \"CERTIFICATE REQUEST\"");
  }
}
