/**
 * NetworkPolicy as the agents of a network plugin enforce it: what policies, pods and namespaces
 * make of the first packet of a connection.
 *
 * <p>Hides how policies are compiled and found. It must not know Services, nor what a connection is
 * made for.
 */
@NullMarked
package dev.wavetank.core.networkpolicy;

import org.jspecify.annotations.NullMarked;
