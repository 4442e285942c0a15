package dev.wavetank.dns.resolver;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code /etc/resolv.conf} as its parts.
 *
 * @param nameservers addresses, asked in order
 * @param searches domains without a final dot
 * @param options such as {@code ndots:5}
 */
public record ResolvConf(
    ImmutableList<String> nameservers,
    ImmutableList<String> searches,
    ImmutableList<String> options) {

  public static final ResolvConf EMPTY =
      new ResolvConf(ImmutableList.of(), ImmutableList.of(), ImmutableList.of());

  private static final int NDOTS_MAX = 15;
  private static final int TIMEOUT_SECONDS_MAX = 30;
  private static final int ATTEMPTS_MAX = 5;
  private static final Splitter FIELDS = Splitter.on(CharMatcher.anyOf(" \t\r")).omitEmptyStrings();

  /**
   * Reads a file as the kubelet does: the last search line counts, options add up.
   *
   * <p>Follows pkg/kubelet/network/dns/dns.go (v1.36).
   */
  public static ResolvConf parse(String text) {
    List<String> nameservers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (String line : Splitter.on('\n').split(text)) {
      List<String> fields = FIELDS.splitToList(line);
      if (fields.isEmpty() || fields.get(0).startsWith("#")) {
        continue;
      }
      List<String> values = fields.subList(1, fields.size());
      switch (fields.get(0)) {
        case "nameserver" -> {
          if (!values.isEmpty()) {
            nameservers.add(values.get(0));
          }
        }
        case "search" -> {
          searches.clear();
          for (String domain : values) {
            if (!domain.equals(".")) {
              searches.add(domain.endsWith(".") ? dropLast(domain) : domain);
            }
          }
        }
        case "options" -> values.forEach(option -> options.put(optionName(option), option));
        default -> {}
      }
    }
    return new ResolvConf(
        ImmutableList.copyOf(nameservers),
        ImmutableList.copyOf(searches),
        ImmutableList.copyOf(options.values()));
  }

  private static String dropLast(String text) {
    return text.substring(0, text.length() - 1);
  }

  /** What stands before the colon of an option. */
  static String optionName(String option) {
    int colon = option.indexOf(':');
    return colon < 0 ? option : option.substring(0, colon);
  }

  /** The same with one name server in place of its own. */
  ResolvConf withNameserver(String address) {
    return new ResolvConf(ImmutableList.of(address), searches, options);
  }

  /** The file. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (String nameserver : nameservers) {
      text.append("nameserver ").append(nameserver).append('\n');
    }
    if (!searches.isEmpty()) {
      text.append("search ").append(Joiner.on(' ').join(searches)).append('\n');
    }
    if (!options.isEmpty()) {
      text.append("options ").append(Joiner.on(' ').join(options)).append('\n');
    }
    return text.toString();
  }

  /** Dots from which a name is tried as it is before the search list. */
  public int ndots() {
    return number("ndots", 1, 0, NDOTS_MAX);
  }

  /** How long the first server may take. */
  public int timeoutSeconds() {
    return number("timeout", 5, 1, TIMEOUT_SECONDS_MAX);
  }

  /** How often the whole list of servers is asked. */
  public int attempts() {
    return number("attempts", 2, 1, ATTEMPTS_MAX);
  }

  /** Whether an option without a value is set. */
  boolean has(String option) {
    return options.contains(option);
  }

  private int number(String name, int otherwise, int min, int max) {
    int value = otherwise;
    for (String option : options) {
      if (optionName(option).equals(name)) {
        @Nullable Integer number =
            Ints.tryParse(option.substring(Math.min(option.length(), name.length() + 1)));
        value = number == null ? otherwise : Math.min(Math.max(number, min), max);
      }
    }
    return value;
  }
}
