package dev.wavetank.core.container.conversation;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.container.text.ShellPattern;
import dev.wavetank.core.sim.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one Redis server has stored: texts, lists and hashes, with the commands that labs use. It
 * holds {@value #CHARACTERS_MAX} characters, and refuses more as a server does whose memory is
 * limited. Replies are those of RESP2.
 */
public final class RedisDatabase {

  static final int CHARACTERS_MAX = 1 << 20;

  private static final String OK = "+OK\r\n";
  private static final String NIL = "$-1\r\n";
  private static final String WRONG_TYPE =
      "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
  private static final String NO_NUMBER = "-ERR value is not an integer or out of range\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";
  private static final String FULL = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
  private static final long SECOND = 1_000_000_000L;
  private static final String INFO =
      """
      # Server
      redis_version:7.2.4
      redis_mode:standalone
      tcp_port:6379
      # Replication
      role:master
      connected_slaves:0
      """
          .replace("\n", "\r\n");

  /** The value of a key: one of the three is not null. */
  private static final class Value {
    @Nullable String text;
    @Nullable List<String> list;
    @Nullable Map<String, String> hash;
    long untilNanos = Long.MAX_VALUE;

    String type() {
      return text != null ? "string" : list != null ? "list" : "hash";
    }
  }

  private final Simulation simulation;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private int characters;

  /** An empty database; the simulation tells when keys expire. */
  public RedisDatabase(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Where so many bytes end that begin at a place of a text; -1 when they are not all there. */
  public static int end(String text, int from, int bytes) {
    int left = bytes;
    int at = from;
    while (left > 0 && at < text.length()) {
      int point = text.codePointAt(at);
      boolean escaped = point >= 0xDC80 && point <= 0xDCFF;
      left -= point < 0x80 || escaped ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      at += Character.charCount(point);
    }
    return left <= 0 ? at : -1;
  }

  /** A text as RESP sends it. */
  public static String bulk(@Nullable String text) {
    return text == null ? NIL : "$" + ByteText.bytes(text).length + "\r\n" + text + "\r\n";
  }

  private static String array(List<String> texts) {
    StringBuilder reply = new StringBuilder("*" + texts.size() + "\r\n");
    texts.forEach(text -> reply.append(bulk(text)));
    return reply.toString();
  }

  private static String number(long number) {
    return ":" + number + "\r\n";
  }

  /** Runs a command, its name first. */
  String run(List<String> words) {
    String name = Ascii.toLowerCase(words.get(0));
    List<String> rest = words.subList(1, words.size());
    int[] counts = arguments(name);
    if (counts.length == 0) {
      StringBuilder said = new StringBuilder("-ERR unknown command '" + words.get(0));
      said.append("', with args beginning with: ");
      rest.stream().limit(5).forEach(word -> said.append("'" + word + "' "));
      return said.toString().replaceAll("[\r\n]", " ") + "\r\n";
    }
    if (rest.size() < counts[0] || rest.size() > counts[1]) {
      return "-ERR wrong number of arguments for '" + name + "' command\r\n";
    }
    if (rest.isEmpty() || counts[1] == 0 || isOfServer(name)) {
      return ofServer(name, rest);
    }
    Value value = find(rest.get(0));
    boolean list = name.matches("[lr](push|pop)|lrange|llen|lindex");
    boolean hash = name.startsWith("h");
    boolean any = name.matches("set|del|unlink|exists|type|(p?expire|p?ttl|persist)|mget|mset");
    if (value != null
        && !any
        && (list ? value.list == null : hash ? value.hash == null : value.text == null)) {
      return WRONG_TYPE;
    }
    return list
        ? ofList(name, rest, value)
        : hash
            ? ofHash(name, rest, value)
            : any ? ofKeys(name, rest, value) : ofText(name, rest, value);
  }

  /** How few and how many arguments a command takes; nothing for an unknown one. */
  private static int[] arguments(String name) {
    int many = Integer.MAX_VALUE;
    return switch (name) {
      case "dbsize", "time", "quit" -> new int[] {0, 0};
      case "ping", "flushall", "flushdb" -> new int[] {0, 1};
      case "info", "command" -> new int[] {0, many};
      case "echo",
          "get",
          "incr",
          "decr",
          "strlen",
          "getdel",
          "type",
          "ttl",
          "pttl",
          "persist",
          "keys",
          "select",
          "llen",
          "hgetall",
          "hkeys",
          "hvals",
          "hlen" ->
          new int[] {1, 1};
      case "auth", "lpop", "rpop" -> new int[] {1, 2};
      case "del", "unlink", "exists", "mget" -> new int[] {1, many};
      case "incrby",
          "decrby",
          "append",
          "setnx",
          "getset",
          "expire",
          "pexpire",
          "lindex",
          "hget",
          "hexists" ->
          new int[] {2, 2};
      case "set", "mset", "lpush", "rpush", "hdel", "client", "config" -> new int[] {2, many};
      case "lrange", "hincrby", "setex" -> new int[] {3, 3};
      case "hset", "hmset" -> new int[] {3, many};
      default -> new int[0];
    };
  }

  private static boolean isOfServer(String name) {
    return switch (name) {
      case "ping",
          "echo",
          "auth",
          "select",
          "keys",
          "flushall",
          "flushdb",
          "info",
          "command",
          "client",
          "config" ->
          true;
      default -> false;
    };
  }

  private String ofServer(String name, List<String> rest) {
    switch (name) {
      case "ping":
        return rest.isEmpty() ? "+PONG\r\n" : bulk(rest.get(0));
      case "echo":
        return bulk(rest.get(0));
      case "auth":
        return "-ERR AUTH <password> called without any password configured for the default user."
            + " Are you sure your configuration is correct?\r\n";
      case "select":
        return rest.get(0).equals("0") ? OK : "-ERR DB index is out of range\r\n";
      case "dbsize":
        List.copyOf(values.keySet()).forEach(this::find);
        return number(values.size());
      case "keys":
        List<String> found = new ArrayList<>();
        for (String key : List.copyOf(values.keySet())) {
          if (find(key) != null && ShellPattern.matches(rest.get(0), key)) {
            found.add(key);
          }
        }
        return array(found);
      case "flushall", "flushdb":
        values.clear();
        characters = 0;
        return OK;
      case "time":
        Instant now = simulation.instant();
        String micros = Long.toString(now.getNano() / 1000);
        return array(List.of(Long.toString(now.getEpochSecond()), micros));
      case "info":
        return bulk(INFO);
      case "command", "config":
        return "*0\r\n";
      default:
        return OK;
    }
  }

  /** The value of a key, unless it has expired. */
  private @Nullable Value find(String key) {
    Value value = values.get(key);
    if (value != null && value.untilNanos <= simulation.now()) {
      remove(key);
      return null;
    }
    return value;
  }

  private boolean remove(String key) {
    Value old = values.remove(key);
    if (old != null) {
      characters -= key.length() + size(old);
    }
    return old != null;
  }

  private static int size(Value value) {
    int size = value.text == null ? 0 : value.text.length();
    for (String item : value.list == null ? List.<String>of() : value.list) {
      size += item.length() + 1;
    }
    for (var field :
        value.hash == null ? ImmutableMap.<String, String>of().entrySet() : value.hash.entrySet()) {
      size += field.getKey().length() + field.getValue().length() + 1;
    }
    return size;
  }

  /** Whether so much more may be stored; it counts as stored then. */
  private boolean take(int more) {
    boolean fits = characters + more <= CHARACTERS_MAX;
    characters += fits ? more : 0;
    return fits;
  }

  /** Stores a text, whatever was there; null when there is no room. */
  private @Nullable Value store(String key, String text) {
    Value old = values.get(key);
    int before = old == null ? 0 : size(old);
    if (!take((old == null ? key.length() : 0) + text.length() - before)) {
      return null;
    }
    Value value = new Value();
    value.text = text;
    value.untilNanos = old == null ? Long.MAX_VALUE : old.untilNanos;
    values.put(key, value);
    return value;
  }

  private String ofKeys(String name, List<String> rest, @Nullable Value value) {
    String key = rest.get(0);
    switch (name) {
      case "set":
        return set(rest, value);
      case "mset":
        return setAll(rest);
      case "mget":
        StringBuilder texts = new StringBuilder("*" + rest.size() + "\r\n");
        for (String one : rest) {
          Value there = find(one);
          texts.append(bulk(there == null ? null : there.text));
          if (texts.length() > RedisConversation.WAITING_MAX) {
            return FULL;
          }
        }
        return texts.toString();
      case "del", "unlink":
        return number(rest.stream().filter(one -> find(one) != null && remove(one)).count());
      case "exists":
        return number(rest.stream().filter(one -> find(one) != null).count());
      case "type":
        return "+" + (value == null ? "none" : value.type()) + "\r\n";
      case "persist":
        boolean expires = value != null && value.untilNanos != Long.MAX_VALUE;
        if (value != null) {
          value.untilNanos = Long.MAX_VALUE;
        }
        return number(expires ? 1 : 0);
      case "expire", "pexpire":
        long unit = name.equals("expire") ? SECOND : SECOND / 1000;
        if (!rest.get(1).matches("-?\\d{1,9}")) {
          return NO_NUMBER;
        }
        if (value != null) {
          value.untilNanos = simulation.now() + Long.parseLong(rest.get(1)) * unit;
          find(key);
        }
        return number(value == null ? 0 : 1);
      default:
        if (value == null || value.untilNanos == Long.MAX_VALUE) {
          return number(value == null ? -2 : -1);
        }
        long left = value.untilNanos - simulation.now();
        return number(name.equals("ttl") ? (left + SECOND / 2) / SECOND : left / (SECOND / 1000));
    }
  }

  private String setAll(List<String> rest) {
    if (rest.size() % 2 != 0) {
      return "-ERR wrong number of arguments for 'mset' command\r\n";
    }
    for (int i = 0; i < rest.size(); i += 2) {
      Value stored = store(rest.get(i), rest.get(i + 1));
      if (stored == null) {
        return FULL;
      }
      stored.untilNanos = Long.MAX_VALUE;
    }
    return OK;
  }

  private String set(List<String> rest, @Nullable Value old) {
    long until = Long.MAX_VALUE;
    boolean keep = false;
    boolean stores = true;
    for (int i = 2; i < rest.size(); i++) {
      String option = Ascii.toLowerCase(rest.get(i));
      boolean seconds = option.equals("ex");
      if ((seconds || option.equals("px")) && i + 1 < rest.size()) {
        String time = rest.get(++i);
        if (!time.matches("[1-9]\\d{0,8}")) {
          return NO_NUMBER;
        }
        until = simulation.now() + Long.parseLong(time) * (seconds ? SECOND : SECOND / 1000);
      } else if (option.equals("nx")) {
        stores &= old == null;
      } else if (option.equals("xx")) {
        stores &= old != null;
      } else if (option.equals("keepttl")) {
        keep = true;
      } else {
        return SYNTAX;
      }
    }
    if (!stores) {
      return NIL;
    }
    Value stored = store(rest.get(0), rest.get(1));
    if (stored == null) {
      return FULL;
    }
    if (!keep) {
      stored.untilNanos = until;
    }
    return OK;
  }

  private String ofText(String name, List<String> rest, @Nullable Value value) {
    String key = rest.get(0);
    String text = value == null ? null : value.text;
    switch (name) {
      case "get":
        return bulk(text);
      case "getdel":
        remove(key);
        return bulk(text);
      case "strlen":
        return number(text == null ? 0 : ByteText.bytes(text).length);
      case "setnx":
        return text != null ? number(0) : store(key, rest.get(1)) == null ? FULL : number(1);
      case "getset":
        return store(key, rest.get(1)) == null ? FULL : bulk(text);
      case "append":
        String longer = (text == null ? "" : text) + rest.get(1);
        return store(key, longer) == null ? FULL : number(ByteText.bytes(longer).length);
      case "setex":
        return set(List.of(key, rest.get(2), "ex", rest.get(1)), value);
      default:
        String by = rest.size() > 1 ? rest.get(1) : "1";
        String sum = sum(text == null ? "0" : text, name.startsWith("decr") ? negated(by) : by);
        return sum.isEmpty() ? NO_NUMBER : store(key, sum) == null ? FULL : ":" + sum + "\r\n";
    }
  }

  private static String negated(String number) {
    return number.startsWith("-") ? number.substring(1) : "-" + number;
  }

  /** The sum of two numbers; empty when one is none or the sum is too large. */
  private static String sum(String left, String right) {
    try {
      return Long.toString(Math.addExact(Long.parseLong(left), Long.parseLong(right)));
    } catch (NumberFormatException | ArithmeticException e) {
      return "";
    }
  }

  private String ofList(String name, List<String> rest, @Nullable Value value) {
    List<String> list = value == null || value.list == null ? new ArrayList<>() : value.list;
    boolean left = name.startsWith("l");
    switch (name) {
      case "llen":
        return number(list.size());
      case "lpush", "rpush":
        int more = value == null ? rest.get(0).length() : 0;
        for (String item : rest.subList(1, rest.size())) {
          more += item.length() + 1;
        }
        if (!take(more)) {
          return FULL;
        }
        rest.subList(1, rest.size()).forEach(item -> list.add(left ? 0 : list.size(), item));
        Value made = value == null ? new Value() : value;
        made.list = list;
        values.put(rest.get(0), made);
        return number(list.size());
      case "lpop", "rpop":
        if (rest.size() > 1) {
          return SYNTAX;
        }
        if (list.isEmpty()) {
          return NIL;
        }
        String item = list.remove(left ? 0 : list.size() - 1);
        take(-item.length() - 1);
        if (list.isEmpty()) {
          remove(rest.get(0));
        }
        return bulk(item);
      default:
        for (String index : rest.subList(1, rest.size())) {
          if (!index.matches("-?\\d{1,9}")) {
            return NO_NUMBER;
          }
        }
        int from = index(rest.get(1), list.size());
        if (name.equals("lindex")) {
          return bulk(from >= 0 && from < list.size() ? list.get(from) : null);
        }
        int to = Math.min(index(rest.get(2), list.size()) + 1, list.size());
        return array(list.subList(Math.min(Math.max(from, 0), Math.max(to, 0)), Math.max(to, 0)));
    }
  }

  private static int index(String word, int size) {
    int index = Integer.parseInt(word);
    return index < 0 ? index + size : index;
  }

  private String ofHash(String name, List<String> rest, @Nullable Value value) {
    Map<String, String> hash =
        value == null || value.hash == null ? new LinkedHashMap<>() : value.hash;
    String field = rest.size() > 1 ? rest.get(1) : "";
    switch (name) {
      case "hget":
        return bulk(hash.get(field));
      case "hexists":
        return number(hash.containsKey(field) ? 1 : 0);
      case "hlen":
        return number(hash.size());
      case "hkeys":
        return array(List.copyOf(hash.keySet()));
      case "hvals":
        return array(List.copyOf(hash.values()));
      case "hgetall":
        List<String> all = new ArrayList<>();
        hash.forEach((key, text) -> all.addAll(List.of(key, text)));
        return array(all);
      case "hdel":
        int gone = 0;
        for (String one : rest.subList(1, rest.size())) {
          String old = hash.remove(one);
          gone += old == null ? 0 : 1;
          take(old == null ? 0 : -one.length() - old.length() - 1);
        }
        if (value != null && hash.isEmpty()) {
          remove(rest.get(0));
        }
        return number(gone);
      case "hincrby":
        String sum = sum(hash.getOrDefault(field, "0"), rest.get(2));
        if (sum.isEmpty()) {
          return "-ERR hash value is not an integer\r\n";
        }
        return put(rest.get(0), value, hash, List.of(field, sum)) < 0 ? FULL : ":" + sum + "\r\n";
      default:
        List<String> pairs = rest.subList(1, rest.size());
        if (pairs.size() % 2 != 0) {
          return "-ERR wrong number of arguments for '" + name + "' command\r\n";
        }
        int added = put(rest.get(0), value, hash, pairs);
        return added < 0 ? FULL : name.equals("hmset") ? OK : number(added);
    }
  }

  /** Sets fields of a hash; how many are new, or -1 when there is no room. */
  private int put(String key, @Nullable Value value, Map<String, String> hash, List<String> pairs) {
    int more = value == null ? key.length() : 0;
    for (String word : pairs) {
      more += word.length() + 1;
    }
    if (!take(more)) {
      return -1;
    }
    int before = hash.size();
    for (int i = 0; i < pairs.size(); i += 2) {
      String old = hash.put(pairs.get(i), pairs.get(i + 1));
      take(-1 - (old == null ? 0 : pairs.get(i).length() + old.length() + 1));
    }
    Value made = value == null ? new Value() : value;
    made.hash = hash;
    values.put(key, made);
    return hash.size() - before;
  }
}
