/**
 * kube-scheduler: which node a pod goes to, and why not the others.
 *
 * <p>Reads pods and nodes through informers and writes bindings. Must not know kube-proxy or DNS.
 */
@NullMarked
package dev.wavetank.scheduler;

import org.jspecify.annotations.NullMarked;
