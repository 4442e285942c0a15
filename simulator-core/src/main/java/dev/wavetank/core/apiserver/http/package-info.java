/**
 * The API server as HTTP clients meet it, without sockets: a request's method, path, headers and
 * body go in, and a response comes out, or a stream that goes on for as long as its client stays.
 *
 * <p>Hides paths, content types, discovery, paging and the forms of watch events. It must not know
 * where requests come from, threads or the wall clock: everything here happens within an event of
 * the simulation.
 */
@NullMarked
package dev.wavetank.core.apiserver.http;

import org.jspecify.annotations.NullMarked;
