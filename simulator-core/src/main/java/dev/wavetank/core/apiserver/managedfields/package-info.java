/**
 * Who owns which fields of an object: server-side apply and the {@code managedFields} that every
 * write leaves behind.
 *
 * <p>Hides sets of field paths and how two trees are compared and merged by the schema. It must not
 * know requests, the store or the clock.
 */
@NullMarked
package dev.wavetank.core.apiserver.managedfields;

import org.jspecify.annotations.NullMarked;
