/**
 * Puts an API server together: the strategies of all kinds, the admission list, and the objects
 * that every cluster begins with.
 *
 * <p>It must not know controllers, the scheduler, kubelets or networks of pods.
 */
@NullMarked
package dev.wavetank.core.apiserver.controlplane;

import org.jspecify.annotations.NullMarked;
