package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules as {@code iptables-save} prints them and as {@code iptables-restore} takes them.
 *
 * <p>Knows the matches and targets of this package; anything else is an {@link
 * IllegalArgumentException} that names the line.
 */
public final class RulesetParser {

  private final IpFamily family;
  private final EnumMap<Table.Name, Map<String, Chains>> tables = new EnumMap<>(Table.Name.class);

  /** A chain being read. */
  private static final class Chains {
    final @Nullable String policy;
    final List<Rule> rules = new ArrayList<>();

    Chains(@Nullable String policy) {
      this.policy = policy;
    }
  }

  private RulesetParser(IpFamily family) {
    this.family = family;
  }

  /** The rule set of a text that {@code iptables-save} printed. */
  public static Ruleset parse(IpFamily family, String text) {
    RulesetParser parser = new RulesetParser(family);
    parser.read(text);
    return parser.ruleset();
  }

  /**
   * What a kernel with the given rules holds after {@code iptables-restore --noflush}: a chain line
   * empties the chain or makes it, {@code -X} removes it, every other chain stays.
   */
  public static Ruleset restore(Ruleset before, String text) {
    RulesetParser parser = new RulesetParser(before.family());
    for (Table table : before.tables()) {
      Map<String, Chains> chains = new LinkedHashMap<>();
      for (Chain chain : table.chains().values()) {
        Chains copy = new Chains(chain.policy());
        copy.rules.addAll(chain.rules());
        chains.put(chain.name(), copy);
      }
      parser.tables.put(table.name(), chains);
    }
    parser.read(text);
    return parser.ruleset();
  }

  private Ruleset ruleset() {
    ImmutableList.Builder<Table> read = ImmutableList.builder();
    tables.forEach(
        (name, chains) -> {
          List<Chain> made = new ArrayList<>();
          chains.forEach(
              (chain, content) -> made.add(Chain.of(chain, content.policy, content.rules)));
          read.add(Table.of(name, made));
        });
    return Ruleset.of(family, read.build());
  }

  private void read(String text) {
    Map<String, Chains> chains = null;
    int lineNumber = 0;
    for (String line : text.split("\n", -1)) {
      lineNumber++;
      if (line.isEmpty() || line.startsWith("#") || line.equals("COMMIT")) {
        continue;
      }
      try {
        if (line.startsWith("*")) {
          chains = tables.computeIfAbsent(tableName(line.substring(1)), n -> new LinkedHashMap<>());
        } else if (chains == null) {
          throw new IllegalArgumentException("no table yet");
        } else {
          readLine(chains, line);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + lineNumber + ": " + e.getMessage(), e);
      }
    }
  }

  private static Table.Name tableName(String text) {
    for (Table.Name name : Table.Name.values()) {
      if (name.ruleName().equals(text)) {
        return name;
      }
    }
    throw new IllegalArgumentException("unknown table " + text);
  }

  private static void readLine(Map<String, Chains> chains, String line) {
    if (line.startsWith(":")) {
      String[] parts = line.substring(1).split(" ", -1);
      if (parts.length < 2) {
        throw new IllegalArgumentException("a chain line has a name and a policy");
      }
      chains.put(parts[0], new Chains(parts[1].equals("-") ? null : parts[1]));
      return;
    }
    RuleTokens tokens = new RuleTokens(line);
    String command = tokens.next();
    String chain = tokens.next();
    if (command.equals("-X")) {
      chains.remove(chain);
      return;
    }
    Chains target = chains.get(chain);
    if (!command.equals("-A") || target == null) {
      throw new IllegalArgumentException("expected -A and a chain that exists");
    }
    target.rules.add(readRule(tokens));
  }

  private static Rule readRule(RuleTokens tokens) {
    List<Match> matches = new ArrayList<>();
    MatchReader reader = new MatchReader(tokens, matches);
    Target target = new Target.None();
    while (tokens.hasNext()) {
      boolean negated = tokens.take("!");
      String option = tokens.next();
      switch (option) {
        case "-s" -> matches.add(new Match.Source(negated, AddressBlock.parse(tokens.next())));
        case "-d" -> matches.add(new Match.Destination(negated, AddressBlock.parse(tokens.next())));
        case "-i" -> matches.add(new Match.InInterface(negated, tokens.next()));
        case "-o" -> matches.add(new Match.OutInterface(negated, tokens.next()));
        case "-p" -> matches.add(new Match.OfProtocol(negated, protocol(tokens.next())));
        case "-m" -> reader.read(tokens.next());
        case "-j" -> target = readTarget(tokens);
        case "--dport" -> reader.port(negated, tokens.number());
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return Rule.of(matches, target);
  }

  private static Protocol protocol(String name) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.lowerCase().equals(name)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("unknown protocol " + name);
  }

  private static Target readTarget(RuleTokens tokens) {
    String name = tokens.next();
    return switch (name) {
      case "RETURN" -> new Target.Return();
      case "ACCEPT" -> new Target.Accept();
      case "DROP" -> new Target.Drop();
      case "REJECT" ->
          new Target.Reject(tokens.take("--reject-with") ? tokens.next() : "icmp-port-unreachable");
      case "DNAT" -> {
        tokens.expect("--to-destination");
        yield dnat(tokens.next());
      }
      case "MASQUERADE" -> new Target.Masquerade(tokens.take("--random-fully"));
      case "MARK" -> readMark(tokens);
      default -> new Target.Jump(name);
    };
  }

  private static Target dnat(String destination) {
    int colon = destination.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("expected address:port, got " + destination);
    }
    String address = destination.substring(0, colon);
    if (address.startsWith("[")) {
      address = address.substring(1, address.length() - 1);
    }
    return new Target.Dnat(
        IpAddress.parse(address), Integer.parseInt(destination.substring(colon + 1)));
  }

