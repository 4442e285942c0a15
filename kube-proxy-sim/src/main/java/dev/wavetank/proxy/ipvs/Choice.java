package dev.wavetank.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a scheduler sees when a connection comes, and what it remembers of the one before. */
interface Choice {

  /** Where a scheduler stands that goes round. */
  final class Place {
    @Nullable RealServer last;
    int weight;
  }

  ImmutableList<RealServer> servers();

  IpAddress client();

  IpAddress destination();

  Place place();

  /** How many connections the real server has from this virtual server. */
  long connections(RealServer server);

  /**
   * The position behind the last chosen one; where that is gone, of the one that came behind it.
   */
  private int start() {
    RealServer last = place().last;
    if (last == null) {
      return 0;
    }
    ImmutableList<RealServer> servers = servers();
    for (int i = 0; i < servers.size(); i++) {
      int order = servers.get(i).toString().compareTo(last.toString());
      if (order == 0) {
        return i + 1;
      }
      if (order > 0) {
        return i;
      }
    }
    return servers.size();
  }

  /** The next server that is wanted, round and round. */
  default @Nullable RealServer next(Predicate<RealServer> wanted) {
    ImmutableList<RealServer> servers = servers();
    int start = start();
    for (int i = 0; i < servers.size(); i++) {
      RealServer server = servers.get((start + i) % servers.size());
      if (wanted.test(server)) {
        place().last = server;
        return server;
      }
    }
    return null;
  }

  /** The next server whose weight reaches a bar that sinks with every round. */
  default @Nullable RealServer nextWeighted() {
    ImmutableList<RealServer> servers = servers();
    int highest = servers.stream().mapToInt(RealServer::weight).max().orElse(0);
    if (highest <= 0) {
      return null;
    }
    Place place = place();
    int position = start();
    if (place.weight <= 0 || place.weight > highest) {
      place.weight = highest;
    }
    for (int tries = 0; tries <= servers.size() * (highest + 1); tries++) {
      if (position >= servers.size()) {
        position = 0;
        place.weight = place.weight <= 1 ? highest : place.weight - 1;
      }
      RealServer server = servers.get(position++);
      if (server.weight() >= place.weight) {
        place.last = server;
        return server;
      }
    }
    return null;
  }

  /** The first server with the least load for its share. */
  default @Nullable RealServer least(
      ToLongFunction<RealServer> load, ToIntFunction<RealServer> share) {
    RealServer best = null;
    for (RealServer server : servers()) {
      if (server.weight() > 0
          && (best == null
              || load.applyAsLong(server) * share.applyAsInt(best)
                  < load.applyAsLong(best) * share.applyAsInt(server))) {
        best = server;
      }
    }
    return best;
  }
}
