/**
 * Tests against a simulated cluster: {@link dev.wavetank.testkit.SimulatedCluster} gives a JUnit 5
 * test a cluster and a fabric8 client; {@link dev.wavetank.testkit.KubernetesClients} makes such a
 * client for any other test, a jqwik property for example.
 *
 * <p>It hides that the client has no sockets. It must not know servers.
 */
@NullMarked
package dev.wavetank.testkit;

import org.jspecify.annotations.NullMarked;
