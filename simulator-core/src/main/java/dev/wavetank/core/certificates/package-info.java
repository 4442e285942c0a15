/**
 * X.509 as a cluster needs it: {@link dev.wavetank.core.certificates.CertificateRequest} reads what
 * somebody wants certified, {@link dev.wavetank.core.certificates.CertificateAuthority} certifies
 * it.
 *
 * <p>Hides encodings, keys and signatures; every signature follows from its key and the text. It
 * must not know the API server, who approves, or the wall clock.
 */
@NullMarked
package dev.wavetank.core.certificates;

import org.jspecify.annotations.NullMarked;
