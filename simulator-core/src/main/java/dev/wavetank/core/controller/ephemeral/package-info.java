/**
 * The controller that makes the claims of generic ephemeral volumes, whose template is in the pod.
 *
 * <p>It hides the claim's owner. It must not know who binds the claim.
 */
@NullMarked
package dev.wavetank.core.controller.ephemeral;

import org.jspecify.annotations.NullMarked;
