/**
 * A whole cluster in one object: {@link dev.wavetank.scenarios.cluster.Cluster} wires API server,
 * controllers, scheduler, kubelets, kube-proxies and cluster DNS over one simulation and one
 * network, and answers questions about it.
 *
 * <p>Hides how the parts are joined: who listens at which address, how programs in pods reach the
 * network, how CoreDNS runs in its pods. It must not know scenario files.
 */
@NullMarked
package dev.wavetank.scenarios.cluster;

import org.jspecify.annotations.NullMarked;
