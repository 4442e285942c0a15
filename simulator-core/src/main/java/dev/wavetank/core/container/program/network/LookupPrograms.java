package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.Lines;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Programs that tell about a container's network: names, addresses, routes, ports that listen. */
final class LookupPrograms {

  private static final int PORT_MAX = 65535;

  private LookupPrograms() {}

  static void addTo(Programs programs) {
    programs.add("host", LookupPrograms::host);
    programs.add("getent", LookupPrograms::getent);
    programs.add("ip", LookupPrograms::ip);
    programs.add("ifconfig", LookupPrograms::ifconfig);
    programs.add("route", context -> print(context, route(context)));
    programs.add("netstat", LookupPrograms::netstat);
    programs.add("ss", LookupPrograms::ss);
    programs.add("iptables-save", context -> iptablesSave(context, false));
    programs.add("ip6tables-save", context -> iptablesSave(context, true));
  }

  private static void print(ProgramContext context, String text) {
    context.out(text);
    context.exit(0);
  }

  /** Looks a name or an address up as {@code dig} does, and tells it in words. */
  private static void host(ProgramContext context) {
    List<String> words = new ArrayList<>(context.arguments());
    words.removeIf(word -> word.startsWith("-"));
    if (words.isEmpty()) {
      context.err("Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n");
      context.err("            [-R number] [-m flag] [-p port] hostname [server]\n");
      context.exit(1);
      return;
    }
    String name = words.get(0);
    List<String> question = new ArrayList<>();
    question.add("+search");
    question.add("+noall");
    question.add("+answer");
    question.add("+comments");
    if (name.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*")) {
      question.add("-x");
    }
    question.add(name);
    if (words.size() > 1) {
      question.add("@" + words.get(1));
    }
    context
        .network()
        .dig(
            context.container().sandbox(),
            question,
            context.unlessOver(output -> tell(context, name, output)));
  }

  private static void tell(ProgramContext context, String name, ProgramOutput output) {
    boolean found = false;
    for (String line : Lines.of(output.stdout())) {
      String[] fields = line.trim().split("\\s+");
      if (!line.startsWith(";") && fields.length >= 5) {
        found = true;
        String owner = fields[0].replaceFirst("\\.$", "");
        context.out(
            switch (fields[3]) {
                  case "A" -> owner + " has address " + fields[4];
                  case "AAAA" -> owner + " has IPv6 address " + fields[4];
                  case "CNAME" -> owner + " is an alias for " + fields[4];
                  case "PTR" -> owner + " domain name pointer " + fields[4];
                  default -> owner + " has " + fields[3] + " record " + fields[fields.length - 1];
                }
                + "\n");
      }
    }
    if (found) {
      context.exit(0);
      return;
    }
    int status = output.stdout().indexOf("status: ");
    int comma = output.stdout().indexOf(',', Math.max(0, status));
    if (status < 0) {
      context.out(";; connection timed out; no servers could be reached\n");
    } else if (comma > 0 && !output.stdout().startsWith("NOERROR", status + 8)) {
      String reason = output.stdout().substring(status + 8, comma);
      int number = reason.equals("NXDOMAIN") ? 3 : reason.equals("SERVFAIL") ? 2 : 5;
      context.out("Host " + name + " not found: " + number + "(" + reason + ")\n");
    }
    context.exit(1);
  }

  /** Looks hosts up in the pod's hosts file, and else by name servers. */
  private static void getent(ProgramContext context) {
    List<String> words = context.arguments();
    boolean hosts = !words.isEmpty() && words.get(0).matches("a?hosts(v4)?");
    if (!hosts || words.size() != 2) {
      context.err(
          words.isEmpty()
              ? "getent: wrong number of arguments\n"
              : "Unknown database: " + words.get(0) + "\n");
      context.exit(1);
      return;
    }
    String name = words.get(1);
    String file = context.container().file("/etc/hosts");
    for (String line : Lines.of(file == null ? "" : file)) {
      List<String> fields = List.of(line.trim().split("\\s+"));
      if (!line.startsWith("#") && fields.contains(name) && fields.size() > 1) {
        String names = String.join(" ", fields.subList(1, fields.size()));
        print(context, String.format(Locale.ROOT, "%-15s %s\n", fields.get(0), names));
        return;
      }
    }
    context
        .network()
        .dig(
            context.container().sandbox(),
            List.of("+search", "+noall", "+answer", name),
            context.unlessOver(output -> entry(context, output)));
  }

  private static void entry(ProgramContext context, ProgramOutput output) {
    boolean found = false;
    for (String line : Lines.of(output.stdout())) {
      String[] fields = line.trim().split("\\s+");
      if (!line.startsWith(";") && fields.length >= 5 && fields[3].matches("A|AAAA")) {
        found = true;
        String owner = fields[0].replaceFirst("\\.$", "");
        context.out(String.format(Locale.ROOT, "%-15s %s\n", fields[4], owner));
      }
    }
    context.exit(found ? 0 : 2);
  }

  private static String address(ProgramContext context) {
    return context.container().sandbox().ip().toString();
  }

  /** The first address of the net of 256 addresses in which the pod is: its node's bridge. */
  private static String gateway(ProgramContext context) {
    String address = address(context);
    return address.substring(0, address.lastIndexOf('.') + 1) + "1";
  }

  /** A hardware address made of the network address, as bridges do. */
  private static String hardware(ProgramContext context) {
    StringBuilder text = new StringBuilder("0a:58");
    for (String part : address(context).split("\\.")) {
      boolean number = part.matches("\\d{1,3}");
      text.append(String.format(Locale.ROOT, ":%02x", number ? Integer.parseInt(part) : 0));
    }
    return text.toString();
  }

