/**
 * Keeps as many pods of a template as a ReplicaSet asks for: {@link
 * dev.wavetank.core.controller.replicaset.ReplicaSetController} creates, adopts, releases and
 * deletes them and counts them in the status.
 *
 * <p>Hides expectations, slow start and the order of deletion. It must not know Deployments.
 */
@NullMarked
package dev.wavetank.core.controller.replicaset;

import org.jspecify.annotations.NullMarked;
