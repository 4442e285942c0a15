/**
 * What the arguments of plugins may be: finds what is wrong with them, in upstream's words.
 *
 * <p>It must not know the plugins.
 */
@NullMarked
package dev.wavetank.scheduler.plugins.args;

import org.jspecify.annotations.NullMarked;
