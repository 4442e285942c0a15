/**
 * What a scenario expects of its cluster: one small class a kind of expectation, each of which says
 * what is unmet in words.
 *
 * <p>It must not change the cluster, and must not know when it is asked.
 */
@NullMarked
package dev.wavetank.scenarios.expect;

import org.jspecify.annotations.NullMarked;
