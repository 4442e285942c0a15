package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The resolver of a process in a pod: {@code getaddrinfo} of glibc, with its search list, its
 * servers one after the other, its timeouts and its order of addresses. Each resolution is that of
 * a new process: it has learnt nothing from those before.
 *
 * <p>Follows resolv/res_query.c, resolv/res_send.c and sysdeps/posix/getaddrinfo.c (glibc 2.36).
 */
public final class StubResolver {
  /** Which addresses are wanted. */
  public enum Family {
    ANY(ImmutableList.of(Type.A, Type.AAAA)),
    IPV4(ImmutableList.of(Type.A)),
    IPV6(ImmutableList.of(Type.AAAA));

    private final ImmutableList<Integer> types;

    Family(ImmutableList<Integer> types) {
      this.types = types;
    }
  }

  /** How a resolution ended, in the words of {@code gai_strerror}. */
  public enum Status {
    SUCCESS("Success"),
    NAME_NOT_KNOWN("Name or service not known"),
    NO_ADDRESS("No address associated with hostname"),
    TEMPORARY_FAILURE("Temporary failure in name resolution");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * What a name resolved to.
   *
   * @param canonicalName what the name stands for, without a final dot; empty unless successful
   * @param addresses in the order in which a client should try them
   */
  public record Result(Status status, String canonicalName, ImmutableList<InetAddress> addresses) {}

  private static final int PORT = 53;
  private static final int QUERY_IDS = 65536;

  private final ResolvConf conf;
  private final HostsFile hosts;
  private final ChoiceStream ids;

  /**
   * The resolver of a pod.
   *
   * @param ids where the numbers of questions come from
   */
  public StubResolver(ResolvConf conf, HostsFile hosts, ChoiceStream ids) {
    this.conf = conf;
    this.hosts = hosts;
    this.ids = ids;
  }

  /** Begins to resolve a name; all addresses count as reachable. */
  public Resolution resolve(String name, Family family) {
    return resolve(name, family, address -> true);
  }

  /**
   * Begins to resolve a name.
   *
   * @param reachable whether the pod has a route and a source address for an address
   */
  public Resolution resolve(String name, Family family, Predicate<InetAddress> reachable) {
    return new Resolution(name, family, reachable);
  }

  /** A name being resolved. */
  public final class Resolution implements Lookup {
    private final Family family;
    private final Predicate<InetAddress> reachable;
    private final ImmutableList<Name> candidates;
    private final boolean asIsLast;
    private int candidate;
    private int attempt;
    private int server;
    private Protocol transport = conf.has("use-vc") ? Protocol.TCP : Protocol.UDP;
    private Pace pace =
        conf.has("single-request-reopen")
            ? Pace.REOPENED
            : conf.has("single-request") ? Pace.SINGLE : Pace.TOGETHER;
    private boolean gotSomewhere;
    private @Nullable Status firstAsIs;
    private boolean noData;
    private boolean serverFailure;
    private Status last = Status.NAME_NOT_KNOWN;
    private @Nullable ImmutableList<Answer> lastAnswers;
    private @Nullable Result result;

    private Resolution(String name, Family family, Predicate<InetAddress> reachable) {
      this.family = family;
      this.reachable = reachable;
      this.candidates = SearchList.names(name, conf);
      Name asIs = DnsNames.absolute(name);
      this.asIsLast =
          !candidates.isEmpty()
              && candidates.get(candidates.size() - 1).equals(asIs)
              && candidates.size() > 1;
      InetAddress literal = DnsNames.address(name);
      ImmutableList<InetAddress> known =
          literal != null ? ImmutableList.of(literal) : hosts.addresses(name);
      ImmutableList<InetAddress> wanted = ofFamily(known);
      if (!wanted.isEmpty()) {
        result = new Result(Status.SUCCESS, withoutDot(name), ordered(wanted));
      } else if (candidates.isEmpty()) {
        result = failure(Status.NAME_NOT_KNOWN);
      } else if (conf.nameservers().isEmpty()) {
        // glibc would ask the pod itself, where nobody listens.
        result = failure(Status.TEMPORARY_FAILURE);
      }
    }

    /** The result; null before it is over. */
    public @Nullable Result result() {
      return result;
    }

    @Override
    public @Nullable Ask ask() {
      if (result != null) {
        return null;
      }
      ImmutableList.Builder<Message> questions = ImmutableList.builder();
      for (int type : family.types) {
        if (type == Type.AAAA && conf.has("no-aaaa") && family == Family.ANY) {
          continue;
        }
        questions.add(question(candidates.get(candidate), type));
      }
      return new Ask(
          conf.nameservers().get(server), PORT, transport, questions.build(), pace, timeoutNanos());
    }

    private Message question(Name name, int type) {
      Message message = new Message(ids.choose(QUERY_IDS));
      message.getHeader().setFlag(Flags.RD);
      message.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
      return message;
    }

    /** Later servers share what is left of the time. */
    private long timeoutNanos() {
      int seconds = conf.timeoutSeconds() << server;
      if (server > 0) {
        seconds /= conf.nameservers().size();
      }
      return TimeUnit.SECONDS.toNanos(Math.max(seconds, 1));
    }

    @Override
    public void answered(ImmutableList<Answer> answers) {
      gotSomewhere = true;
      boolean failed = false;
      boolean truncated = false;
      for (Answer answer : answers) {
        int rcode = answer.message().getRcode();
        failed |= rcode == Rcode.SERVFAIL || rcode == Rcode.NOTIMP || rcode == Rcode.REFUSED;
        truncated |= answer.message().getHeader().getFlag(Flags.TC);
      }
      if (truncated && transport == Protocol.UDP) {
        transport = Protocol.TCP;
        return;
      }
      lastAnswers = answers;
      if (failed && !hasAddresses(answers)) {
        nextServer();
      } else {
        judged(answers);
      }
    }

