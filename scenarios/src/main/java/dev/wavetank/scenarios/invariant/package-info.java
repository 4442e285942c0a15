/**
 * What must hold after every commit of a run: checkers that stand beside the system.
 *
 * <p>It must not change the cluster.
 */
@NullMarked
package dev.wavetank.scenarios.invariant;

import org.jspecify.annotations.NullMarked;
