/**
 * PersistentVolumes, claims and StorageClasses as the API server, the controllers and the scheduler
 * look at them alike: which volume suits which claim, and which class is the default.
 *
 * <p>It hides the fields and annotations in which that is written. It must not know who binds.
 */
@NullMarked
package dev.wavetank.core.storage;

import org.jspecify.annotations.NullMarked;
