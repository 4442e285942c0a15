/**
 * The plugins about PersistentVolumes: which node can have the volumes of a pod, and binding them
 * before the pod.
 *
 * <p>Hides what is assumed about volumes until the API server shows it. In-tree volumes are not
 * translated to CSI. It must not know the queue.
 */
@NullMarked
package dev.wavetank.scheduler.plugins.volumes;

import org.jspecify.annotations.NullMarked;
