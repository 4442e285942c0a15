package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.dns.plugin.DnsNames;
import dev.wavetank.dns.plugin.Handler;
import dev.wavetank.dns.plugin.Query;
import dev.wavetank.dns.plugin.Reply;
import dev.wavetank.dns.plugin.Zones;
import dev.wavetank.dns.plugin.kubernetes.BackendLookup.Result;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The plugin that knows the cluster: Services, endpoints and Pods as the DNS specification of
 * Kubernetes names them.
 *
 * <p>What upstream leaves to the order of a hash map is sorted by name here.
 *
 * <p>Follows plugin/kubernetes/handler.go, kubernetes.go, reverse.go and ns.go (CoreDNS v1.14).
 */
public final class Kubernetes implements Handler, BackendLookup.Backend {
  /** What a question for a Pod's address is answered from. */
  public enum PodMode {
    DISABLED,
    VERIFIED,
    INSECURE
  }

  /**
   * What a Corefile says about the plugin.
   *
   * @param zones the cluster's zone and reverse zones
   * @param namespaces the only Namespaces that have names; empty means all
   * @param fallThrough zones whose unknown names are handed on
   */
  public record Config(
      Zones zones,
      PodMode podMode,
      boolean endpointPodNames,
      boolean ignoreEmptyService,
      boolean endpointsWatched,
      ImmutableList<String> namespaces,
      Zones fallThrough,
      long ttlSeconds) {}

  private static final long SOA_TTL_SECONDS_MAX = 300;
  private static final long DNS_VERSION_TTL_SECONDS = 28800;
  private static final String DNS_SCHEMA_VERSION = "1.1.0";
  private static final String DNS_VERSION = "dns-version";

  private final Config config;
  private final DnsController controller;
  private final ImmutableList<String> localIps;
  private final Instant start;
  private final Function<Query, Reply> upstream;
  private final Handler next;
  private final BackendLookup lookup = new BackendLookup(this);
  private final Name primaryZone;

  /**
   * The plugin of one DNS server.
   *
   * @param localIps the addresses of the server itself, in their shortest text
   * @param start the instant of virtual time zero, for the serial of the zone
   * @param upstream asks the whole server again
   */
  public Kubernetes(
      Config config,
      DnsController controller,
      ImmutableList<String> localIps,
      Instant start,
      Function<Query, Reply> upstream,
      Handler next) {
    this.config = config;
    this.controller = controller;
    this.localIps = localIps;
    this.start = start;
    this.upstream = upstream;
    this.next = next;
    Name primary = config.zones().names().get(0);
    for (Name zone : config.zones().names().reverse()) {
      primary = isReverseZone(zone) ? primary : zone;
    }
    this.primaryZone = primary;
  }

