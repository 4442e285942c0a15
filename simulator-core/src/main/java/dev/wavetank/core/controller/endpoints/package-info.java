/**
 * Publishes the pods of Services as Endpoints, the older of the two forms: {@link
 * dev.wavetank.core.controller.endpoints.EndpointsController}.
 *
 * <p>Hides how pods become addresses. It must not know who reads Endpoints, nor the controller of
 * EndpointSlices.
 */
@NullMarked
package dev.wavetank.core.controller.endpoints;

import org.jspecify.annotations.NullMarked;
