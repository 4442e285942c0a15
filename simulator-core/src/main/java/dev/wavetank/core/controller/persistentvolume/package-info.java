/**
 * The controller that binds PersistentVolumeClaims to PersistentVolumes and takes back volumes
 * whose claim is gone, and a provisioner that makes volumes for claims.
 *
 * <p>It hides how a volume is found and in which order both sides are written. It must not know
 * pods' nodes, which the scheduler chooses, nor what is in a volume.
 */
@NullMarked
package dev.wavetank.core.controller.persistentvolume;

import org.jspecify.annotations.NullMarked;
