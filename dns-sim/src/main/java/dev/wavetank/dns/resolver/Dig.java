package dev.wavetank.dns.resolver;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import com.google.common.primitives.Ints;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The program dig: asks what its command line says and prints what real dig would print.
 *
 * <p>Follows bin/dig/dig.c and bin/dig/dighost.c (BIND 9.18).
 */
public final class Dig implements Lookup {
  /** The version that it prints. */
  public static final String VERSION = "9.18.28";

  private static final String USAGE =
      """
      Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
                  {global-d-opt} host [@local-server] {local-d-opt}
                  [ host [@local-server] {local-d-opt} [...]]

      Use "dig -h" (or "dig -h | more") for complete list of options
      """;

  private static final int EXIT_USAGE = 1;
  private static final int EXIT_NO_REPLY = 9;
  private static final int EXIT_NO_SERVERS = 10;
  private static final int QUERY_IDS = 65536;
  private static final int COOKIE_BYTES = 8;

  private final String commandLine;
  private final ResolvConf conf;
  private final ChoiceStream ids;
  private final Supplier<Instant> clock;
  private final List<DigOptions> lookups = new ArrayList<>();
  private final StringBuilder output = new StringBuilder();
  private boolean greeted;
  private int exitCode;
  private int lookup = -1;
  private ImmutableList<Name> names = ImmutableList.of();
  private ImmutableList<String> servers = ImmutableList.of();
  private int name;
  private int server;
  private int tries;
  private Protocol transport = Protocol.UDP;
  private boolean done;
  private boolean openTypeClass = true;

  /**
   * A run of dig.
   *
   * @param arguments without the word dig
   * @param ids where the numbers and cookies of questions come from
   * @param clock what time it is, for the line WHEN
   */
  public Dig(List<String> arguments, ResolvConf conf, ChoiceStream ids, Supplier<Instant> clock) {
    this.commandLine = Joiner.on(' ').join(arguments);
    this.conf = conf;
    this.ids = ids;
    this.clock = clock;
    parse(arguments);
    if (!done) {
      nextLookup();
    }
  }

  /** What it has printed so far. */
  public String output() {
    return output.toString();
  }

  /** 0, or what dig says of its failure. */
  public int exitCode() {
    return exitCode;
  }

  private void usage(String problem) {
    output.append(problem).append('\n').append(USAGE);
    exitCode = EXIT_USAGE;
    done = true;
  }

