/**
 * The controller of ServiceCIDRs: they are ready, and one that is deleted stays for as long as it
 * is the only one that has some Service's address.
 *
 * <p>It hides which addresses hold a ServiceCIDR. It must not know who allocates them.
 */
@NullMarked
package dev.wavetank.core.controller.servicecidrs;

import org.jspecify.annotations.NullMarked;
