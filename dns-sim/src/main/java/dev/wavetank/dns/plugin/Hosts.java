package dev.wavetank.dns.plugin;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Answers from lines in the form of {@code /etc/hosts}.
 *
 * <p>Follows plugin/hosts/hosts.go (CoreDNS v1.14).
 */
public final class Hosts implements Handler {
  public static final long TTL_SECONDS = 3600;

  /**
   * What a Corefile says about the plugin.
   *
   * @param lines an address, then its names
   * @param reverse whether addresses have names too
   */
  public record Config(
      Zones zones,
      ImmutableList<ImmutableList<String>> lines,
      long ttlSeconds,
      boolean reverse,
      Zones fallThrough) {}

  private final Config config;
  private final Handler next;
  private final Map<String, ImmutableList<InetAddress>> addresses = new LinkedHashMap<>();
  private final Map<String, ImmutableList<Name>> names = new LinkedHashMap<>();

  public Hosts(Config config, Handler next) {
    this.config = config;
    this.next = next;
    for (ImmutableList<String> line : config.lines()) {
      InetAddress address = DnsNames.address(line.get(0));
      if (address == null) {
        continue;
      }
      for (String host : line.subList(1, line.size())) {
        Name name = DnsNames.absolute(host);
        if (name != null && config.zones().contain(name)) {
          addresses.merge(key(name), ImmutableList.of(address), Hosts::joined);
          if (config.reverse()) {
            names.merge(InetAddresses.toAddrString(address), ImmutableList.of(name), Hosts::joined);
          }
        }
      }
    }
  }

  private static String key(Name name) {
    return Ascii.toLowerCase(name.toString());
  }

  private static <T> ImmutableList<T> joined(ImmutableList<T> old, ImmutableList<T> more) {
    return old.containsAll(more)
        ? old
        : ImmutableList.<T>builder().addAll(old).addAll(more).build();
  }

  @Override
  public String name() {
    return "hosts";
  }

  @Override
  public Reply serve(Query query) {
    if (query.type() == Type.PTR) {
      String ip = DnsNames.addressOfReverse(query.name());
      ImmutableList<Name> found = ip == null ? null : names.get(ip);
      return found == null ? next.serve(query) : pointers(query, found);
    }
    if (!config.zones().contain(query.name())) {
      return next.serve(query);
    }
    ImmutableList<InetAddress> found = addresses.get(key(query.name()));
    if (found == null) {
      // Without a SOA there is no proper denial; upstream makes it a server failure.
      return config.fallThrough().contain(query.name()) ? next.serve(query) : Reply.SERVER_FAILURE;
    }
    ImmutableList.Builder<Record> answer = ImmutableList.builder();
    for (InetAddress address : found) {
      Record record = addressRecord(query, address);
      if (record != null) {
        answer.add(record);
      }
    }
    return Reply.success(answer.build(), ImmutableList.of());
  }

  private Reply pointers(Query query, ImmutableList<Name> targets) {
    ImmutableList.Builder<Record> answer = ImmutableList.builder();
    for (Name target : targets) {
      answer.add(new PTRRecord(query.name(), DClass.IN, config.ttlSeconds(), target));
    }
    return Reply.success(answer.build(), ImmutableList.of());
  }

  private @Nullable Record addressRecord(Query query, InetAddress address) {
    if (address instanceof Inet4Address) {
      return query.type() == Type.A
          ? new ARecord(query.name(), DClass.IN, config.ttlSeconds(), address)
          : null;
    }
    return query.type() == Type.AAAA
        ? new AAAARecord(query.name(), DClass.IN, config.ttlSeconds(), address)
        : null;
  }
}
