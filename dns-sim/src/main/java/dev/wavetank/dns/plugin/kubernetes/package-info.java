/**
 * The names of a cluster: Services, endpoints and Pods by the DNS schema of Kubernetes.
 *
 * <p>Hides the indexes that answer a question at a cost that does not grow with the cluster. Must
 * not know the other plugins, except through {@code Handler}.
 */
@NullMarked
package dev.wavetank.dns.plugin.kubernetes;

import org.jspecify.annotations.NullMarked;
