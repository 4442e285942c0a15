package dev.wavetank.core.container;

/**
 * One line of a container's log.
 *
 * @param nanos when it was written, in virtual time; of an image's own lines since the start of the
 *     container
 * @param text without its line break
 */
public record LogLine(long nanos, String text) {}
