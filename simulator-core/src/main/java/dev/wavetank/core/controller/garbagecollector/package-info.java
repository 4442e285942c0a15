/**
 * Deletes what nobody owns any more: {@link
 * dev.wavetank.core.controller.garbagecollector.GarbageCollector}.
 *
 * <p>Hides the graph of owners and dependents, which changes only with the objects that change in
 * it. Dependents are looked at in the order in which they were met, where upstream's order is that
 * of a hash map. It must not know any kind of object.
 */
@NullMarked
package dev.wavetank.core.controller.garbagecollector;

import org.jspecify.annotations.NullMarked;
