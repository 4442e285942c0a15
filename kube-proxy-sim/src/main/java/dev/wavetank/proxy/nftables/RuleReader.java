package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a rule. */
final class RuleReader {

  private final IpFamily family;
  private final TableParser.Words words;

  private RuleReader(IpFamily family, TableParser.Words words) {
    this.family = family;
    this.words = words;
  }

  static Rule read(IpFamily family, TableParser.Words words) {
    RuleReader reader = new RuleReader(family, words);
    List<Statement> statements = new ArrayList<>();
    String comment = "";
    while (words.hasNext()) {
      if (words.take("comment")) {
        comment = words.quoted();
      } else {
        statements.add(reader.statement());
      }
    }
    return Rule.of(comment, statements);
  }

  static ChainVerdict verdict(String word, TableParser.Words words) {
    return switch (word) {
      case "accept" -> ChainVerdict.ACCEPT;
      case "drop" -> ChainVerdict.DROP;
      case "return" -> ChainVerdict.RETURN;
      case "jump" -> ChainVerdict.jump(words.next());
      case "goto" -> ChainVerdict.goTo(words.next());
      default -> throw new IllegalArgumentException("unknown statement " + word);
    };
  }

  private Statement statement() {
    String word = words.next();
    return switch (word) {
      case "ip", "ip6" -> addressExpression(word, words.next());
      case "meta" -> protocolExpression();
      case "iifname" -> new Statement.InInterface(words.take("!="), words.next());
      case "ct" -> tracked();
      case "fib" -> {
        String field = words.next();
        words.expect("type");
        words.expect("local");
        yield new Statement.LocalAddress(field.equals("saddr"));
      }
      case "mark" -> mark();
      case "masquerade" -> {
        words.expect("fully-random");
        yield new Statement.Masquerade();
      }
      case "update" -> {
        String set = setName();
        words.expect("{");
        words.expect(Field.keyword(family));
        words.expect("saddr");
        words.expect("}");
        yield new Statement.Update(set);
      }
      case "dnat" -> dnat();
      case "numgen" -> numberedVerdicts();
      case "reject" -> new Statement.Decide(ChainVerdict.REJECT);
      default -> new Statement.Decide(verdict(word, words));
    };
  }

  private String setName() {
    String name = words.next();
    if (!name.startsWith("@")) {
      throw new IllegalArgumentException("expected the name of a set, got " + name);
    }
    return name.substring(1);
  }

  private Field address(String keyword, String field) {
    if (!keyword.equals(Field.keyword(family))) {
      throw new IllegalArgumentException(keyword + " in a table of the other family");
    }
    return switch (field) {
      case "saddr" -> Field.SOURCE;
      case "daddr" -> Field.DESTINATION;
      default -> throw new IllegalArgumentException("unknown field " + field);
    };
  }

  private Statement addressExpression(String keyword, String field) {
    Field first = address(keyword, field);
    if (".".equals(words.peek()) || isSetName(words.peek())) {
      return lookup(first);
    }
    boolean negated = words.take("!=");
    boolean ofSource = first == Field.SOURCE;
    if (!words.take("{")) {
      return Statement.AddressIn.one(ofSource, negated, AddressBlock.parse(words.next()));
    }
    ImmutableList.Builder<AddressBlock> blocks = ImmutableList.builder();
    while (!words.take("}")) {
      for (String part : words.next().split(",", -1)) {
        if (!part.isEmpty()) {
          blocks.add(AddressBlock.parse(part));
        }
      }
    }
    return new Statement.AddressIn(ofSource, negated, blocks.build(), true);
  }

  private static boolean isSetName(@Nullable String word) {
    return word != null && word.startsWith("@");
  }

  private Statement protocolExpression() {
    words.expect("l4proto");
    if (".".equals(words.peek())) {
      return lookup(Field.PROTOCOL);
    }
    return new Statement.OfProtocol(TableParser.protocol(words.next()));
  }

  private Statement lookup(Field first) {
    ImmutableList.Builder<Field> fields = ImmutableList.builder();
    fields.add(first);
    while (words.take(".")) {
      String word = words.next();
      switch (word) {
        case "meta" -> {
          words.expect("l4proto");
          fields.add(Field.PROTOCOL);
        }
        case "th" -> {
          words.expect("dport");
          fields.add(Field.PORT);
        }
        default -> fields.add(address(word, words.next()));
      }
    }
    return words.take("vmap")
        ? new Statement.VerdictMap(fields.build(), setName())
        : new Statement.InSet(fields.build(), setName());
  }

  private Statement tracked() {
    String kind = words.next();
    if (!kind.equals("state") && !kind.equals("status")) {
      throw new IllegalArgumentException("unknown statement ct " + kind);
    }
    return new Statement.Tracked(ConnectionState.valueOf(words.next().toUpperCase(Locale.ROOT)));
  }

  private static int hex(String text) {
    if (!text.startsWith("0x")) {
      throw new IllegalArgumentException("expected 0x and a hexadecimal number, got " + text);
    }
    return Integer.parseUnsignedInt(text.substring(2), 16);
  }

  private Statement mark() {
    if (words.take("and")) {
      int mask = hex(words.next());
      words.expect("!=");
      words.expect("0");
      return new Statement.Marked(mask);
    }
    words.expect("set");
    words.expect("mark");
    boolean flips = words.take("xor");
    if (!flips) {
      words.expect("or");
    }
    return new Statement.SetMark(flips, hex(words.next()));
  }

  private NumberGenerator number() {
    String mode = words.next();
    if (!mode.equals("random") && !mode.equals("inc")) {
      throw new IllegalArgumentException("unknown statement numgen " + mode);
    }
    words.expect("mod");
    return new NumberGenerator(mode.equals("random"), Integer.parseInt(words.next()));
  }

  private Statement dnat() {
    if (words.take("to")) {
      return destination(words.next());
    }
    words.expect(Field.keyword(family));
    words.expect("addr");
    words.expect(".");
    words.expect("port");
    words.expect("to");
    words.expect("numgen");
    NumberGenerator number = number();
    words.expect("map");
    ImmutableList.Builder<Statement.Dnat> destinations = ImmutableList.builder();
    numbered(
        () -> {
          IpAddress address = IpAddress.parse(words.next());
          words.expect(".");
          destinations.add(new Statement.Dnat(address, Integer.parseInt(words.next())));
        });
    return new Statement.DnatMap(number, destinations.build());
  }

  private static Statement.Dnat destination(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("expected address:port, got " + text);
    }
    String address = text.substring(0, colon);
    if (address.startsWith("[")) {
      address = address.substring(1, address.length() - 1);
    }
    return new Statement.Dnat(
        IpAddress.parse(address), Integer.parseInt(text.substring(colon + 1)));
  }

  private Statement numberedVerdicts() {
    NumberGenerator number = number();
    words.expect("vmap");
    ImmutableList.Builder<ChainVerdict> verdicts = ImmutableList.builder();
    numbered(() -> verdicts.add(verdict(words.next(), words)));
    return new Statement.NumberedVerdicts(number, verdicts.build());
  }

  /** Reads {@code { 0 : …, 1 : … }}. */
  private void numbered(Runnable value) {
    words.expect("{");
    int expected = 0;
    do {
      words.expect(Integer.toString(expected++));
      words.expect(":");
      value.run();
    } while (words.take(","));
    words.expect("}");
  }
}
