/**
 * Rolls Deployments out over ReplicaSets: {@link
 * dev.wavetank.core.controller.deployment.DeploymentController} decides what kind of step is due,
 * classes named after upstream's files make it.
 *
 * <p>Hides revisions, fenceposts and proportions. It must not know how a ReplicaSet keeps its pods.
 */
@NullMarked
package dev.wavetank.core.controller.deployment;

import org.jspecify.annotations.NullMarked;
