/**
 * What HTTP proxies in pods have in common: the backends they know, and how a request gets to the
 * pods behind one.
 *
 * <p>Hides the endpoints of a backend and their turns. It must not know how a request finds its
 * backend, nor which API says so.
 */
@NullMarked
package dev.wavetank.core.httpproxy;

import org.jspecify.annotations.NullMarked;
