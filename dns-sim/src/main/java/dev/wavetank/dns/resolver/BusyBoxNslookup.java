package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The program nslookup of BusyBox: it asks for all names of the search list at once and prints what
 * came back for each, so that a name that exists is surrounded by names that do not.
 *
 * <p>Follows networking/nslookup.c (BusyBox 1.35).
 */
public final class BusyBoxNslookup implements Lookup {
  private static final int PORT = 53;
  private static final NslookupText TEXT = new NslookupText(/* finalDots= */ false);

  private final ResolvConf conf;
  private final String server;
  private final ImmutableList<Message> questions;
  private final StringBuilder output = new StringBuilder();
  private int failures;
  private int exitCode;
  private boolean done;

  /**
   * A run of nslookup.
   *
   * @param name a name or an address
   * @param server an address; empty for the first one of the resolver file
   * @param asked a type such as {@code SRV}; empty for addresses of both families
   */
  public BusyBoxNslookup(
      String name, String server, String asked, ResolvConf conf, ChoiceStream ids) {
    this.conf = conf;
    this.server = Nslookup.server(server, conf);
    InetAddress address = DnsNames.address(name);
    ImmutableList<Name> names = names(name, address, server.isEmpty(), conf);
    ImmutableList.Builder<Message> asks = ImmutableList.builder();
    for (int type : Nslookup.types(address, asked, ImmutableList.of(Type.A, Type.AAAA))) {
      for (Name candidate : names) {
        asks.add(Nslookup.question(ids, candidate, type));
      }
    }
    this.questions = asks.build();
    if (questions.isEmpty()) {
      output.append("nslookup: invalid host ").append(name).append('\n');
      exitCode = 1;
      done = true;
    }
  }

  /** The search list is for names without a dot, and not used with a server of one's own. */
  private static ImmutableList<Name> names(
      String name, @Nullable InetAddress address, boolean searches, ResolvConf conf) {
    if (address != null) {
      return ImmutableList.of(ReverseMap.fromAddress(address));
    }
    ImmutableList.Builder<Name> names = ImmutableList.builder();
    if (name.contains(".") || !searches || conf.searches().isEmpty()) {
      Name asIs = DnsNames.absolute(name);
      return asIs == null ? ImmutableList.of() : ImmutableList.of(asIs);
    }
    for (String domain : conf.searches()) {
      Name below = DnsNames.absolute(name + "." + domain);
      if (below != null) {
        names.add(below);
      }
    }
    return names.build();
  }

  /** What it has printed so far. */
  public String output() {
    return output.toString();
  }

  /** 0, or 1 if one of the names could not be found. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public @Nullable Ask ask() {
    return done
        ? null
        : new Ask(
            server, PORT, Protocol.UDP, questions, TimeUnit.SECONDS.toNanos(conf.timeoutSeconds()));
  }

  @Override
  public void answered(ImmutableList<Answer> answers) {
    output.append("Server:\t\t").append(server).append("\nAddress:\t").append(server);
    output.append(':').append(PORT).append("\n\n");
    for (Answer answer : answers) {
      Message message = answer.message();
      Record question = message.getQuestion();
      if (message.getRcode() != Rcode.NOERROR) {
        exitCode = 1;
        output.append("** server can't find ");
        output.append(question == null ? "" : NslookupText.withoutDot(question.getName()));
        output.append(": ").append(Rcode.string(message.getRcode())).append('\n');
      }
      for (Record record : message.getSection(Section.ANSWER)) {
        output.append(TEXT.lines(record));
      }
      output.append('\n');
    }
    done = true;
  }

  @Override
  public void timedOut() {
    failures++;
    if (failures >= conf.attempts()) {
      unreachable();
    }
  }

  @Override
  public void refused() {
    output.append("nslookup: write to '").append(server).append("': Connection refused\n");
    unreachable();
  }

  private void unreachable() {
    output.append(";; connection timed out; no servers could be reached\n\n");
    exitCode = 1;
    done = true;
  }
}
