package dev.wavetank.server;

import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.CertificateSigner;
import dev.wavetank.core.certificates.CertificateTemplate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Has an authority sign and writes down what it signed, so that a replay needs no key. */
final class RecordedCertificates implements CertificateSigner {

  private final CertificateSigner outside;
  private final @Nullable SessionLog log;

  /** Signs by an authority; nothing is written where there is no log. */
  RecordedCertificates(CertificateSigner outside, @Nullable SessionLog log) {
    this.outside = outside;
    this.log = log;
    if (log != null) {
      log.authority(outside.notAfter());
    }
  }

  @Override
  public Instant notAfter() {
    return outside.notAfter();
  }

  @Override
  public String sign(CertificateRequest request, CertificateTemplate template) {
    String pem = outside.sign(request, template);
    if (log != null) {
      log.certificate(pem);
    }
    return pem;
  }
}
