/**
 * Probes: when they run, what they ask, what their results mean.
 *
 * <p>Hides the ticking of probes, which a steady container does without. It must not know the
 * kubelet: a pod is seen through {@link dev.wavetank.core.kubelet.prober.ProbedPod}.
 */
@NullMarked
package dev.wavetank.core.kubelet.prober;

import org.jspecify.annotations.NullMarked;
