package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * What the rules between nodes and pods make of one packet, taken together.
 *
 * @param stopped the verdict of the rule that ended the way; null when it goes on
 * @param delayNanos how much longer the way is
 * @param twice whether it arrives twice
 */
record Passage(@Nullable Verdict stopped, long delayNanos, boolean twice) {

  static final Passage FREE = new Passage(null, 0, false);
}
