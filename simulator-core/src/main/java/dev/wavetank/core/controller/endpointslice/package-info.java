/**
 * Publishes the pods of Services as EndpointSlices: {@link
 * dev.wavetank.core.controller.endpointslice.EndpointSliceController}.
 *
 * <p>Hides how endpoints are packed into slices. New endpoints are appended to a slice in the order
 * of their addresses, where upstream's order is that of a hash map. It must not know who reads
 * slices.
 */
@NullMarked
package dev.wavetank.core.controller.endpointslice;

import org.jspecify.annotations.NullMarked;
