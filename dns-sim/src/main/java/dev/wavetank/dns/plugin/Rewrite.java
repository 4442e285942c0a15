package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;

/**
 * Asks for another name or type than was asked for, and makes the answer fit the question again.
 * Rules are tried in order; the first that applies is the last one, unless it says {@code
 * continue}.
 *
 * <p>Follows plugin/rewrite/rewrite.go and name.go (CoreDNS v1.14).
 */
public final class Rewrite implements Handler {

  /** One rule. */
  public interface Rule {

    /** What it makes of a question; null when it does not apply. */
    @Nullable Change apply(Name name, int type);

    /** Whether the rules after it are tried when it has applied. */
    boolean goesOn();
  }

  /**
   * What a rule makes of a question.
   *
   * @param answers what becomes of the records of the answer
   */
  public record Change(Name name, int type, ImmutableList<AnswerChange> answers) {}

  /** What becomes of records. */
  public interface AnswerChange {

    /** The name of a record. */
    default Name owner(Name name) {
      return name;
    }

    /** A name that a record holds. */
    default Name value(Name name) {
      return name;
    }

    default long ttlSeconds(long ttl) {
      return ttl;
    }
  }

  private final ImmutableList<Rule> rules;
  private final Handler next;

  public Rewrite(ImmutableList<Rule> rules, Handler next) {
    this.rules = rules;
    this.next = next;
  }

  @Override
  public String name() {
    return "rewrite";
  }

  @Override
  public Reply serve(Query query) {
    Name name = query.name();
    int type = query.type();
    List<AnswerChange> changes = new ArrayList<>();
    boolean applied = false;
    for (Rule rule : rules) {
      Change change = rule.apply(name, type);
      if (change != null) {
        applied = true;
        name = change.name();
        type = change.type();
        changes.addAll(change.answers());
        if (!rule.goesOn()) {
          break;
        }
      }
    }
    if (!applied) {
      return next.serve(query);
    }
    Query other = query.about(name, type);
    Reply reply = next.serve(other);
    query.spend(other.spentNanos());
    return changes.isEmpty()
        ? reply
        : reply.withSections(
            changed(reply.answer(), changes),
            changed(reply.authority(), changes),
            changed(reply.additional(), changes));
  }

  private static ImmutableList<Record> changed(
      ImmutableList<Record> records, List<AnswerChange> changes) {
    ImmutableList.Builder<Record> changed = ImmutableList.builder();
    for (Record record : records) {
      Record now = record;
      for (AnswerChange change : changes) {
        now = changed(now, change);
      }
      changed.add(now);
    }
    return changed.build();
  }

  private static Record changed(Record record, AnswerChange change) {
    Name owner = change.owner(record.getName());
    long ttl = change.ttlSeconds(record.getTTL());
    int in = record.getDClass();
    if (record instanceof CNAMERecord alias) {
      return new CNAMERecord(owner, in, ttl, change.value(alias.getTarget()));
    }
    if (record instanceof DNAMERecord alias) {
      return new DNAMERecord(owner, in, ttl, change.value(alias.getTarget()));
    }
    if (record instanceof NSRecord server) {
      return new NSRecord(owner, in, ttl, change.value(server.getTarget()));
    }
    if (record instanceof PTRRecord pointer) {
      return new PTRRecord(owner, in, ttl, change.value(pointer.getTarget()));
    }
    if (record instanceof MXRecord mail) {
      return new MXRecord(owner, in, ttl, mail.getPriority(), change.value(mail.getTarget()));
    }
    if (record instanceof SRVRecord service) {
      return new SRVRecord(
          owner,
          in,
          ttl,
          service.getPriority(),
          service.getWeight(),
          service.getPort(),
          change.value(service.getTarget()));
    }
    boolean same = owner.equals(record.getName()) && ttl == record.getTTL();
    return same
        ? record
        : Record.newRecord(owner, record.getType(), in, ttl, record.rdataToWireCanonical());
  }
}
