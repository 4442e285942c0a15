package dev.wavetank.core.certificates;

import java.time.Instant;

/** Who signs the certificates of a cluster. */
public interface CertificateSigner {

  /** Until when its own certificate is valid. */
  Instant notAfter();

  /** A certificate for what is requested, in PEM. */
  String sign(CertificateRequest request, CertificateTemplate template);
}
