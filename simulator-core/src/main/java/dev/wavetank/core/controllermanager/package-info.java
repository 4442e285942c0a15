/**
 * Runs the controllers of a cluster: {@link
 * dev.wavetank.core.controllermanager.KubeControllerManager}.
 *
 * <p>It is the one room from which all controllers are seen. It must not know kubelets, the
 * scheduler or networks.
 */
@NullMarked
package dev.wavetank.core.controllermanager;

import org.jspecify.annotations.NullMarked;