  private static String route(ProgramContext context) {
    String net = address(context).substring(0, address(context).lastIndexOf('.')) + ".0";
    return "Kernel IP routing table\n"
        + "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
        + String.format(
            Locale.ROOT,
            "%-15s %-15s %-15s UG    0      0        0 eth0\n",
            "default",
            gateway(context),
            "0.0.0.0")
        + String.format(
            Locale.ROOT,
            "%-15s %-15s %-15s U     0      0        0 eth0\n",
            net,
            "*",
            "255.255.255.0");
  }

  private static void ip(ProgramContext context) {
    List<String> words = new ArrayList<>(context.arguments());
    words.removeIf(word -> word.startsWith("-"));
    String object = words.isEmpty() ? "" : words.get(0);
    String address = address(context);
    if (object.startsWith("a")) {
      print(
          context,
          "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n"
              + "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
              + "    inet 127.0.0.1/8 scope host lo\n"
              + "       valid_lft forever preferred_lft forever\n"
              + "2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n"
              + "    link/ether "
              + hardware(context)
              + " brd ff:ff:ff:ff:ff:ff\n    inet "
              + address
              + "/24 brd "
              + address.substring(0, address.lastIndexOf('.'))
              + ".255 scope global eth0\n       valid_lft forever preferred_lft forever\n");
    } else if (object.startsWith("r")) {
      print(
          context,
          "default via "
              + gateway(context)
              + " dev eth0 \n"
              + address.substring(0, address.lastIndexOf('.'))
              + ".0/24 dev eth0 scope link  src "
              + address
              + " \n");
    } else if (object.startsWith("l")) {
      print(
          context,
          "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n"
              + "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
              + "2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n"
              + "    link/ether "
              + hardware(context)
              + " brd ff:ff:ff:ff:ff:ff\n");
    } else {
      context.err("Usage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]\n");
      context.exit(1);
    }
  }

  private static void ifconfig(ProgramContext context) {
    String address = address(context);
    print(
        context,
        "eth0      Link encap:Ethernet  HWaddr "
            + hardware(context).toUpperCase(Locale.ROOT)
            + "  \n          inet addr:"
            + address
            + "  Bcast:"
            + address.substring(0, address.lastIndexOf('.'))
            + ".255  Mask:255.255.255.0\n"
            + "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n"
            + "lo        Link encap:Local Loopback  \n"
            + "          inet addr:127.0.0.1  Mask:255.0.0.0\n"
            + "          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n");
  }

  /** Ports on which containers of the pod listen, in order. */
  private static List<Integer> listening(ProgramContext context, Protocol protocol) {
    List<Integer> ports = new ArrayList<>();
    for (int port = 1; port <= PORT_MAX; port++) {
      if (context.container().sandbox().listening(protocol, port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  private static void netstat(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "tulnaper");
    if (options == null) {
      return;
    }
    if (options.has("r")) {
      print(context, route(context));
      return;
    }
    boolean both = options.has("t") == options.has("u");
    boolean program = options.has("p");
    StringBuilder text =
        new StringBuilder(
            options.has("l")
                ? "Active Internet connections (only servers)\n"
                : "Active Internet connections (servers and established)\n");
    text.append("Proto Recv-Q Send-Q Local Address           Foreign Address         State       ");
    text.append(program ? "PID/Program name    \n" : "\n");
    if (options.has("t") || both) {
      for (int port : listening(context, Protocol.TCP)) {
        text.append(socket("tcp", port, "LISTEN", program));
      }
    }
    if (options.has("u") || both) {
      for (int port : listening(context, Protocol.UDP)) {
        text.append(socket("udp", port, "", program));
      }
    }
    print(context, text.toString());
  }

  private static String socket(String protocol, int port, String state, boolean program) {
    return String.format(
        Locale.ROOT,
        "%-5s %6d %6d %-23s %-23s %-11s%s\n",
        protocol,
        0,
        0,
        "0.0.0.0:" + port,
        "0.0.0.0:*",
        state,
        program ? " 1/server" : "");
  }

  private static void ss(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "tulnapsH");
    if (options == null) {
      return;
    }
    StringBuilder text =
        new StringBuilder(
            options.has("H")
                ? ""
                : "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n");
    boolean both = options.has("t") == options.has("u");
    if (options.has("u") || both) {
      for (int port : listening(context, Protocol.UDP)) {
        text.append(line("udp", "UNCONN", port, 0));
      }
    }
    if (options.has("t") || both) {
      for (int port : listening(context, Protocol.TCP)) {
        text.append(line("tcp", "LISTEN", port, 511));
      }
    }
    print(context, text.toString());
  }

  private static String line(String protocol, String state, int port, int backlog) {
    return String.format(
        Locale.ROOT,
        "%-5s %-6s %-6d %-6d %18s %17s\n",
        protocol,
        state,
        0,
        backlog,
        "0.0.0.0:" + port,
        "0.0.0.0:*");
  }

  // Rules for packets

  private static void iptablesSave(ProgramContext context, boolean ipv6) {
    ProgramOptions options = ProgramOptions.of(context, "ct:");
    if (options == null) {
      return;
    }
    String rules = context.network().iptablesSave(context.container().sandbox(), ipv6);
    print(context, options.has("t") ? table(rules, options.value("t", "")) : rules);
  }

  /** The part of the rules that is one table; nothing for a table without rules. */
  private static String table(String rules, String name) {
    String end = "COMMIT\n";
    int from = ("\n" + rules).indexOf("\n*" + name + "\n");
    int to = from < 0 ? -1 : rules.indexOf(end, from);
    return to < 0 ? "" : rules.substring(from, to + end.length());
  }
}
