package dev.wavetank.dns.resolver;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Ints;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;

/** What is asked for one name on a command line of dig; mutable while the line is read. */
final class DigOptions {
  static final int UDP_BYTES = 1232;

  String name = ".";
  int type = Type.A;
  int dclass = DClass.IN;
  String server = "";
  int port = 53;
  boolean search;
  boolean shortForm;
  boolean command = true;
  boolean comments = true;
  boolean question = true;
  boolean answer = true;
  boolean authority = true;
  boolean additional = true;
  boolean statistics = true;
  boolean recursion = true;
  boolean authenticData = true;
  boolean checkingDisabled;
  boolean dnssec;
  boolean edns = true;
  boolean cookie = true;
  byte @Nullable [] cookieBytes;
  int bufferBytes = UDP_BYTES;
  boolean tcp;
  boolean ignoreTruncation;
  int timeoutSeconds = 5;
  int tries = 3;
  int ndots = -1;

  DigOptions copy() {
    DigOptions copy = new DigOptions();
    copy.name = name;
    copy.type = type;
    copy.dclass = dclass;
    copy.server = server;
    copy.port = port;
    copy.search = search;
    copy.shortForm = shortForm;
    copy.command = command;
    copy.comments = comments;
    copy.question = question;
    copy.answer = answer;
    copy.authority = authority;
    copy.additional = additional;
    copy.statistics = statistics;
    copy.recursion = recursion;
    copy.authenticData = authenticData;
    copy.checkingDisabled = checkingDisabled;
    copy.dnssec = dnssec;
    copy.edns = edns;
    copy.cookie = cookie;
    copy.cookieBytes = cookieBytes;
    copy.bufferBytes = bufferBytes;
    copy.tcp = tcp;
    copy.ignoreTruncation = ignoreTruncation;
    copy.timeoutSeconds = timeoutSeconds;
    copy.tries = tries;
    copy.ndots = ndots;
    return copy;
  }

  /**
   * Applies an option that begins with a plus sign.
   *
   * @param option without the plus sign
   * @return false when dig has no such option here
   */
  boolean apply(String option) {
    boolean on = !option.startsWith("no");
    String rest = on ? option : option.substring(2);
    int equals = rest.indexOf('=');
    String word = equals < 0 ? rest : rest.substring(0, equals);
    String value = equals < 0 ? "" : rest.substring(equals + 1);
    return section(word, on) || flag(word, on) || valued(word, value, on);
  }

  private boolean section(String word, boolean on) {
    switch (word) {
      case "all" -> {
        command = on;
        comments = on;
        question = on;
        answer = on;
        authority = on;
        additional = on;
        statistics = on;
      }
      case "cmd" -> command = on;
      case "comments" -> comments = on;
      case "question" -> question = on;
      case "answer" -> answer = on;
      case "authority" -> authority = on;
      case "additional" -> additional = on;
      case "stats" -> statistics = on;
      case "short" -> {
        shortForm = on;
        if (on) {
          command = false;
          comments = false;
          question = false;
          authority = false;
          additional = false;
          statistics = false;
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean flag(String word, boolean on) {
    switch (word) {
      case "search", "defname" -> search = on;
      case "rec", "recurse" -> recursion = on;
      case "ad", "adflag" -> authenticData = on;
      case "cd", "cdflag" -> checkingDisabled = on;
      case "dnssec", "do" -> {
        dnssec = on;
        edns |= on;
      }
      case "tcp", "vc" -> tcp = on;
      case "ignore" -> ignoreTruncation = on;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean valued(String word, String value, boolean on) {
    Integer number = Ints.tryParse(value);
    switch (word) {
      case "edns" -> {
        edns = on;
        return value.isEmpty() || value.equals("0");
      }
      case "cookie" -> {
        cookie = on;
        if (!value.isEmpty()) {
          String hex = Ascii.toUpperCase(value);
          if (!BaseEncoding.base16().canDecode(hex)) {
            return false;
          }
          cookieBytes = BaseEncoding.base16().decode(hex);
        }
        return true;
      }
      case "bufsize" -> {
        bufferBytes = number == null ? UDP_BYTES : Math.max(0, Math.min(number, 65535));
        return true;
      }
      case "time", "timeout" -> {
        timeoutSeconds = number == null ? 5 : Math.max(1, number);
        return true;
      }
      case "tries" -> {
        tries = number == null ? 3 : Math.max(1, number);
        return true;
      }
      case "retry" -> {
        tries = number == null ? 3 : Math.max(0, number) + 1;
        return true;
      }
      case "ndots" -> {
        ndots = number == null ? -1 : number;
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  /** The resolver file, as these options change it. */
  ResolvConf resolvConf(ResolvConf conf) {
    if (ndots < 0) {
      return conf;
    }
    return new ResolvConf(
        conf.nameservers(),
        conf.searches(),
        ImmutableList.<String>builder().addAll(conf.options()).add("ndots:" + ndots).build());
  }
}