  private void parse(List<String> arguments) {
    DigOptions defaults = new DigOptions();
    DigOptions current = defaults;
    for (int i = 0; i < arguments.size() && !done; i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("@")) {
        current.server = argument.substring(1);
      } else if (argument.startsWith("+")) {
        if (!current.apply(argument.substring(1))) {
          usage("Invalid option: " + argument);
        }
      } else if (argument.startsWith("-") && argument.length() > 1) {
        String value = argument.length() > 2 ? argument.substring(2) : null;
        char letter = argument.charAt(1);
        if (value == null && "xtcpqb".indexOf(letter) >= 0) {
          value = i + 1 < arguments.size() ? arguments.get(++i) : "";
        }
        current = dashed(letter, value == null ? "" : value, current, defaults);
      } else {
        current = word(argument, current, defaults);
      }
    }
    for (DigOptions options : lookups) {
      // The short form is one for the whole run.
      if (current.shortForm) {
        options.apply("short");
      }
    }
    if (lookups.isEmpty() && !done) {
      defaults.type = Type.NS;
      lookups.add(defaults);
    }
  }

  private DigOptions dashed(char letter, String value, DigOptions current, DigOptions defaults) {
    switch (letter) {
      case 'x' -> {
        InetAddress address = DnsNames.address(value);
        if (address == null) {
          usage("Invalid IP address " + value);
          return current;
        }
        DigOptions reverse = named(ReverseMap.fromAddress(address).toString(), defaults);
        reverse.type = Type.PTR;
        return reverse;
      }
      case 't' -> {
        openTypeClass = false;
        int type = Type.value(value);
        if (type < 0) {
          output.append(";; Warning, ignoring invalid type ").append(value).append('\n');
        } else {
          current.type = type;
        }
      }
      case 'c' -> {
        openTypeClass = false;
        int dclass = DClass.value(value);
        if (dclass < 0) {
          output.append(";; Warning, ignoring invalid class ").append(value).append('\n');
        } else {
          current.dclass = dclass;
        }
      }
      case 'p' -> {
        Integer port = Ints.tryParse(value);
        current.port = port == null ? current.port : port;
      }
      case 'q' -> {
        return named(value, defaults);
      }
      case '4', '6', 'b', 'r' -> {}
      default -> usage("Invalid option: -" + letter);
    }
    return current;
  }

  private DigOptions word(String word, DigOptions current, DigOptions defaults) {
    if (openTypeClass) {
      int type = Type.value(word);
      if (type >= 0) {
        current.type = type;
        return current;
      }
      int dclass = DClass.value(word);
      if (dclass >= 0) {
        current.dclass = dclass;
        return current;
      }
    }
    return named(word, defaults);
  }

  private DigOptions named(String text, DigOptions defaults) {
    DigOptions options = defaults.copy();
    options.name = text;
    lookups.add(options);
    return options;
  }

  private void nextLookup() {
    lookup++;
    if (lookup >= lookups.size()) {
      done = true;
      return;
    }
    DigOptions options = options();
    String text = options.name;
    if (DnsNames.absolute(text) == null) {
      output.append("dig: '").append(text).append("' is not a legal name (");
      output.append(text.contains("..") ? "empty label" : "label too long").append(")\n");
      exitCode = EXIT_NO_SERVERS;
      done = true;
      return;
    }
    Name asIs = DnsNames.absolute(text);
    names =
        options.search || asIs == null
            ? SearchList.names(text, options.resolvConf(conf))
            : ImmutableList.of(asIs);
    servers = options.server.isEmpty() ? conf.nameservers() : ImmutableList.of(options.server);
    name = 0;
    boolean transfer = options.type == Type.AXFR || options.type == Type.IXFR;
    transport = options.tcp || transfer ? Protocol.TCP : Protocol.UDP;
    firstServer();
    if (servers.isEmpty()) {
      unreachable();
    } else if (!InetAddresses.isInetAddress(servers.get(0))) {
      output.append("dig: couldn't get address for '").append(servers.get(0));
      output.append("': not found\n");
      exitCode = EXIT_NO_SERVERS;
      done = true;
    }
  }

  private void firstServer() {
    server = 0;
    tries = options().tries;
  }

  private DigOptions options() {
    return lookups.get(lookup);
  }

  @Override
  public @Nullable Ask ask() {
    if (done) {
      return null;
    }
    return new Ask(
        servers.get(server),
        options().port,
        transport,
        ImmutableList.of(question()),
        TimeUnit.SECONDS.toNanos(options().timeoutSeconds));
  }

  private Message question() {
    DigOptions options = options();
    Message message = new Message(ids.choose(QUERY_IDS));
    if (options.recursion) {
      message.getHeader().setFlag(Flags.RD);
    }
    if (options.authenticData) {
      message.getHeader().setFlag(Flags.AD);
    }
    if (options.checkingDisabled) {
      message.getHeader().setFlag(Flags.CD);
    }
    message.addRecord(
        Record.newRecord(names.get(name), options.type, options.dclass), Section.QUESTION);
    if (options.edns) {
      List<EDNSOption> extra =
          options.cookie
              ? List.of(new GenericEDNSOption(EDNSOption.Code.COOKIE, cookie()))
              : List.of();
      message.addRecord(
          new OPTRecord(options.bufferBytes, 0, 0, options.dnssec ? ExtendedFlags.DO : 0, extra),
          Section.ADDITIONAL);
    }
    return message;
  }

  private byte[] cookie() {
    byte[] fixed = options().cookieBytes;
    if (fixed != null) {
      return fixed;
    }
    byte[] bytes = new byte[COOKIE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ids.choose(256);
    }
    return bytes;
  }

  @Override
  public void answered(ImmutableList<Answer> answers) {
    Answer answer = answers.get(0);
    Message message = answer.message();
    DigOptions options = options();
    boolean truncated = message.getHeader().getFlag(Flags.TC);
    if (truncated && transport == Protocol.UDP && !options.ignoreTruncation) {
      if (options.comments) {
        output.append(";; Truncated, retrying in TCP mode.\n");
      }
      transport = Protocol.TCP;
      return;
    }
    if (message.getRcode() == Rcode.NXDOMAIN && name + 1 < names.size()) {
      name++;
      firstServer();
      return;
    }
    greet();
    if (options.type == Type.AXFR && message.getRcode() != Rcode.NOERROR) {
      output.append("; Transfer failed.\n");
    } else if (options.shortForm) {
      output.append(DigOutput.shortForm(message));
    } else {
      output.append(DigOutput.full(options, answer, servers.get(server), transport, clock.get()));
    }
    nextLookup();
  }

  /** The first lines, once a run. */
  private void greet() {
    DigOptions first = lookups.get(0);
    if (greeted || !first.command) {
      return;
    }
    greeted = true;
    output.append("\n; <<>> DiG ").append(VERSION).append(" <<>> ").append(commandLine);
    output.append('\n');
    if (!first.server.isEmpty()) {
      output.append("; (1 server found)\n");
    }
    output.append(";; global options: +cmd\n");
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
    String address = servers.get(server) + "#" + options().port;
    output
        .append(";; communications error to ")
        .append(address)
        .append(": ")
        .append(how)
        .append('\n');
    server++;
    if (server >= servers.size()) {
      server = 0;
      tries--;
    }
    if (tries <= 0) {
      unreachable();
    }
  }

  private void unreachable() {
    greet();
    if (options().comments || options().shortForm) {
      output.append(";; no servers could be reached\n");
    }
    exitCode = EXIT_NO_REPLY;
    nextLookup();
  }
}
