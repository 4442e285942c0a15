/**
 * Empties namespaces that are being deleted: {@link
 * dev.wavetank.core.controller.namespace.NamespaceController}.
 *
 * <p>Hides what it estimates and how it counts. It must not know any kind of object but pods, whose
 * grace period it waits for.
 */
@NullMarked
package dev.wavetank.core.controller.namespace;

import org.jspecify.annotations.NullMarked;
