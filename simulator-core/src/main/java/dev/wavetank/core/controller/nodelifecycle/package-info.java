/**
 * Watches over the health of nodes: {@link
 * dev.wavetank.core.controller.nodelifecycle.NodeLifecycleController} marks nodes whose kubelet is
 * silent, marks their pods, and puts taints.
 *
 * <p>Hides the monitor's period: a pass that would find nothing new does not happen. It must not
 * know the kubelet, only when it last renewed its lease, nor who acts on a taint.
 */
@NullMarked
package dev.wavetank.core.controller.nodelifecycle;

import org.jspecify.annotations.NullMarked;
