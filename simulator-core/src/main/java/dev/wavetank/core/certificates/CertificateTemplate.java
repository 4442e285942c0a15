package dev.wavetank.core.certificates;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.time.Instant;

/**
 * What an authority decides about a certificate.
 *
 * @param serialNumber not negative, below 2^128
 * @param notBefore whole seconds count
 * @param notAfter whole seconds count
 * @param usages in the words of the API, such as {@code client auth}; see {@link KeyUsages#WORDS}
 */
public record CertificateTemplate(
    BigInteger serialNumber, Instant notBefore, Instant notAfter, ImmutableList<String> usages) {}