    /** Half an answer: perhaps the server, or what is on the way, cannot bear two questions. */
    @Override
    public void timedOut(ImmutableList<Answer> answers) {
      if (answers.isEmpty()) {
        timedOut();
      } else if (pace == Pace.REOPENED) {
        answered(answers);
      } else {
        pace = pace == Pace.TOGETHER ? Pace.SINGLE : Pace.REOPENED;
      }
    }

    @Override
    public void timedOut() {
      gotSomewhere = true;
      nextServer();
    }

    @Override
    public void refused() {
      nextServer();
    }

    private void nextServer() {
      server++;
      if (server < conf.nameservers().size()) {
        return;
      }
      server = 0;
      attempt++;
      if (attempt < conf.attempts()) {
        return;
      }
      ImmutableList<Answer> answers = lastAnswers;
      if (answers != null) {
        judged(answers);
      } else if (gotSomewhere) {
        unanswered();
      } else {
        result = failure(Status.TEMPORARY_FAILURE);
      }
    }

    /** Silence ends the search list, but the name as it is gets its turn. */
    private void unanswered() {
      last = Status.TEMPORARY_FAILURE;
      if (asIsLast && candidate < candidates.size() - 1) {
        begin(candidates.size() - 1);
      } else if (candidate == 0 && candidates.size() > 1) {
        firstAsIs = asIsLast ? null : Status.TEMPORARY_FAILURE;
        begin(1);
      } else {
        finish();
      }
    }

    private void begin(int next) {
      candidate = next;
      attempt = 0;
      server = 0;
      gotSomewhere = false;
      lastAnswers = null;
      transport = conf.has("use-vc") ? Protocol.TCP : Protocol.UDP;
    }

    private boolean hasAddresses(ImmutableList<Answer> answers) {
      for (Answer answer : answers) {
        for (Record record : answer.message().getSection(Section.ANSWER)) {
          if (record instanceof ARecord || record instanceof AAAARecord) {
            return true;
          }
        }
      }
      return false;
    }

    private void judged(ImmutableList<Answer> answers) {
      if (hasAddresses(answers)) {
        result = success(answers);
        return;
      }
      Status status = Status.NAME_NOT_KNOWN;
      for (Answer answer : answers) {
        switch (answer.message().getRcode()) {
          case Rcode.NOERROR -> status = Status.NO_ADDRESS;
          case Rcode.NXDOMAIN -> {}
          default -> {
            serverFailure = true;
            status = Status.TEMPORARY_FAILURE;
          }
        }
      }
      noData |= status == Status.NO_ADDRESS;
      last = status;
      if (candidate == 0 && !asIsLast) {
        firstAsIs = status;
      }
      if (candidate + 1 < candidates.size()) {
        begin(candidate + 1);
      } else {
        finish();
      }
    }

    private void finish() {
      if (firstAsIs != null) {
        result = failure(firstAsIs);
      } else if (noData) {
        result = failure(Status.NO_ADDRESS);
      } else {
        result = failure(serverFailure ? Status.TEMPORARY_FAILURE : last);
      }
    }

    private Result failure(Status status) {
      return new Result(status, "", ImmutableList.of());
    }

    private Result success(ImmutableList<Answer> answers) {
      List<InetAddress> addresses = new ArrayList<>();
      Name canonical = candidates.get(candidate);
      for (Answer answer : answers) {
        Name name = candidates.get(candidate);
        for (Record record : answer.message().getSection(Section.ANSWER)) {
          if (record instanceof CNAMERecord cname) {
            name = cname.getTarget();
          } else if (record instanceof ARecord a) {
            addresses.add(a.getAddress());
            canonical = name;
          } else if (record instanceof AAAARecord aaaa) {
            addresses.add(aaaa.getAddress());
            canonical = name;
          }
        }
      }
      return new Result(
          Status.SUCCESS,
          withoutDot(canonical.toString()),
          ordered(ofFamily(ImmutableList.copyOf(addresses))));
    }

    private ImmutableList<InetAddress> ofFamily(ImmutableList<InetAddress> all) {
      ImmutableList.Builder<InetAddress> wanted = ImmutableList.builder();
      for (InetAddress address : all) {
        if (family.types.contains(address instanceof Inet4Address ? Type.A : Type.AAAA)) {
          wanted.add(address);
        }
      }
      return wanted.build();
    }

    /** Reachable ones first, then IPv6 before IPv4; else as the server gave them. */
    private ImmutableList<InetAddress> ordered(ImmutableList<InetAddress> addresses) {
      ImmutableList.Builder<InetAddress> ordered = ImmutableList.builder();
      for (int rank = 0; rank < 4; rank++) {
        for (InetAddress address : addresses) {
          int own = (reachable.test(address) ? 0 : 2) + (address instanceof Inet4Address ? 1 : 0);
          if (own == rank) {
            ordered.add(address);
          }
        }
      }
      return ordered.build();
    }
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") && name.length() > 1 ? name.substring(0, name.length() - 1) : name;
  }

  /** The lines that {@code getent ahosts} prints of a result. */
  public static String ahosts(Result result) {
    StringBuilder text = new StringBuilder();
    boolean first = true;
    for (InetAddress address : result.addresses()) {
      StringBuilder padded = new StringBuilder(InetAddresses.toAddrString(address));
      while (padded.length() < 15) {
        padded.append(' ');
      }
      text.append(padded).append(" STREAM");
      text.append(first ? " " + result.canonicalName() : "").append('\n');
      text.append(padded).append(" DGRAM\n").append(padded).append(" RAW\n");
      first = false;
    }
    return text.toString();
  }
}
