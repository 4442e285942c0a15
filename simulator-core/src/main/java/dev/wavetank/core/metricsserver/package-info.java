/**
 * What containers use, for {@code kubectl top} and autoscalers: {@link
 * dev.wavetank.core.metricsserver.MetricsServer}, an API server of its own behind an APIService.
 *
 * <p>Hides samples and windows: nothing is sampled until somebody asks. It must not know who asks,
 * or how images decide what they use.
 */
@NullMarked
package dev.wavetank.core.metricsserver;

import org.jspecify.annotations.NullMarked;
