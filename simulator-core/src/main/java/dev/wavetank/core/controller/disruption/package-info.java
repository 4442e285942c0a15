/**
 * The disruption controller: counts for each PodDisruptionBudget how many of its pods are healthy
 * and how many may be disrupted.
 *
 * <p>It hides how the size of a budget's workload is found. It must not know who evicts pods.
 */
@NullMarked
package dev.wavetank.core.controller.disruption;

import org.jspecify.annotations.NullMarked;
