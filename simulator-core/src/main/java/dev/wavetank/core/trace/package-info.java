/**
 * What happened and why: an append-only {@link dev.wavetank.core.trace.Trace} of events and facts,
 * its hash, and {@link dev.wavetank.core.trace.Explanation}, which walks causes backwards.
 *
 * <p>Hides how entries are kept. It must not know any Kubernetes word.
 */
@NullMarked
package dev.wavetank.core.trace;

import org.jspecify.annotations.NullMarked;
