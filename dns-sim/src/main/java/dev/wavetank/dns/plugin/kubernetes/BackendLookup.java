package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.dns.plugin.DnsNames;
import dev.wavetank.dns.plugin.Query;
import dev.wavetank.dns.plugin.Reply;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * Makes records of what names mean: follows CNAMEs, weighs SRV records, leaves out what is double.
 *
 * <p>Follows plugin/backend_lookup.go (CoreDNS v1.14).
 */
final class BackendLookup {
  /** CNAMEs of the cluster that may follow each other. */
  private static final int CNAME_CHAIN_MAX = 10;

  private static final int WEIGHT_SUM = 100;

  /** What a name means. */
  interface Backend {
    /** The entries of a name; null when the name does not exist. */
    @Nullable ImmutableList<Entry> services(Name name, int type, Name zone);

    /** The question asked again at the beginning of the chain, for names outside the zone. */
    Function<Query, Reply> upstream();

    long ttlSeconds();
  }

  /** The records that answer a question; null records mean that the name does not exist. */
  record Result(
      @Nullable ImmutableList<Record> answer, ImmutableList<Record> additional, boolean truncated) {

    static final Result NAME_ERROR = new Result(null, ImmutableList.of(), false);

    static Result of(List<Record> answer) {
      return new Result(ImmutableList.copyOf(answer), ImmutableList.of(), false);
    }
  }

  private final Backend backend;

  BackendLookup(Backend backend) {
    this.backend = backend;
  }

  /** Addresses of one family, CNAMEs on the way included. */
  Result addresses(Query query, Name zone) {
    return addresses(query, query.name(), query.type(), zone, new ArrayList<>());
  }

  private Result addresses(
      Query query, Name name, int type, Name zone, List<CNAMERecord> previous) {
    ImmutableList<Entry> services = backend.services(name, type, zone);
    if (services == null) {
      return Result.NAME_ERROR;
    }
    List<Record> records = new ArrayList<>(services.size());
    Set<InetAddress> seen = new LinkedHashSet<>();
    boolean truncated = false;
    for (Entry service : services) {
      InetAddress address = service.address();
      if (address == null) {
        truncated |= alias(query, name, type, zone, service, previous, records);
      } else if (recordType(address) == type && seen.add(address)) {
        records.add(addressRecord(name, address));
      }
    }
    return new Result(ImmutableList.copyOf(records), ImmutableList.of(), truncated);
  }

  /** Adds a CNAME and what it leads to; true if the answer from elsewhere was cut off. */
  private boolean alias(
      Query query,
      Name name,
      int type,
      Name zone,
      Entry service,
      List<CNAMERecord> previous,
      List<Record> records) {
    Name target = DnsNames.absolute(service.host());
    if (target == null || target.subdomain(name) || previous.size() > CNAME_CHAIN_MAX) {
      return false;
    }
    CNAMERecord cname = new CNAMERecord(name, DClass.IN, backend.ttlSeconds(), target);
    for (CNAMERecord earlier : previous) {
      if (earlier.getTarget().equals(target)) {
        return false;
      }
    }
    if (target.subdomain(zone)) {
      List<CNAMERecord> chain = new ArrayList<>(previous);
      chain.add(cname);
      Result next = addresses(query, target, type, zone, chain);
      if (next.answer() != null && !next.answer().isEmpty()) {
        records.add(cname);
        records.addAll(next.answer());
      }
      return next.truncated();
    }
    Query elsewhere = query.about(target, type);
    Reply reply = backend.upstream().apply(elsewhere);
    query.spend(elsewhere.spentNanos());
    records.add(cname);
    records.addAll(reply.answer());
    return reply.truncated();
  }

  /** SRV records of equal priority that share the weight, and the addresses of their targets. */
  Result srv(Query query, Name zone) {
    ImmutableList<Entry> services = backend.services(query.name(), Type.SRV, zone);
    if (services == null) {
      return Result.NAME_ERROR;
    }
    int weight = services.isEmpty() ? 0 : Math.max(1, WEIGHT_SUM / services.size());
    Set<String> seen = new LinkedHashSet<>();
    List<Record> answer = new ArrayList<>(services.size());
    List<Record> additional = new ArrayList<>(services.size());
    for (Entry service : services) {
      InetAddress address = service.address();
      Name target = service.ownName(zone);
      if (service.port() == ServiceRecord.NO_PORT || address == null || target == null) {
        continue;
      }
      if (seen.add(service.owner() + " " + service.port())) {
        answer.add(
            new SRVRecord(
                query.name(), DClass.IN, backend.ttlSeconds(), 0, weight, service.port(), target));
      }
      if (seen.add(service.owner() + " " + service.host())) {
        additional.add(addressRecord(target, address));
      }
    }
    return new Result(ImmutableList.copyOf(answer), ImmutableList.copyOf(additional), false);
  }

  /** The alias itself, not what it leads to. */
  Result cname(Query query, Name zone) {
    ImmutableList<Entry> services = backend.services(query.name(), Type.CNAME, zone);
    if (services == null) {
      return Result.NAME_ERROR;
    }
    Name target =
        services.isEmpty() || services.get(0).address() != null
            ? null
            : DnsNames.absolute(services.get(0).host());
    return target == null
        ? Result.of(List.of())
        : Result.of(
            List.of(new CNAMERecord(query.name(), DClass.IN, backend.ttlSeconds(), target)));
  }

  /** The names of an address. */
  Result ptr(Query query, ImmutableList<Name> names) {
    List<Record> answer = new ArrayList<>(names.size());
    for (Name name : new LinkedHashSet<>(names)) {
      answer.add(new PTRRecord(query.name(), DClass.IN, backend.ttlSeconds(), name));
    }
    return Result.of(answer);
  }

  /** The name servers of the zone and their addresses. */
  Result ns(Query query, Name zone, ImmutableList<Entry> servers) {
    Set<Name> seen = new LinkedHashSet<>();
    List<Record> answer = new ArrayList<>();
    List<Record> additional = new ArrayList<>();
    for (Entry server : servers) {
      InetAddress address = server.address();
      Name name = server.ownName(zone);
      if (address == null || name == null) {
        continue;
      }
      additional.add(addressRecord(name, address));
      if (seen.add(name)) {
        answer.add(new NSRecord(query.name(), DClass.IN, backend.ttlSeconds(), name));
      }
    }
    return new Result(ImmutableList.copyOf(answer), ImmutableList.copyOf(additional), false);
  }

  private Record addressRecord(Name name, InetAddress address) {
    return address instanceof Inet4Address
        ? new ARecord(name, DClass.IN, backend.ttlSeconds(), address)
        : new AAAARecord(name, DClass.IN, backend.ttlSeconds(), address);
  }

  static int recordType(InetAddress address) {
    return address instanceof Inet4Address ? Type.A : Type.AAAA;
  }
}
