/**
 * The service controller of a cluster that runs in a cloud: {@link
 * dev.wavetank.core.controller.service.ServiceController}.
 *
 * <p>It hides which changes matter to a load balancer and which nodes get its traffic. It must not
 * know what the cloud does.
 */
@NullMarked
package dev.wavetank.core.controller.service;

import org.jspecify.annotations.NullMarked;
