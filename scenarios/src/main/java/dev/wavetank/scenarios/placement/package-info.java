/**
 * What-if for placement: a cluster taken over from files, such as {@code kubectl get nodes,pods -A
 * -o yaml}, and workloads whose pods are to be placed there.
 *
 * <p>Hides how manifests are completed. It must not know how pods are scheduled, and runs no
 * cluster.
 */
@NullMarked
package dev.wavetank.scenarios.placement;

import org.jspecify.annotations.NullMarked;
