/**
 * The admission list: what may change or refuse a write between defaulting and validation, one
 * class a step, in upstream's order.
 *
 * <p>It must not know the strategies of the kinds, nor any controller.
 */
@NullMarked
package dev.wavetank.core.apiserver.admission;

import org.jspecify.annotations.NullMarked;
