package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpResponse;

/**
 * What an application does with a request.
 *
 * @param response what it answers
 * @param latencyNanos how long it works on it; {@link ContainerBehavior#FOREVER} when it hangs
 * @param cpuNanos processor time that it uses for it
 */
public record HttpAnswer(HttpResponse response, long latencyNanos, long cpuNanos) {

  /** An answer that takes no processor time to speak of. */
  public HttpAnswer(HttpResponse response, long latencyNanos) {
    this(response, latencyNanos, 0);
  }
}
