package dev.wavetank.core.certificates;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/**
 * Certificates in PEM.
 *
 * <p>Follows validateCertificate of pkg/apis/certificates/validation/validation.go (v1.36).
 */
public final class Certificates {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
  private static final int SECONDS_LENGTH = 14;

  private Certificates() {}

  /**
   * Checks that a text is one certificate or more, and nothing else in PEM.
   *
   * @throws InvalidCertificateException when it is not
   */
  public static void check(String pem) throws InvalidCertificateException {
    List<PemBlock> blocks = PemBlock.all(pem);
    for (PemBlock block : blocks) {
      if (!block.type().equals(PemBlock.CERTIFICATE)) {
        throw new InvalidCertificateException(
            "only CERTIFICATE PEM blocks are allowed, found \"" + block.type() + "\"");
      }
      if (block.hasHeaders()) {
        throw new InvalidCertificateException("no PEM block headers are permitted");
      }
      if (block.content().length == 0) {
        throw new InvalidCertificateException(
            "found CERTIFICATE PEM block containing 0 certificates");
      }
      if (parse(block) == null) {
        throw new InvalidCertificateException("x509: malformed certificate");
      }
    }
    if (blocks.isEmpty()) {
      throw new InvalidCertificateException("must contain at least one CERTIFICATE PEM block");
    }
  }

  private static @Nullable X509CertificateHolder parse(PemBlock block) {
    try {
      return new X509CertificateHolder(block.content());
    } catch (IOException e) {
      return null;
    }
  }

  /** Until when the first certificate of a text is valid; null when there is none. */
  public static @Nullable Instant notAfter(String pem) {
    List<PemBlock> blocks = PemBlock.all(pem);
    X509CertificateHolder first = blocks.isEmpty() ? null : parse(blocks.get(0));
    if (first == null) {
      return null;
    }
    String time = first.toASN1Structure().getEndDate().getTime();
    try {
      return LocalDateTime.parse(time.substring(0, SECONDS_LENGTH), SECONDS)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      return null;
    }
  }
}
