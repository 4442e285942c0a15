/**
 * The tables that the API server prints for {@code get}: columns and rows of every kind, as data.
 *
 * <p>Hides how a kind is summed up in cells. It must not know any client, nor how a table is laid
 * out as text.
 */
@NullMarked
package dev.wavetank.core.apiserver.printers;

import org.jspecify.annotations.NullMarked;