  private static boolean isReverseZone(Name zone) {
    return DnsNames.isReverse(zone)
        || zone.toString().equalsIgnoreCase("in-addr.arpa.")
        || zone.toString().equalsIgnoreCase("ip6.arpa.");
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  /**
   * The search list of the pod that asks, the root at its end; empty when the name is not of this
   * plugin's zones, when Pods are not watched or when no Pod has the address.
   */
  public ImmutableList<Name> searchPath(Query query) {
    Name zone = config.zones().matching(query.name());
    boolean verified = config.podMode() == PodMode.VERIFIED;
    String namespace = verified ? controller.pods().namespace(query.client()) : null;
    Name services = zone == null ? null : DnsNames.below("svc", zone);
    Name own = namespace == null || services == null ? null : DnsNames.below(namespace, services);
    return own == null || services == null || zone == null
        ? ImmutableList.of()
        : ImmutableList.of(own, services, zone, Name.root);
  }

  @Override
  public Function<Query, Reply> upstream() {
    return upstream;
  }

  @Override
  public long ttlSeconds() {
    return config.ttlSeconds();
  }

  @Override
  public Reply serve(Query query) {
    Name matched = config.zones().matching(query.name());
    if (matched == null) {
      return next.serve(query);
    }
    if (query.type() == Type.AXFR || query.type() == Type.IXFR) {
      return Reply.REFUSED;
    }
    // The zone as it was asked: its letter case shows in answers.
    Name zone = new Name(query.name(), query.name().labels() - matched.labels());
    Result result = result(query, zone);
    ImmutableList<Record> answer = result.answer();
    if (answer == null) {
      if (config.fallThrough().contain(query.name())) {
        return next.serve(query);
      }
      return error(controller.synced() ? Rcode.NXDOMAIN : Rcode.SERVFAIL, zone);
    }
    if (answer.isEmpty()) {
      return error(Rcode.NOERROR, zone);
    }
    Reply reply = Reply.success(answer, result.additional());
    return result.truncated() ? reply.withBits(true, false, false, true) : reply;
  }

  private Result result(Query query, Name zone) {
    boolean apex = query.name().labels() == zone.labels();
    return switch (query.type()) {
      case Type.A, Type.AAAA -> lookup.addresses(query, zone);
      case Type.SRV -> lookup.srv(query, zone);
      case Type.CNAME -> lookup.cname(query, zone);
      case Type.TXT -> text(query, zone);
      case Type.PTR -> reverse(query, zone);
      case Type.MX -> nothing(services(query.name(), query.type(), zone));
      case Type.SOA -> Result.of(apex ? List.of(soa(zone)) : List.of());
      case Type.NS ->
          apex && inLowerCase(zone)
              ? lookup.ns(query, zone, nameServers())
              : existence(query.name(), zone);
      default -> existence(query.name(), zone);
    };
  }

  /** Tells a name without records of the type from a name that does not exist. */
  private Result existence(Name name, Name zone) {
    return nothing(services(name, Type.A, zone));
  }

  private static Result nothing(@Nullable ImmutableList<Entry> services) {
    return services == null ? Result.NAME_ERROR : Result.of(List.of());
  }

  private Result text(Query query, Name zone) {
    boolean version =
        query.name().labels() == zone.labels() + 1
            && RecordRequest.label(query.name(), 0).equals(DNS_VERSION);
    return Result.of(
        version
            ? List.of(
                new TXTRecord(query.name(), DClass.IN, DNS_VERSION_TTL_SECONDS, DNS_SCHEMA_VERSION))
            : List.of());
  }

  private Reply error(int rcode, Name zone) {
    return Reply.authoritative(
        rcode, ImmutableList.of(), ImmutableList.of(soa(zone)), ImmutableList.of());
  }

  private Record soa(Name zone) {
    long ttl = config.ttlSeconds();
    long serial = start.plusNanos(controller.modifiedNanos()).getEpochSecond() & 0xFFFFFFFFL;
    Name server = DnsNames.below("ns.dns", zone);
    Name mailbox = DnsNames.below("hostmaster", zone);
    return new SOARecord(
        zone,
        DClass.IN,
        /* ttl= */ Math.min(ttl, SOA_TTL_SECONDS_MAX),
        server == null ? zone : server,
        mailbox == null ? zone : mailbox,
        serial,
        7200,
        1800,
        86400,
        /* minimum= */ ttl);
  }

  @Override
  public @Nullable ImmutableList<Entry> services(Name name, int type, Name zone) {
    if (isDefaultNameServer(name, zone)) {
      ImmutableList.Builder<Entry> servers = ImmutableList.builder();
      for (Entry server : nameServers()) {
        if (server.address() != null && BackendLookup.recordType(server.address()) == type) {
          servers.add(server);
        }
      }
      return servers.build();
    }
    return records(name, zone);
  }

  private static boolean isDefaultNameServer(Name name, Name zone) {
    return name.labels() == zone.labels() + 2
        && inLowerCase(zone)
        && RecordRequest.label(name, 0).equals("ns")
        && RecordRequest.label(name, 1).equals("dns");
  }

  /** Upstream compares these two names with the zone as it was asked: other cases miss. */
  private static boolean inLowerCase(Name zone) {
    String text = zone.toString();
    return Ascii.toLowerCase(text).equals(text);
  }

  /** Entries of a name below a zone; null when the name does not exist. */
  private @Nullable ImmutableList<Entry> records(Name name, Name zone) {
    RecordRequest request = RecordRequest.parse(name, zone);
    if (request == null) {
      return null;
    }
    if (request.podOrSvc().isEmpty()) {
      return ImmutableList.of();
    }
    if (DnsNames.isReverse(name) || !exposed(request.namespace())) {
      return null;
    }
    return request.podOrSvc().equals(RecordRequest.POD) ? pods(request) : findServices(request);
  }

  private boolean exposed(String namespace) {
    return (config.namespaces().isEmpty() || config.namespaces().contains(namespace))
        && controller.namespaces().has(namespace);
  }

  private @Nullable ImmutableList<Entry> pods(RecordRequest request) {
    if (config.podMode() == PodMode.DISABLED) {
      return null;
    }
    String pod = request.service();
    if (pod.isEmpty()) {
      return ImmutableList.of();
    }
    boolean ipv4 = pod.chars().filter(c -> c == '-').count() == 3 && !pod.contains("--");
    String ip = pod.replace('-', ipv4 ? '.' : ':');
    boolean found =
        config.podMode() == PodMode.INSECURE
            ? DnsNames.address(ip) != null
            : controller.pods().has(request.namespace(), ip);
    return found
        ? ImmutableList.of(new Entry(ip, 0, pod + "." + request.namespace() + ".pod"))
        : null;
  }

  private @Nullable ImmutableList<Entry> findServices(RecordRequest request) {
    if (request.service().isEmpty()) {
      return ImmutableList.of();
    }
    ServiceRecord service = controller.services().get(request.namespace(), request.service());
    if (service == null) {
      return null;
    }
    String owner = service.name() + "." + service.namespace() + ".svc";
    if (service.external()) {
      boolean below =
          !request.endpoint().isEmpty()
              || !request.port().isEmpty()
              || !request.protocol().isEmpty();
      return below || DnsNames.address(service.externalName()) != null
          ? null
          : ImmutableList.of(new Entry(service.externalName(), 0, owner));
    }
    if (service.headless() || !request.endpoint().isEmpty()) {
      return endpoints(request, service, owner);
    }
    if (config.ignoreEmptyService() && !hasEndpoints(service)) {
      return null;
    }
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    boolean found = false;
    for (ServiceRecord.Port port : service.ports()) {
      if (port.matches(request.port(), request.protocol())) {
        found = true;
        for (String ip : service.clusterIps()) {
          entries.add(new Entry(ip, port.number(), owner));
        }
      }
    }
    return found ? entries.build() : null;
  }

  private boolean hasEndpoints(ServiceRecord service) {
    for (EndpointsRecord slice :
        controller.endpoints().ofService(service.namespace(), service.name())) {
      if (!slice.addresses().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private @Nullable ImmutableList<Entry> endpoints(
      RecordRequest request, ServiceRecord service, String owner) {
    if (config.ignoreEmptyService() && !service.headless() && !hasEndpoints(service)) {
      return null;
    }
    if (!config.endpointsWatched()) {
      return null;
    }
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    boolean found = false;
    for (EndpointsRecord slice :
        controller.endpoints().ofService(service.namespace(), service.name())) {
      for (EndpointsRecord.Address address : slice.addresses()) {
        String hostname = address.endpointHostname(config.endpointPodNames());
        if (!request.endpoint().isEmpty() && !request.endpoint().equalsIgnoreCase(hostname)) {
          continue;
        }
        for (ServiceRecord.Port port : slice.ports()) {
          if (port.matches(request.port(), request.protocol())) {
            found = true;
            entries.add(new Entry(address.ip(), port.number(), hostname + "." + owner));
          }
        }
      }
    }
    return found ? entries.build() : null;
  }

  private Result reverse(Query query, Name zone) {
    String ip = DnsNames.addressOfReverse(query.name());
    if (ip == null) {
      return nothing(records(query.name(), zone));
    }
    ImmutableList.Builder<Name> names = ImmutableList.builder();
    ServiceRecord service = controller.services().withClusterIp(ip);
    if (service != null && allowed(service.namespace())) {
      addName(names, service.name() + "." + service.namespace() + ".svc");
    } else {
      for (EndpointsRecord slice : controller.endpoints().withIp(ip)) {
        if (!allowed(slice.namespace())) {
          continue;
        }
        for (EndpointsRecord.Address address : slice.addresses()) {
          if (address.ip().equals(ip)) {
            String hostname = address.endpointHostname(config.endpointPodNames());
            addName(names, hostname + "." + slice.service() + "." + slice.namespace() + ".svc");
          }
        }
      }
    }
    ImmutableList<Name> found = names.build();
    return found.isEmpty() ? Result.NAME_ERROR : lookup.ptr(query, found);
  }

  private boolean allowed(String namespace) {
    return config.namespaces().isEmpty() || exposed(namespace);
  }

  private void addName(ImmutableList.Builder<Name> names, String labels) {
    Name name = DnsNames.below(labels, primaryZone);
    if (name != null) {
      names.add(name);
    }
  }

  /** The Services in front of this server, or the server itself if there is none. */
  private ImmutableList<Entry> nameServers() {
    Set<Entry> servers = new LinkedHashSet<>();
    boolean found = false;
    for (String localIp : localIps) {
      for (EndpointsRecord slice : controller.endpoints().withIp(localIp)) {
        found = true;
        ServiceRecord service = controller.services().get(slice.namespace(), slice.service());
        if (service == null) {
          continue;
        }
        String owner = service.name() + "." + service.namespace() + ".svc";
        if (service.headless()) {
          for (EndpointsRecord.Address address : slice.addresses()) {
            String hostname = address.endpointHostname(config.endpointPodNames());
            servers.add(new Entry(address.ip(), 0, hostname + "." + owner));
          }
        } else {
          for (String ip : service.clusterIps()) {
            servers.add(new Entry(ip, 0, owner));
          }
        }
      }
    }
    if (!found) {
      for (String localIp : localIps) {
        servers.add(new Entry(localIp, 0, "ns.dns"));
      }
    }
    return ImmutableList.copyOf(servers);
  }
}
