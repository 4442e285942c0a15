/**
 * Patches: JSON patch, JSON merge patch and strategic merge patch, applied to trees, and the
 * patches that clients make, such as the three-way patch of {@code kubectl apply}.
 *
 * <p>It hides the directives of strategic merge patch. It must not know the API server, its store
 * or any kind of object: a schema says how fields are merged.
 */
@NullMarked
package dev.wavetank.core.apiserver.patch;

import org.jspecify.annotations.NullMarked;
