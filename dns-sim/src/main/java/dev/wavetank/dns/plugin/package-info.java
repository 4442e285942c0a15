/**
 * The links of the chain that answers a question, one class each, named after the plugins of a
 * Corefile.
 *
 * <p>Hides what each plugin remembers between questions. Must not know the wire format, the
 * transport, or how a chain is put together: that is the business of {@code dev.wavetank.dns}.
 */
@NullMarked
package dev.wavetank.dns.plugin;

import org.jspecify.annotations.NullMarked;
