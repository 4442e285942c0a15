/**
 * Reads objects of the API that come as protocol buffers, by a table of messages.
 *
 * <p>Hides numbers of fields and how values lie in bytes. It must not know what is done with the
 * objects.
 */
@NullMarked
package dev.wavetank.core.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
