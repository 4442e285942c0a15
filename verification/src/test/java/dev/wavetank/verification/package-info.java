/**
 * Architecture rules, golden recordings, determinism across JVMs, benchmarks.
 *
 * <p>Never published; may look at every module, and nothing may depend on it.
 */
@NullMarked
package dev.wavetank.verification;

import org.jspecify.annotations.NullMarked;
