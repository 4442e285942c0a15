/**
 * ValidatingAdmissionPolicies: what they say, which requests they are about, and their judgement.
 *
 * <p>It must not know HTTP.
 */
@NullMarked
package dev.wavetank.core.apiserver.policy;

import org.jspecify.annotations.NullMarked;
