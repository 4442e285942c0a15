/**
 * Removes pods that nobody else will: {@link
 * dev.wavetank.core.controller.podgc.PodGarbageCollector}.
 *
 * <p>Hides when there is something to look for. It must not know any other controller.
 */
@NullMarked
package dev.wavetank.core.controller.podgc;

import org.jspecify.annotations.NullMarked;