  private static int hex(String text) {
    if (!text.startsWith("0x")) {
      throw new IllegalArgumentException("expected 0x and a hexadecimal number, got " + text);
    }
    return Integer.parseUnsignedInt(text.substring(2), 16);
  }

  private static Target readMark(RuleTokens tokens) {
    String option = tokens.next();
    String value = tokens.next();
    return switch (option) {
      case "--set-xmark" -> {
        int slash = value.indexOf('/');
        yield slash < 0
            ? new Target.SetMark(hex(value), -1)
            : new Target.SetMark(hex(value.substring(0, slash)), hex(value.substring(slash + 1)));
      }
      case "--xor-mark" -> new Target.SetMark(hex(value), 0);
      case "--or-mark" -> new Target.SetMark(hex(value), hex(value));
      default -> throw new IllegalArgumentException("unknown option " + option);
    };
  }

  /** Reads the options of match extensions. */
  private record MatchReader(RuleTokens tokens, List<Match> matches) {

    void read(String extension) {
      switch (extension) {
        case "comment" -> {
          tokens.expect("--comment");
          matches.add(new Match.Comment(tokens.next()));
        }
        case "tcp", "udp", "sctp" ->
            matches.add(new Match.Ports(protocol(extension), false, Rule.ANY_PORT));
        case "conntrack" -> {
          boolean negated = tokens.take("!");
          tokens.expect("--ctstate");
          ImmutableSortedSet.Builder<ConnectionState> states = ImmutableSortedSet.naturalOrder();
          for (String state : tokens.next().split(",", -1)) {
            states.add(ConnectionState.valueOf(state));
          }
          matches.add(Match.ConntrackState.of(negated, states.build()));
        }
        case "mark" -> readMarkMatch();
        case "addrtype" -> readAddressType();
        case "statistic" -> readStatistic();
        case "recent" -> readRecent();
        case "set" -> {
          tokens.expect("--match-set");
          String set = tokens.next();
          matches.add(new Match.SetEntry(set, ImmutableList.copyOf(tokens.next().split(",", -1))));
        }
        case "physdev" -> {
          boolean negated = tokens.take("!");
          tokens.expect("--physdev-is-in");
          matches.add(new Match.CameByBridge(negated));
        }
        case "ipvs" -> {
          tokens.expect("--vaddr");
          IpAddress address = IpAddress.parse(tokens.next());
          tokens.expect("--vproto");
          Protocol protocol = protocol(tokens.next());
          tokens.expect("--vport");
          matches.add(new Match.Served(address, protocol, tokens.number()));
        }
        case "nfacct" -> {
          tokens.expect("--nfacct-name");
          matches.add(new Match.Accounting(tokens.next()));
        }
        default -> throw new IllegalArgumentException("unknown match " + extension);
      }
    }

    /** A port option belongs to the protocol extension that was named last. */
    void port(boolean negated, int port) {
      for (int i = matches.size() - 1; i >= 0; i--) {
        if (matches.get(i) instanceof Match.Ports ports) {
          matches.set(i, new Match.Ports(ports.protocol(), negated, port));
          return;
        }
      }
      throw new IllegalArgumentException("--dport without -m tcp, udp or sctp");
    }

    private void readMarkMatch() {
      boolean negated = tokens.take("!");
      tokens.expect("--mark");
      String[] parts = tokens.next().split("/", -1);
      int mask = parts.length == 1 ? -1 : hex(parts[1]);
      int value = hex(parts[0]);
      matches.add(new Match.Mark(negated, value, mask));
    }

    private void readAddressType() {
      boolean negated = tokens.take("!");
      String option = tokens.next();
      tokens.expect("LOCAL");
      if (!option.equals("--src-type") && !option.equals("--dst-type")) {
        throw new IllegalArgumentException("unknown option " + option);
      }
      matches.add(new Match.AddressType(option.equals("--src-type"), negated));
    }

    private void readStatistic() {
      tokens.expect("--mode");
      String mode = tokens.next();
      if (mode.equals("random")) {
        tokens.expect("--probability");
        matches.add(new Match.Random(Probability.parse(tokens.next())));
      } else if (mode.equals("nth")) {
        tokens.expect("--every");
        int every = tokens.number();
        matches.add(new Match.Nth(every, tokens.take("--packet") ? tokens.number() : 0));
      } else {
        throw new IllegalArgumentException("unknown mode " + mode);
      }
    }

    private void readRecent() {
      String list = "DEFAULT";
      boolean set = false;
      long seconds = 0;
      boolean more = true;
      while (more) {
        if (tokens.take("--set")) {
          set = true;
        } else if (tokens.take("--name")) {
          list = tokens.next();
        } else if (tokens.take("--seconds")) {
          seconds = tokens.number();
        } else if (tokens.take("--mask")) {
          tokens.next();
        } else {
          more = tokens.take("--rcheck") || tokens.take("--reap") || tokens.take("--rsource");
        }
      }
      matches.add(set ? new Match.RecentSet(list) : new Match.RecentCheck(list, seconds));
    }
  }
}
