package dev.wavetank.scenarios.cluster;

import java.time.Duration;
import java.util.function.Consumer;

/** A client's requests to one host and port. */
public sealed interface RequestSession permits HttpSession, DatagramSession, BalancedSession {

  /**
   * Begins a request within the running event.
   *
   * @param what is asked for: the path of an HTTP request, empty to connect only; the text of a
   *     datagram
   * @param patience how long it may take
   * @param then takes the outcome, later
   * @throws dev.wavetank.core.api.ApiException when the client does not run
   */
  void send(String what, Duration patience, Consumer<Reach> then);
}
