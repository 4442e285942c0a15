package dev.wavetank.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a virtual server chooses among its real servers; the kernel's ip_vs modules. */
public enum Scheduler {
  /** Round robin: one after the other. */
  RR {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return choice.next(server -> server.weight() > 0);
    }
  },
  /** Weighted round robin: as RR, more often where the weight is greater. */
  WRR {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return choice.nextWeighted();
    }
  },
  /** Least connections. */
  LC {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return choice.least(server -> choice.connections(server), server -> 1);
    }
  },
  /** Weighted least connections. */
  WLC {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return choice.least(server -> choice.connections(server), RealServer::weight);
    }
  },
  /** Source hashing: a client's address decides. */
  SH {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return byHash(choice.servers(), choice.client());
    }
  },
  /** Destination hashing: the virtual server's address decides. */
  DH {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return byHash(choice.servers(), choice.destination());
    }
  },
  /** Shortest expected delay: the least of connections plus one, by weight. */
  SED {
    @Override
    @Nullable RealServer choose(Choice choice) {
      return choice.least(server -> choice.connections(server) + 1, RealServer::weight);
    }
  },
  /** Never queue: an idle server, or else as SED. */
  NQ {
    @Override
    @Nullable RealServer choose(Choice choice) {
      for (RealServer server : choice.servers()) {
        if (server.weight() > 0 && choice.connections(server) == 0) {
          return server;
        }
      }
      return SED.choose(choice);
    }
  };

  /** The kernel's tables of hashing schedulers have so many places. */
  private static final int HASH_BITS = 8;

  private static final int GOLDEN_RATIO_32 = 0x61C88647;

  /** The real server for a connection; null when none takes it. */
  abstract @Nullable RealServer choose(Choice choice);

  /** The name in commands and settings, such as {@code rr}. */
  public String schedulerName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The scheduler of that name; the empty name is kube-proxy's default, {@code rr}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Scheduler of(String name) {
    if (name.isEmpty()) {
      return RR;
    }
    for (Scheduler scheduler : values()) {
      if (scheduler.schedulerName().equals(name)) {
        return scheduler;
      }
    }
    throw new IllegalArgumentException("unknown IPVS scheduler " + name);
  }

  /** Places of the table are dealt out in turn, to each server as many as its weight. */
  private static @Nullable RealServer byHash(ImmutableList<RealServer> servers, IpAddress address) {
    int folded = fold(address.high()) ^ fold(address.low());
    int place = (folded * GOLDEN_RATIO_32) >>> (32 - HASH_BITS);
    int total = 0;
    for (RealServer server : servers) {
      total += Math.max(1, server.weight());
    }
    if (total == 0) {
      return null;
    }
    int left = place % total;
    for (RealServer server : servers) {
      left -= Math.max(1, server.weight());
      if (left < 0) {
        return server.weight() > 0 ? server : null;
      }
    }
    return null;
  }

  private static int fold(long bits) {
    return (int) (bits >>> 32) ^ (int) bits;
  }
}
