package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands as kube-proxy feeds them to {@code nft -f -}, one a line, all on one table.
 *
 * <p>Knows the statements of this package; anything else, and any command that the kernel would
 * refuse for want of its object, is an {@link IllegalArgumentException} that names the line.
 */
public final class TableParser {

  private static final ImmutableMap<String, Integer> PRIORITIES =
      ImmutableMap.of("dstnat", -100, "filter", 0, "srcnat", 100);

  private final IpFamily family;
  private String name = "";
  private String comment = "";
  private final Map<String, NamedSet> sets = new LinkedHashMap<>();
  private final Map<String, Map<ElementKey, NamedSet.Element>> elements = new LinkedHashMap<>();
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();

  private TableParser(IpFamily family) {
    this.family = family;
  }

  /** The table that the commands make where there was none. */
  public static Table parse(IpFamily family, String commands) {
    TableParser parser = new TableParser(family);
    parser.read(commands);
    return parser.table();
  }

  /** The table after the commands. */
  public static Table apply(Table before, String commands) {
    TableParser parser = new TableParser(before.family());
    parser.name = before.name();
    parser.comment = before.comment();
    parser.sets.putAll(before.sets());
    before
        .sets()
        .forEach((set, named) -> parser.elements.put(set, new LinkedHashMap<>(named.elements())));
    parser.chains.putAll(before.chains());
    before
        .chains()
        .forEach((chain, named) -> parser.rules.put(chain, new ArrayList<>(named.rules())));
    parser.read(commands);
    return parser.table();
  }

  private Table table() {
    List<NamedSet> allSets = new ArrayList<>();
    sets.forEach(
        (set, named) ->
            allSets.add(named.withElements(ImmutableMap.copyOf(found(elements, set, "set")))));
    List<Chain> allChains = new ArrayList<>();
    chains.forEach((chain, named) -> allChains.add(named.withRules(found(rules, chain, "chain"))));
    return Table.of(family, name, comment, allSets, allChains);
  }

  private static <T> T found(Map<String, T> all, String wanted, String what) {
    T found = all.get(wanted);
    if (found == null) {
      throw new IllegalArgumentException("no " + what + " " + wanted);
    }
    return found;
  }

