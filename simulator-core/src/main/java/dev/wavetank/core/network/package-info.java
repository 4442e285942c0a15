/**
 * Packets and connections between pods, nodes and the outside: addresses, listeners, the verdicts
 * of rules on the way, and the two seams that other modules fill: a node's data path (kube-proxy)
 * and a pod's name resolution (DNS).
 *
 * <p>Hides how a connection is carried. It must not know Services, rules or the kubelet.
 */
@NullMarked
package dev.wavetank.core.network;

import org.jspecify.annotations.NullMarked;
