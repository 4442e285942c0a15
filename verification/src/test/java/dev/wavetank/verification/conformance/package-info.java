/**
 * The conformance tests of Kubernetes that need nothing but an API server and controllers: the same
 * requests with the same assertions, sent to the API server of a whole simulated cluster.
 *
 * <p>Each test is named by upstream's codename ({@link
 * dev.wavetank.verification.conformance.Codename}). Which of them are asserted is listed in {@code
 * docs/conformance.md}. Knows the product by its HTTP answers only.
 */
@NullMarked
package dev.wavetank.verification.conformance;

import org.jspecify.annotations.NullMarked;
