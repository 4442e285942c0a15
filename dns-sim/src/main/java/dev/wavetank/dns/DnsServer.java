package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.Corefile.Directive;
import dev.wavetank.dns.Corefile.ServerBlock;
import dev.wavetank.dns.plugin.Handler;
import dev.wavetank.dns.plugin.Query;
import dev.wavetank.dns.plugin.Reply;
import dev.wavetank.dns.plugin.Upstream;
import dev.wavetank.dns.plugin.Zones;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import dev.wavetank.dns.plugin.kubernetes.DnsController;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One CoreDNS process: finds the server block of a question, asks its chain, and makes a message
 * that fits what the client can take.
 *
 * <p>Follows core/dnsserver/server.go and request/request.go (CoreDNS v1.14).
 */
public final class DnsServer {
  /**
   * What the server sends back.
   *
   * @param sizeBytes on the wire; small messages are sent without compression
   * @param delayNanos how long answering took: waiting for servers outside
   */
  public record Response(Message message, int sizeBytes, long delayNanos) {
    /** The message on the wire. */
    public byte[] wire() {
      if (uncompressedBytes(message) != sizeBytes) {
        return message.toWire(TCP_BYTES);
      }
      ByteArrayDataOutput plain = ByteStreams.newDataOutput(sizeBytes);
      plain.write(message.getHeader().toWire());
      for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
        for (Record record : message.getSection(section)) {
          plain.write(record.toWire(section));
        }
      }
      return plain.toByteArray();
    }
  }

  private static final int UDP_BYTES_MIN = 512;
  private static final int TCP_BYTES = 65535;
  private static final int UNCOMPRESSED_UDP_BYTES_MAX = 1480;

  /** Type and class. */
  private static final int QUESTION_FIXED_BYTES = 4;

  /** Type, class, TTL and length. */
  private static final int RECORD_FIXED_BYTES = 10;

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** EDNS options that are sent back as they came: NSID, EXPIRE, COOKIE, keep-alive, padding. */
  private static final ImmutableList<Integer> ECHOED_OPTIONS =
      ImmutableList.of(
          EDNSOption.Code.NSID, /* EXPIRE */ 9, EDNSOption.Code.COOKIE, 11, /* PADDING */ 12);

  /** A server block: the chain that answers for names of its zones. */
  record Block(Zones zones, Handler chain) {}

  private final DnsController controller;
  private final ImmutableList<Block> blocks;

  /**
   * A server that has just started; its controller has seen nothing yet.
   *
   * @param name of its pod: the name of its streams in {@code choices}
   * @param localIps addresses of its pod
   * @param resolvConfNameservers what {@code forward . /etc/resolv.conf} means here
   * @param start the instant of virtual time zero
   * @throws ScenarioException where the Corefile asks for something that does not exist
   */
  public DnsServer(
      String name,
      Corefile corefile,
      ClusterRecords records,
      ImmutableList<String> localIps,
      ImmutableList<String> resolvConfNameservers,
      Upstream upstream,
      Choices choices,
      Instant start) {
    this.controller = new DnsController(records, verifiesPods(corefile));
    ServerEnvironment environment =
        new ServerEnvironment(
            name,
            choices,
            controller,
            localIps,
            resolvConfNameservers,
            upstream,
            start,
            this::serve);
    ImmutableList.Builder<Block> built = ImmutableList.builder();
    for (ServerBlock block : corefile.blocks()) {
      PluginSetup setup = new PluginSetup(corefile, block, environment);
      built.add(new Block(setup.zones(), setup.chain()));
    }
    this.blocks = built.build();
  }

  /** A server of these blocks, which sees nothing of the cluster. */
  DnsServer(ClusterRecords records, ImmutableList<Block> blocks) {
    this.controller = new DnsController(records, /* verifiesPods= */ false);
    this.blocks = blocks;
  }

  private static boolean verifiesPods(Corefile corefile) {
    for (ServerBlock block : corefile.blocks()) {
      for (Directive plugin : block.plugins()) {
        for (Directive option : plugin.block()) {
          if (option.name().text().equals("pods")
              && !option.arguments().isEmpty()
              && option.arguments().get(0).text().equals("verified")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Its view of the API: whoever runs the server lists and watches for it. */
  public DnsController controller() {
    return controller;
  }

  private Reply serve(Query query) {
    if (query.tooDeep()) {
      return Reply.SERVER_FAILURE;
    }
    Block best = null;
    int labels = -1;
    for (Block block : blocks) {
      Name zone = block.zones().matching(query.name());
      if (zone != null && zone.labels() > labels) {
        best = block;
        labels = zone.labels();
      }
    }
    return best == null ? Reply.REFUSED : best.chain().serve(query);
  }

  /**
   * Answers the bytes of a question.
   *
   * @param nowNanos virtual time of arrival
   * @return null for bytes that deserve no answer: no header, or an answer itself
   */
  public @Nullable Response answer(byte[] question, Protocol transport, long nowNanos) {
    return answer(question, transport, nowNanos, "");
  }

  /**
   * Answers the bytes of a question of somebody who is known.
   *
   * @param client the address that it came from
   */
  public @Nullable Response answer(
      byte[] question, Protocol transport, long nowNanos, String client) {
    if (question.length < Header.LENGTH) {
      return null;
    }
    Message message;
    try {
      message = new Message(question);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // What cannot be read is answered with a format error, as the protocol wants it.
      return malformed(question);
    }
    return answer(message, transport, nowNanos, client);
  }

  private static @Nullable Response malformed(byte[] question) {
    boolean isAnswer = (question[2] & 0x80) != 0;
    if (isAnswer) {
      return null;
    }
    Header header = new Header(((question[0] & 0xFF) << 8) | (question[1] & 0xFF));
    header.setFlag(Flags.QR);
    header.setOpcode((question[2] >> 3) & 0xF);
    header.setRcode(Rcode.FORMERR);
    Message message = new Message(0);
    message.setHeader(header);
    return new Response(message, Header.LENGTH, 0);
  }

  /**
   * Answers a question.
   *
   * @param nowNanos virtual time of arrival
   * @return null for a message that is an answer itself
   */
  public @Nullable Response answer(Message question, Protocol transport, long nowNanos) {
    return answer(question, transport, nowNanos, "");
  }

  private @Nullable Response answer(
      Message question, Protocol transport, long nowNanos, String client) {
    Header header = question.getHeader();
    if (header.getFlag(Flags.QR)) {
      return null;
    }
    Record asked = question.getQuestion();
    OPTRecord opt = question.getOPT();
    if (header.getOpcode() != Opcode.QUERY) {
      return response(question, null, Reply.failure(Rcode.NOTIMP), transport, 0);
    }
    if (asked == null || header.getCount(Section.QUESTION) != 1) {
      return response(question, null, Reply.failure(Rcode.FORMERR), transport, 0);
    }
    if (asked.getDClass() != DClass.IN) {
      return response(question, opt, Reply.REFUSED, transport, 0);
    }
    if (opt != null && opt.getVersion() != 0) {
      return badVersion(question);
    }
    boolean dnssecOk = opt != null && (opt.getFlags() & ExtendedFlags.DO) != 0;
    Query query =
        Query.of(
                asked.getName(),
                asked.getType(),
                asked.getDClass(),
                new Query.Flags(
                    header.getFlag(Flags.RD),
                    header.getFlag(Flags.AD),
                    header.getFlag(Flags.CD),
                    dnssecOk),
                nowNanos)
            .from(client);
    Reply reply = serve(query);
    return response(question, opt, reply, transport, query.spentNanos());
  }

  private static Response badVersion(Message question) {
    Message message = new Message(0);
    message.setHeader(header(question, Reply.failure(Rcode.NOERROR)));
    addQuestion(message, question);
    message.addRecord(new OPTRecord(0, Rcode.BADVERS >> 4, 0), Section.ADDITIONAL);
    return new Response(message, message.toWire().length, 0);
  }

  private static Header header(Message question, Reply reply) {
    Header asked = question.getHeader();
    Header header = new Header(asked.getID());
    header.setOpcode(asked.getOpcode());
    header.setRcode(reply.rcode());
    set(header, Flags.QR, true);
    set(header, Flags.AA, reply.authoritative());
    set(header, Flags.TC, reply.truncated());
    set(header, Flags.RD, asked.getFlag(Flags.RD));
    set(header, Flags.RA, reply.recursionAvailable());
    set(header, Flags.AD, reply.authenticData());
    set(header, Flags.CD, asked.getFlag(Flags.CD));
    return header;
  }

  private static void set(Header header, int flag, boolean value) {
    if (value) {
      header.setFlag(flag);
    }
  }

  private static void addQuestion(Message message, Message question) {
    Record asked = question.getQuestion();
    if (asked != null) {
      message.addRecord(asked, Section.QUESTION);
    }
  }

  private static Response response(
      Message question, @Nullable OPTRecord opt, Reply reply, Protocol transport, long delayNanos) {
    OPTRecord ownOpt = opt == null ? null : echoed(opt);
    int limit = limitBytes(opt, transport);
    List<Record> records = new ArrayList<>();
    Iterables.addAll(
        records, Iterables.concat(reply.answer(), reply.authority(), reply.additional()));
    Message whole = message(question, reply, ownOpt, records.size());
    int uncompressed = uncompressedBytes(whole);
    if (uncompressed <= limit) {
      boolean plain = transport == Protocol.TCP || uncompressed <= UNCOMPRESSED_UDP_BYTES_MAX;
      return new Response(whole, plain ? uncompressed : whole.toWire().length, delayNanos);
    }
    int bytes = whole.toWire(TCP_BYTES).length;
    if (bytes <= limit) {
      return new Response(whole, bytes, delayNanos);
    }
    // The longest beginning of all records that fits.
    int fits = 0;
    int tooMany = records.size();
    while (tooMany - fits > 1) {
      int middle = (fits + tooMany) >>> 1;
      if (message(question, reply, ownOpt, middle).toWire(TCP_BYTES).length <= limit) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    Reply cut =
        reply.withBits(
            reply.authoritative(), reply.recursionAvailable(), reply.authenticData(), true);
    Message message = message(question, cut, ownOpt, fits);
    return new Response(message, message.toWire(TCP_BYTES).length, delayNanos);
  }

  /** The message with the first so many records of all sections. */
  private static Message message(
      Message question, Reply reply, @Nullable OPTRecord opt, int count) {
    Message message = new Message(0);
    message.setHeader(header(question, reply));
    addQuestion(message, question);
    int left = count;
    left = add(message, Section.ANSWER, reply.answer(), left);
    left = add(message, Section.AUTHORITY, reply.authority(), left);
    add(message, Section.ADDITIONAL, reply.additional(), left);
    if (opt != null) {
      message.addRecord(opt, Section.ADDITIONAL);
    }
    return message;
  }

  private static int add(Message message, int section, ImmutableList<Record> records, int max) {
    int count = Math.min(max, records.size());
    for (int i = 0; i < count; i++) {
      message.addRecord(records.get(i), section);
    }
    return max - count;
  }

  private static int limitBytes(@Nullable OPTRecord opt, Protocol transport) {
    if (transport == Protocol.TCP) {
      return TCP_BYTES;
    }
    return opt == null ? UDP_BYTES_MIN : Math.max(UDP_BYTES_MIN, opt.getPayloadSize());
  }

  /** Answers carry the size and the DNSSEC bit of the question, whatever the server could take. */
  private static OPTRecord echoed(OPTRecord opt) {
    List<EDNSOption> options = new ArrayList<>();
    for (EDNSOption option : opt.getOptions()) {
      if (ECHOED_OPTIONS.contains(option.getCode())) {
        options.add(option);
      }
    }
    return new OPTRecord(opt.getPayloadSize(), 0, 0, opt.getFlags() & ExtendedFlags.DO, options);
  }

  private static int uncompressedBytes(Message message) {
    int bytes = Header.LENGTH;
    for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
      for (Record record : message.getSection(section)) {
        bytes += uncompressedBytes(record, section);
      }
    }
    return bytes;
  }

  private static int uncompressedBytes(Record record, int section) {
    if (section == Section.QUESTION) {
      return record.getName().length() + QUESTION_FIXED_BYTES;
    }
    return switch (record.getType()) {
      case Type.A -> record.getName().length() + RECORD_FIXED_BYTES + IPV4_BYTES;
      case Type.AAAA -> record.getName().length() + RECORD_FIXED_BYTES + IPV6_BYTES;
      default -> record.toWire(section).length;
    };
  }
}
