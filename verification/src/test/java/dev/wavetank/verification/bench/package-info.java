/**
 * JMH benchmarks of single parts; {@code docs/benchmarks.md} says how to run and record them.
 *
 * <p>Must not assert anything: a slow machine is not a broken build.
 */
@NullMarked
package dev.wavetank.verification.bench;

import org.jspecify.annotations.NullMarked;
