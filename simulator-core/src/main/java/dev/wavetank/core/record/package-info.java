/**
 * Events as people read them with {@code kubectl describe}: {@link
 * dev.wavetank.core.record.EventRecorder} writes them through the API server, repeats counted.
 *
 * <p>Hides aggregation and naming. It must not know who reports.
 */
@NullMarked
package dev.wavetank.core.record;

import org.jspecify.annotations.NullMarked;
