/**
 * Messages of HTTP: requests, responses, their headers, how they are read from bytes and written to
 * them, and where a URL points.
 *
 * <p>Hides how messages are taken apart. It must not know who sends a message, what answers it, or
 * over what it comes.
 */
@NullMarked
package dev.wavetank.core.container.http;

import org.jspecify.annotations.NullMarked;
