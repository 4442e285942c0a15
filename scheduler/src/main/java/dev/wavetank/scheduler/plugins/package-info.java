/**
 * The in-tree plugins, one file each, and {@link dev.wavetank.scheduler.plugins.DefaultPlugins},
 * their default order and weights.
 *
 * <p>Hides the rules of each plugin. A plugin must not know another one, nor the queue.
 */
@NullMarked
package dev.wavetank.scheduler.plugins;

import org.jspecify.annotations.NullMarked;
