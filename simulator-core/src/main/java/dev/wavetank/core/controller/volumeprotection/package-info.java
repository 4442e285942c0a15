/**
 * The controllers that let a volume or a claim go once it is no longer in use. They take off the
 * finalizer that {@link dev.wavetank.core.apiserver.admission.StorageObjectInUseProtection} put on.
 *
 * <p>It hides how use is found. It must not know who binds volumes.
 */
@NullMarked
package dev.wavetank.core.controller.volumeprotection;

import org.jspecify.annotations.NullMarked;
