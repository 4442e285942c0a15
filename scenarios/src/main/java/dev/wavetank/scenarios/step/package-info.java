/**
 * What a scenario does: one small class a kind of step.
 *
 * <p>A step acts on the run's cluster, lets time pass if that is its purpose, and writes what a
 * person would see. It must not know the command line.
 */
@NullMarked
package dev.wavetank.scenarios.step;

import org.jspecify.annotations.NullMarked;