  private void read(String commands) {
    int number = 0;
    for (String line : commands.split("\n", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        readLine(new Words(line.strip()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
    }
  }

  private void readLine(Words words) {
    String verb = words.next();
    String what = words.next();
    words.expect(Field.keyword(family));
    String table = words.next();
    if (name.isEmpty()) {
      name = table;
    } else if (!name.equals(table)) {
      throw new IllegalArgumentException("expected table " + name + ", got " + table);
    }
    if (what.equals("table") && verb.equals("add")) {
      if (words.take("{")) {
        comment = words.take("comment") ? words.quoted() : "";
      }
      return;
    }
    String object = words.next();
    switch (verb + " " + what) {
      case "add chain" -> addChain(object, words);
      case "flush chain" -> found(rules, object, "chain").clear();
      case "delete chain" -> {
        found(rules, object, "chain");
        chains.remove(object);
        rules.remove(object);
      }
      case "add rule" -> found(rules, object, "chain").add(RuleReader.read(family, words));
      case "add set" -> addSet(object, false, words);
      case "add map" -> addSet(object, true, words);
      case "flush set", "flush map" -> found(elements, object, "set").clear();
      case "delete set", "delete map" -> {
        found(elements, object, "set");
        sets.remove(object);
        elements.remove(object);
      }
      case "add element" -> element(object, true, words);
      case "delete element" -> element(object, false, words);
      default -> throw new IllegalArgumentException("unknown command " + verb + " " + what);
    }
  }

  private void addChain(String chain, Words words) {
    Chain.Base base = null;
    String text = "";
    if (words.take("{")) {
      if (words.take("type")) {
        boolean nat = words.next().equals("nat");
        words.expect("hook");
        Hook hook = Hook.valueOf(words.next().toUpperCase(Locale.ROOT));
        words.expect("priority");
        base = new Chain.Base(nat, hook, priority(words.next()));
        words.expect(";");
      }
      if (words.take("comment")) {
        text = words.quoted();
      }
    }
    if (!chains.containsKey(chain)) {
      chains.put(chain, new Chain(chain, base, text, ImmutableList.of()));
      rules.put(chain, new ArrayList<>());
    }
  }

  private static int priority(String text) {
    Integer named = PRIORITIES.get(text);
    return named == null ? Integer.parseInt(text) : named;
  }

  private void addSet(String set, boolean verdicts, Words words) {
    words.expect("{");
    words.expect("type");
    ImmutableList.Builder<Field.KeyType> type = ImmutableList.builder();
    do {
      type.add(keyType(words.next()));
    } while (words.take("."));
    if (verdicts) {
      words.expect(":");
      words.expect("verdict");
    }
    words.expect(";");
    long timeout = 0;
    String text = "";
    if (words.take("flags")) {
      words.expect("dynamic,timeout");
      words.expect(";");
      words.expect("timeout");
      String seconds = words.next();
      timeout = Long.parseLong(seconds.substring(0, seconds.length() - 1));
      words.expect(";");
    }
    if (words.take("comment")) {
      text = words.quoted();
    }
    if (!sets.containsKey(set)) {
      sets.put(set, new NamedSet(set, type.build(), verdicts, timeout, text, ImmutableMap.of()));
      elements.put(set, new LinkedHashMap<>());
    }
  }

  private Field.KeyType keyType(String text) {
    for (Field.KeyType type : Field.KeyType.values()) {
      if (type.text(family).equals(text)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown type " + text);
  }

  private void element(String set, boolean add, Words words) {
    NamedSet named = found(sets, set, "set");
    Map<ElementKey, NamedSet.Element> own = found(elements, set, "set");
    words.expect("{");
    StringBuilder key = new StringBuilder();
    do {
      key.append(key.isEmpty() ? "" : " . ").append(words.next());
    } while (words.take("."));
    ElementKey read = ElementKey.parse(named.type(), key.toString());
    if (!add) {
      if (own.remove(read) == null) {
        throw new IllegalArgumentException("no element " + key + " in " + set);
      }
      return;
    }
    String text = words.take("comment") ? words.quoted() : "";
    ChainVerdict verdict = null;
    if (named.verdicts()) {
      words.expect(":");
      verdict = RuleReader.verdict(words.next(), words);
    }
    NamedSet.Element before = own.get(read);
    NamedSet.Element after = new NamedSet.Element(text, verdict);
    if (before != null && !Objects.equals(before.verdict(), verdict)) {
      throw new IllegalArgumentException("another element " + key + " is in " + set);
    }
    own.put(read, before == null ? after : before);
  }

  static Protocol protocol(String text) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.lowerCase().equals(text)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("unknown protocol " + text);
  }

  /** The words of a line; a text in quotes is one. */
  static final class Words {
    private final List<String> all = new ArrayList<>();
    private int next;

    Words(String line) {
      int at = 0;
      while (at < line.length()) {
        if (line.charAt(at) == ' ') {
          at++;
          continue;
        }
        char until = line.charAt(at) == '"' ? '"' : ' ';
        int end = line.indexOf(until, at + 1);
        if (end < 0) {
          end = line.length();
        } else if (until == '"') {
          end++;
        }
        all.add(line.substring(at, end));
        at = end;
      }
    }

    boolean hasNext() {
      return next < all.size();
    }

    String next() {
      if (!hasNext()) {
        throw new IllegalArgumentException("the line ends too early");
      }
      return all.get(next++);
    }

    @Nullable String peek() {
      return hasNext() ? all.get(next) : null;
    }

    boolean take(String word) {
      boolean there = word.equals(peek());
      if (there) {
        next++;
      }
      return there;
    }

    void expect(String word) {
      if (!take(word)) {
        throw new IllegalArgumentException("expected " + word + ", got " + peek());
      }
    }

    String quoted() {
      String word = next();
      if (word.length() < 2 || word.charAt(0) != '"') {
        throw new IllegalArgumentException("expected a text in quotes, got " + word);
      }
      return word.substring(1, word.length() - 1);
    }
  }
}
