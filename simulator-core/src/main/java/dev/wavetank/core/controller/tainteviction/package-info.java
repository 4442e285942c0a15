/**
 * Evicts pods from nodes with {@code NoExecute} taints: {@link
 * dev.wavetank.core.controller.tainteviction.TaintEvictionController}.
 *
 * <p>Hides its timers. It must not know who puts a taint on a node, nor any other controller.
 */
@NullMarked
package dev.wavetank.core.controller.tainteviction;

import org.jspecify.annotations.NullMarked;
