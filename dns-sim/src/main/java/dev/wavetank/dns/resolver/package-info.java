/**
 * How a pod asks for names: its resolver files, the search of glibc, and the programs {@code dig}
 * and {@code nslookup} with their output.
 *
 * <p>Nothing here sends or waits: a {@code Lookup} says what it wants to ask and is told what came
 * of it. Must not know servers, zones or the cluster.
 */
@NullMarked
package dev.wavetank.dns.resolver;

import org.jspecify.annotations.NullMarked;
