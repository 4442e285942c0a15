/**
 * Shows Endpoints that somebody keeps by hand, of Services without a selector, as EndpointSlices:
 * {@link dev.wavetank.core.controller.endpointslicemirroring.EndpointSliceMirroringController}.
 *
 * <p>Hides how subsets become slices. It must not know who reads slices, nor the controller that
 * keeps the slices of Services with a selector.
 */
@NullMarked
package dev.wavetank.core.controller.endpointslicemirroring;

import org.jspecify.annotations.NullMarked;
