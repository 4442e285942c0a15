/**
 * What several controllers share: claims by owner reference and selector, expectations, creation
 * and deletion of pods with their events, and what it means for a pod to be active or available.
 *
 * <p>Hides how orphans and selectors are found without listing a namespace. It must not know any
 * particular controller.
 */
@NullMarked
package dev.wavetank.core.controller;

import org.jspecify.annotations.NullMarked;
