package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The program nslookup of BusyBox before 1.29: it leaves the search list and the questions to the C
 * library, and says of each address, the name server's own too, what its name is.
 *
 * <p>Follows networking/nslookup.c (BusyBox 1.28).
 */
public final class LibcNslookup implements Lookup {
  private static final int PORT = 53;

  private final ResolvConf conf;
  private final ChoiceStream ids;
  private final String server;
  private final String name;
  private final StubResolver.Resolution resolution;
  private final Deque<InetAddress> unnamed = new ArrayDeque<>();
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder errors = new StringBuilder();
  private boolean resolving;
  private int attempts;
  private int printed;
  private int exitCode;
  private boolean done;

  /**
   * A run of nslookup.
   *
   * @param name a name or an address
   * @param server an address; empty for the first one of the resolver file
   */
  public LibcNslookup(
      String name, String server, ResolvConf conf, HostsFile hosts, ChoiceStream ids) {
    this.ids = ids;
    this.name = name;
    this.server = Nslookup.server(server, conf);
    this.conf = server.isEmpty() ? conf : conf.withNameserver(server);
    this.resolution =
        new StubResolver(this.conf, hosts, ids).resolve(name, StubResolver.Family.ANY);
    heading("Server:", this.server);
    InetAddress address = DnsNames.address(this.server);
    if (address == null) {
      servedBy();
    } else {
      unnamed.add(address);
    }
  }

  private void heading(String word, String value) {
    output.append(word).append(" ".repeat(11 - word.length())).append(value).append('\n');
    printed = 0;
  }

  /** What it has printed so far. */
  public String output() {
    return output.toString();
  }

  /** What it has printed to standard error. */
  public String errors() {
    return errors.toString();
  }

  /** 0, or 1 for a name that could not be resolved. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public @Nullable Ask ask() {
    if (resolving) {
      return resolution.ask();
    }
    InetAddress address = unnamed.peek();
    return address == null
        ? null
        : new Ask(
            server,
            PORT,
            Protocol.UDP,
            ImmutableList.of(Nslookup.question(ids, reverse(address), Type.PTR)),
            TimeUnit.SECONDS.toNanos(conf.timeoutSeconds()));
  }

  private static Name reverse(InetAddress address) {
    return ReverseMap.fromAddress(address);
  }

  @Override
  public void answered(ImmutableList<Answer> answers) {
    if (resolving) {
      resolution.answered(answers);
      resolved();
      return;
    }
    String found = "";
    for (Record record : answers.get(0).message().getSection(Section.ANSWER)) {
      if (record instanceof PTRRecord pointer && found.isEmpty()) {
        found = NslookupText.withoutDot(pointer.getTarget());
      }
    }
    named(found);
  }

  @Override
  public void timedOut() {
    if (resolving) {
      resolution.timedOut();
      resolved();
    } else if (++attempts >= conf.attempts()) {
      named("");
    }
  }

  @Override
  public void refused() {
    if (resolving) {
      resolution.refused();
      resolved();
    } else {
      named("");
    }
  }

  /** The first address that waits for its name has got it, or has none. */
  private void named(String found) {
    attempts = 0;
    InetAddress address = unnamed.remove();
    output.append("Address ").append(++printed).append(": ");
    output.append(InetAddresses.toAddrString(address));
    output.append(found.isEmpty() ? "" : " " + found).append('\n');
    if (unnamed.isEmpty() && !done) {
      servedBy();
    }
  }

  /** All of the server is told; now for the name. */
  private void servedBy() {
    output.append('\n');
    resolving = true;
    resolved();
  }

  private void resolved() {
    StubResolver.Result result = resolution.result();
    if (result == null) {
      return;
    }
    resolving = false;
    done = true;
    if (result.addresses().isEmpty()) {
      errors.append("nslookup: can't resolve '").append(name).append("'\n");
      exitCode = 1;
    } else {
      heading("Name:", name);
      unnamed.addAll(result.addresses());
    }
  }
}
