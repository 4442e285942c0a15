package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** A zone outside of the cluster, with the records of a zone file. */
public final class OutsideZone {
  /** Aliases that may follow each other. */
  private static final int CNAME_CHAIN_MAX = 10;

  private final Name origin;
  private final Map<Name, List<Record>> byName = new LinkedHashMap<>();

  private OutsideZone(Name origin) {
    this.origin = origin;
  }

  /**
   * Reads a zone file.
   *
   * @throws IOException when the text is no zone file, with the line
   */
  public static OutsideZone parse(Name origin, String text) throws IOException {
    OutsideZone zone = new OutsideZone(origin);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Master master = new Master(new ByteArrayInputStream(bytes), origin)) {
      master.disableIncludes(true);
      master.expandGenerate(false);
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        zone.add(record);
      }
    }
    return zone;
  }

  private void add(Record record) {
    byName.computeIfAbsent(record.getName(), name -> new ArrayList<>()).add(record);
    // Names above exist, even without records.
    Name name = record.getName();
    while (name.labels() > origin.labels() && name.subdomain(origin)) {
      byName.computeIfAbsent(name, none -> new ArrayList<>());
      name = new Name(name, 1);
    }
  }

  public Name origin() {
    return origin;
  }

  /** What a server with authority for the zone answers. */
  Reply answer(Query query) {
    List<Record> answer = new ArrayList<>();
    Name name = query.name();
    for (int step = 0; step <= CNAME_CHAIN_MAX; step++) {
      List<Record> here = byName.get(name);
      if (here == null) {
        return reply(answer.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR, answer, Type.SOA);
      }
      CNAMERecord alias = null;
      int before = answer.size();
      for (Record record : here) {
        if (record.getType() == query.type()) {
          answer.add(owned(record, name));
        } else if (record instanceof CNAMERecord cname) {
          alias = cname;
        }
      }
      if (answer.size() > before) {
        return reply(Rcode.NOERROR, answer, Type.NS);
      }
      if (alias == null) {
        return reply(Rcode.NOERROR, answer, Type.SOA);
      }
      answer.add(owned(alias, name));
      name = alias.getTarget();
      if (!name.subdomain(origin)) {
        return reply(Rcode.NOERROR, answer, Type.NS);
      }
    }
    return reply(Rcode.NOERROR, answer, Type.NS);
  }

  /** The letter case of the question shows in the answer. */
  private static Record owned(Record record, Name name) {
    return record.withName(name);
  }

  private Reply reply(int rcode, List<Record> answer, int authorityType) {
    ImmutableList.Builder<Record> authority = ImmutableList.builder();
    for (Record record : byName.getOrDefault(origin, List.of())) {
      if (record.getType() == authorityType) {
        authority.add(record);
      }
    }
    return Reply.authoritative(
        rcode, ImmutableList.copyOf(answer), authority.build(), ImmutableList.of());
  }

  /** The start of authority, or null when the file has none. */
  @Nullable SOARecord soa() {
    for (Record record : byName.getOrDefault(origin, List.of())) {
      if (record instanceof SOARecord soa) {
        return soa;
      }
    }
    return null;
  }
}
