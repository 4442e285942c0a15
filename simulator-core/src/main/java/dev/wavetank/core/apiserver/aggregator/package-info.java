/**
 * The groups and versions that the API server serves, as APIServices: those that are built in, and
 * those of CustomResourceDefinitions. Requests for an APIService of a Service are not forwarded: it
 * is never available.
 *
 * <p>It must not know how requests arrive.
 */
@NullMarked
package dev.wavetank.core.apiserver.aggregator;

import org.jspecify.annotations.NullMarked;
