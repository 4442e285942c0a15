package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;

/**
 * A small world outside of the cluster: name servers at addresses, each with its zones. Names of no
 * zone do not exist; an address without a server stays silent.
 */
public final class Outside implements Upstream {
  /**
   * One name server.
   *
   * @param root what denies the names of no zone
   * @param recursive true for a resolver (it has no authority), false for a server of its zones
   * @param latencyNanos until its answer arrives
   */
  public record Server(
      ImmutableList<OutsideZone> zones, SOARecord root, boolean recursive, long latencyNanos) {

    Reply answer(Query query) {
      OutsideZone best = null;
      for (OutsideZone zone : zones) {
        if (query.name().subdomain(zone.origin())
            && (best == null || zone.origin().labels() > best.origin().labels())) {
          best = zone;
        }
      }
      Reply reply =
          best != null
              ? best.answer(query)
              : Reply.authoritative(
                  Rcode.NXDOMAIN, ImmutableList.of(), ImmutableList.of(root), ImmutableList.of());
      if (!recursive) {
        return reply;
      }
      return reply
          .withSections(
              reply.answer(),
              reply.answer().isEmpty() ? reply.authority() : ImmutableList.of(),
              reply.additional())
          .withBits(false, true, false, false);
    }
  }

  private final Map<String, Server> servers = new LinkedHashMap<>();
  private final Map<String, Long> refusing = new LinkedHashMap<>();

  /** The start of authority of the root zone, as real resolvers show it. */
  public static SOARecord rootSoa() {
    return rootSoa("a.root-servers.net.", "nstld.verisign-grs.com.", 2026010100, 86400);
  }

  /** A start of authority of the root zone. */
  public static SOARecord rootSoa(String server, String mailbox, long serial, long ttlSeconds) {
    return new SOARecord(
        Name.root,
        DClass.IN,
        /* ttl= */ ttlSeconds,
        Name.fromConstantString(server),
        Name.fromConstantString(mailbox),
        serial,
        1800,
        900,
        604800,
        /* minimum= */ ttlSeconds);
  }

  /** Puts a server at an address. */
  public Outside with(String address, Server server) {
    servers.put(address, server);
    refusing.remove(address);
    return this;
  }

  /** Nobody listens at this address, and its host says so. */
  public Outside refusing(String address, long latencyNanos) {
    servers.remove(address);
    refusing.put(address, latencyNanos);
    return this;
  }

  /** Nothing comes back from this address. */
  public Outside silent(String address) {
    servers.remove(address);
    refusing.remove(address);
    return this;
  }

  @Override
  public Outcome ask(String server, Query query) {
    Server answering = servers.get(server);
    if (answering != null) {
      return Outcome.answered(answering.answer(query), answering.latencyNanos());
    }
    @Nullable Long refusal = refusing.get(server);
    return refusal != null ? Outcome.refused(refusal) : Outcome.silent();
  }
}
