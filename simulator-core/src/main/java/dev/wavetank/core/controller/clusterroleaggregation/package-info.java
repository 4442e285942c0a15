/**
 * Puts ClusterRoles together from others, which they select by labels: {@link
 * dev.wavetank.core.controller.clusterroleaggregation.ClusterRoleAggregationController}.
 *
 * <p>It must not know who is given a role.
 */
@NullMarked
package dev.wavetank.core.controller.clusterroleaggregation;

import org.jspecify.annotations.NullMarked;
