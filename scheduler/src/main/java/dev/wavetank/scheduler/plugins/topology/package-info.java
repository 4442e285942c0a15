/**
 * Counts of pods by topology domain, kept up to date by the comings and goings of pods: what pod
 * affinity and topology spread stand on.
 *
 * <p>Hides how much is counted again and when. It must not know any plugin.
 */
@NullMarked
package dev.wavetank.scheduler.plugins.topology;

import org.jspecify.annotations.NullMarked;
