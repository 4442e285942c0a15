package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Shuffles the addresses of an answer, so that clients that take the first one spread out.
 *
 * <p>Each step of the shuffle is a choice; the first option keeps the order.
 *
 * <p>Follows plugin/loadbalance/loadbalance.go (CoreDNS v1.14).
 */
public final class Loadbalance implements Handler {
  private final ChoiceStream choices;
  private final Handler next;

  public Loadbalance(ChoiceStream choices, Handler next) {
    this.choices = choices;
    this.next = next;
  }

  @Override
  public String name() {
    return "loadbalance";
  }

  @Override
  public Reply serve(Query query) {
    Reply reply = next.serve(query);
    if (!reply.written() || reply.rcode() != Rcode.NOERROR) {
      return reply;
    }
    return reply.withSections(
        roundRobin(reply.answer()), roundRobin(reply.authority()), roundRobin(reply.additional()));
  }

  /** CNAMEs first, then the rest, then addresses and mail exchangers, both shuffled. */
  private ImmutableList<Record> roundRobin(ImmutableList<Record> records) {
    if (records.size() <= 1) {
      return records;
    }
    List<Record> cnames = new ArrayList<>();
    List<Record> addresses = new ArrayList<>(records.size());
    List<Record> exchangers = new ArrayList<>();
    List<Record> rest = new ArrayList<>();
    for (Record record : records) {
      switch (record.getType()) {
        case Type.CNAME -> cnames.add(record);
        case Type.A, Type.AAAA -> addresses.add(record);
        case Type.MX -> exchangers.add(record);
        default -> rest.add(record);
      }
    }
    shuffle(addresses);
    shuffle(exchangers);
    return ImmutableList.<Record>builderWithExpectedSize(records.size())
        .addAll(cnames)
        .addAll(rest)
        .addAll(addresses)
        .addAll(exchangers)
        .build();
  }

  private void shuffle(List<Record> records) {
    for (int i = 0; i < records.size() - 1; i++) {
      int other = i + choices.choose(records.size() - i);
      if (other != i) {
        Collections.swap(records, i, other);
      }
    }
  }
}
