package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * Walks the search list of the client that asks, so that a name of its first entry that does not
 * exist need not be asked again and again: the first answer but NXDOMAIN is the answer, behind a
 * CNAME from the name that was asked.
 *
 * <p>Follows plugin/autopath/autopath.go (CoreDNS v1.14).
 */
public final class AutoPath implements Handler {

  private final Zones zones;
  private final Function<Query, ImmutableList<Name>> search;
  private final Handler next;

  /**
   * A walk of search lists.
   *
   * @param search the search list of whoever asks, the root at its end; empty when it is not known
   */
  public AutoPath(Zones zones, Function<Query, ImmutableList<Name>> search, Handler next) {
    this.zones = zones;
    this.search = search;
    this.next = next;
  }

  @Override
  public String name() {
    return "autopath";
  }

  @Override
  public Reply serve(Query query) {
    ImmutableList<Name> path =
        zones.contain(query.name()) ? search.apply(query) : ImmutableList.of();
    if (path.isEmpty() || !query.name().subdomain(path.get(0))) {
      return next.serve(query);
    }
    Name base = query.name().relativize(path.get(0));
    Reply first = null;
    for (Name entry : path) {
      Name tried = joined(base, entry);
      if (tried == null) {
        continue;
      }
      Query other = query.about(tried, query.type());
      Reply reply = next.serve(other);
      query.spend(other.spentNanos());
      first = first == null ? reply : first;
      if (reply.written() && reply.rcode() != Rcode.NXDOMAIN) {
        return aliased(query.name(), reply);
      }
    }
    return first == null ? next.serve(query) : first;
  }

  private static @Nullable Name joined(Name base, Name origin) {
    try {
      return Name.concatenate(base, origin);
    } catch (NameTooLongException e) {
      return null;
    }
  }

  private static Reply aliased(Name asked, Reply reply) {
    if (reply.answer().isEmpty() || reply.answer().get(0).getName().equals(asked)) {
      return reply;
    }
    Record target = reply.answer().get(0);
    Record alias = new CNAMERecord(asked, DClass.IN, target.getTTL(), target.getName());
    return reply.withSections(
        ImmutableList.<Record>builder().add(alias).addAll(reply.answer()).build(),
        reply.authority(),
        reply.additional());
  }
}
