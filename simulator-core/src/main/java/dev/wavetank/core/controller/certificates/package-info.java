/**
 * What becomes of CertificateSigningRequests: {@link
 * dev.wavetank.core.controller.certificates.CsrSigningController} signs those that somebody
 * approved, {@link dev.wavetank.core.controller.certificates.CsrApprovingController} approves those
 * of kubelets, and {@link dev.wavetank.core.controller.certificates.CsrCleanerController} deletes
 * old ones.
 *
 * <p>Hides serial numbers and deadlines. It must not know how certificates are encoded, or who logs
 * in with them.
 */
@NullMarked
package dev.wavetank.core.controller.certificates;

import org.jspecify.annotations.NullMarked;
