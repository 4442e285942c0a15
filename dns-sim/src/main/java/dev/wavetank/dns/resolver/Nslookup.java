package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The program nslookup of BIND: one name, addresses of both families or one type.
 *
 * <p>Follows bin/dig/nslookup.c (BIND 9.18).
 */
public final class Nslookup implements Lookup {
  private static final int PORT = 53;
  private static final int QUERY_IDS = 65536;
  private static final int TRIES = 3;
  private static final NslookupText TEXT = new NslookupText(/* finalDots= */ true);

  private final ResolvConf conf;
  private final ChoiceStream ids;
  private final String text;
  private final boolean serverGiven;
  private final String server;
  private final ImmutableList<Integer> types;
  private final ImmutableList<Name> names;
  private final StringBuilder output = new StringBuilder();
  private int name;
  private int type;
  private int failures;
  private int exitCode;
  private boolean bannered;
  private boolean aliased;
  private boolean any;
  private boolean done;
  private Protocol transport = Protocol.UDP;

  /**
   * A run of nslookup.
   *
   * @param name a name or an address
   * @param server an address; empty for the first one of the resolver file
   * @param asked a type such as {@code SRV}; empty for addresses of both families
   */
  public Nslookup(String name, String server, String asked, ResolvConf conf, ChoiceStream ids) {
    this.conf = conf;
    this.ids = ids;
    this.serverGiven = !server.isEmpty();
    this.server = server(server, conf);
    InetAddress address = DnsNames.address(name);
    this.types = types(address, asked, ImmutableList.of(Type.A, Type.AAAA));
    this.names =
        address != null
            ? ImmutableList.of(ReverseMap.fromAddress(address))
            : SearchList.names(name, conf);
    this.bannered = address != null;
    this.text = address != null ? NslookupText.withoutDot(names.get(0)) : name;
    if (names.isEmpty()) {
      output.append("nslookup: '").append(name).append("' is not a legal name (");
      output.append(name.contains("..") ? "empty label" : "label too long").append(")\n");
      exitCode = 1;
      done = true;
    }
  }

  static String server(String given, ResolvConf conf) {
    if (!given.isEmpty()) {
      return given;
    }
    return conf.nameservers().isEmpty() ? "127.0.0.1" : conf.nameservers().get(0);
  }

  static ImmutableList<Integer> types(
      @Nullable InetAddress address, String asked, ImmutableList<Integer> otherwise) {
    if (address != null) {
      return ImmutableList.of(Type.PTR);
    }
    int type = asked.isEmpty() ? -1 : Type.value(asked);
    return type < 0 ? otherwise : ImmutableList.of(type);
  }

  /** What it has printed so far. */
  public String output() {
    return output.toString();
  }

  /** 0, or 1 for a name that could not be found. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public @Nullable Ask ask() {
    if (done) {
      return null;
    }
    return new Ask(
        server,
        PORT,
        transport,
        ImmutableList.of(question(ids, names.get(name), types.get(type))),
        TimeUnit.SECONDS.toNanos(conf.timeoutSeconds()));
  }

  static Message question(ChoiceStream ids, Name name, int type) {
    Message message = new Message(ids.choose(QUERY_IDS));
    message.getHeader().setFlag(Flags.RD);
    message.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
    return message;
  }

  @Override
  public void answered(ImmutableList<Answer> answers) {
    Message message = answers.get(0).message();
    if (message.getHeader().getFlag(Flags.TC) && transport == Protocol.UDP) {
      transport = Protocol.TCP;
      return;
    }
    transport = Protocol.UDP;
    if (!serverGiven && !message.getHeader().getFlag(Flags.RA)) {
      output.append(";; Got recursion not available from ").append(server).append('\n');
    }
    if (message.getRcode() == Rcode.NXDOMAIN && name + 1 < names.size()) {
      name++;
      return;
    }
    if (message.getRcode() != Rcode.NOERROR) {
      banner();
      output.append("** server can't find ").append(text).append(": ");
      output.append(Rcode.string(message.getRcode())).append("\n\n");
      exitCode = 1;
      done = true;
      return;
    }
    print(message);
    type++;
    if (type == types.size()) {
      if (!any) {
        banner();
        output.append("*** Can't find ").append(text).append(": No answer\n");
      }
      output.append('\n');
      done = true;
    }
  }

  private void banner() {
    if (!bannered) {
      bannered = true;
      output.append("Server:\t\t").append(server).append("\nAddress:\t").append(server);
      output.append('#').append(PORT).append("\n\n");
    }
  }

  private void print(Message message) {
    for (Record record : message.getSection(Section.ANSWER)) {
      banner();
      any = true;
      // An alias is shown with the first family only.
      if (!(record instanceof CNAMERecord) || !aliased) {
        output.append(TEXT.lines(record));
      }
    }
    aliased |= any;
  }

  @Override
  public void timedOut() {
    failed("timed out");
  }

  @Override
  public void refused() {
    failed("connection refused");
  }

  private void failed(String how) {
    failures++;
    output.append(";; communications error to ").append(server).append('#').append(PORT);
    output.append(": ").append(how).append('\n');
    if (failures >= TRIES) {
      output.append(";; no servers could be reached\n\n");
      exitCode = 1;
      done = true;
    }
  }
}
