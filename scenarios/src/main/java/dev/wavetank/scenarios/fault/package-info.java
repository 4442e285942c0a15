/**
 * What can go wrong in a cluster on purpose: one small class a fault.
 *
 * <p>It must not know scenario files beyond the fields of its own.
 */
@NullMarked
package dev.wavetank.scenarios.fault;

import org.jspecify.annotations.NullMarked;
