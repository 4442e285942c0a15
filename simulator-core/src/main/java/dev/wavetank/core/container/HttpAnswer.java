package dev.wavetank.core.container;

/**
 * What an application does with a request.
 *
 * @param response what it answers
 * @param latencyNanos how long it works on it; {@link ContainerBehavior#FOREVER} when it hangs
 */
public record HttpAnswer(HttpResponse response, long latencyNanos) {}
