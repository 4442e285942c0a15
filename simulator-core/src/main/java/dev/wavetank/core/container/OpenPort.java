package dev.wavetank.core.container;

import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;

/** A port on which a process of a container listens. */
public final class OpenPort {

  private final Container container;
  private final Protocol protocol;
  private final int port;
  private final PortListener listener;
  private final List<Exchange> exchanges = new ArrayList<>(1);
  private boolean accepts = true;

  OpenPort(Container container, Protocol protocol, int port, PortListener listener) {
    this.container = container;
    this.protocol = protocol;
    this.port = port;
    this.listener = listener;
  }

  boolean is(Protocol asked, int number) {
    return port == number && protocol == asked;
  }

  PortListener listener() {
    return listener;
  }

  /** Whether new connections are taken. */
  boolean accepts() {
    return accepts;
  }

  /** Takes no new connections; those that are made go on. */
  public void refuseMore() {
    accepts = false;
    container.changed();
  }

  /** A request is worked on, and breaks off when the process ends. */
  void add(Exchange exchange) {
    exchanges.removeIf(other -> !other.pending());
    exchanges.add(exchange);
  }

  /** Whether a request is worked on. */
  public boolean busy() {
    return exchanges.stream().anyMatch(Exchange::pending);
  }

  /** The process is over. */
  void close() {
    container.closed(this);
    for (Exchange exchange : List.copyOf(exchanges)) {
      exchange.end(new HttpResult.Reset());
    }
  }
}
