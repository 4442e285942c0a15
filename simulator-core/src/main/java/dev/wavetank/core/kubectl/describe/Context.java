package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.kubectl.resource.ApiReader;
import java.time.Instant;

/**
 * What a description may read beside its object.
 *
 * @param reader of the server that has the object
 * @param now by which ages are reckoned
 * @param showEvents whether the object's events are described too
 */
public record Context(ApiReader reader, Instant now, boolean showEvents) {}
