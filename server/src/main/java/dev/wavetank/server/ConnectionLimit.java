package dev.wavetank.server;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be at once; one more is closed. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that is refused is nobody's any more.
final class ConnectionLimit {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimit(int most) {
    this.most = most;
  }

  /** Counts a new connection until it is closed; or closes it at once and answers false. */
  boolean admits(Channel client) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      client.close();
      return false;
    }
    client.closeFuture().addListener(closed -> open.decrementAndGet());
    return true;
  }
}
