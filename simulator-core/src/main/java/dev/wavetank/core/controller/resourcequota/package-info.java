/**
 * Counts what the objects of a namespace use of its ResourceQuotas.
 *
 * <p>It must not know other controllers.
 */
@NullMarked
package dev.wavetank.core.controller.resourcequota;

import org.jspecify.annotations.NullMarked;
