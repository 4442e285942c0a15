/**
 * KubeSchedulerConfiguration files: reading, defaults, and what is wrong with them.
 *
 * <p>Hides field paths and places. It must not know how pods are scheduled.
 */
@NullMarked
package dev.wavetank.scheduler.config;

import org.jspecify.annotations.NullMarked;
