/**
 * The work of the macro benchmarks: reproducible by anyone, with a trace hash to compare runs by.
 *
 * <p>It does not measure: who runs it does.
 */
@NullMarked
package dev.wavetank.scenarios.bench;

import org.jspecify.annotations.NullMarked;
