package dev.wavetank.dns.resolver;

import com.google.common.base.Ascii;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.dns.resolver.Lookup.Answer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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
 * An answer in the layout of dig.
 *
 * <p>Follows bin/dig/dig.c (BIND 9.18).
 */
final class DigOutput {
  private static final Name LOCAL = Name.fromConstantString("local.");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private DigOutput() {}

  /** The rdata of each answer, one a line. */
  static String shortForm(Message message) {
    StringBuilder text = new StringBuilder();
    for (Record record : message.getSection(Section.ANSWER)) {
      text.append(DigText.data(record)).append('\n');
    }
    return text.toString();
  }

  /** The sections that the options want, from the first comment to the statistics. */
  static String full(
      DigOptions options, Answer answer, String server, Protocol transport, Instant now) {
    Message message = answer.message();
    StringBuilder text = new StringBuilder();
    if (options.comments) {
      text.append(";; Got answer:\n");
      header(text, message);
      text.append('\n');
    }
    OPTRecord opt = message.getOPT();
    if (opt != null && options.comments) {
      opt(text, opt);
    }
    if (options.question) {
      section(text, options, message, Section.QUESTION, "QUESTION");
    }
    if (options.answer) {
      section(text, options, message, Section.ANSWER, "ANSWER");
    }
    if (options.authority) {
      section(text, options, message, Section.AUTHORITY, "AUTHORITY");
    }
    if (options.additional) {
      section(text, options, message, Section.ADDITIONAL, "ADDITIONAL");
    }
    if (options.statistics) {
      statistics(text, options, answer, server, transport, now);
    }
    return text.toString();
  }

  private static void header(StringBuilder text, Message message) {
    Header header = message.getHeader();
    if (aboutLocal(message)) {
      text.append(";; WARNING: .local is reserved for Multicast DNS\n")
          .append(
              ";; You are currently testing what happens when an mDNS query is leaked to DNS\n");
    }
    text.append(";; ->>HEADER<<- opcode: ")
        .append(Opcode.string(header.getOpcode()))
        .append(", status: ")
        .append(Rcode.string(message.getRcode()))
        .append(", id: ")
        .append(header.getID())
        .append("\n;; flags:");
    flag(text, header, Flags.QR, " qr");
    flag(text, header, Flags.AA, " aa");
    flag(text, header, Flags.TC, " tc");
    flag(text, header, Flags.RD, " rd");
    flag(text, header, Flags.RA, " ra");
    flag(text, header, Flags.AD, " ad");
    flag(text, header, Flags.CD, " cd");
    text.append("; QUERY: ")
        .append(header.getCount(Section.QUESTION))
        .append(", ANSWER: ")
        .append(header.getCount(Section.ANSWER))
        .append(", AUTHORITY: ")
        .append(header.getCount(Section.AUTHORITY))
        .append(", ADDITIONAL: ")
        .append(header.getCount(Section.ADDITIONAL))
        .append('\n');
    if (header.getFlag(Flags.RD) && !header.getFlag(Flags.RA)) {
      text.append(";; WARNING: recursion requested but not available\n");
    }
  }

  private static boolean aboutLocal(Message message) {
    Record question = message.getQuestion();
    return question != null && question.getName().subdomain(LOCAL);
  }

  private static void flag(StringBuilder text, Header header, int flag, String words) {
    if (header.getFlag(flag)) {
      text.append(words);
    }
  }

  private static void opt(StringBuilder text, OPTRecord opt) {
    text.append(";; OPT PSEUDOSECTION:\n; EDNS: version: ")
        .append(opt.getVersion())
        .append(", flags:")
        .append((opt.getFlags() & ExtendedFlags.DO) != 0 ? " do" : "")
        .append("; udp: ")
        .append(opt.getPayloadSize())
        .append('\n');
    for (EDNSOption option : opt.getOptions()) {
      if (option.getCode() == EDNSOption.Code.COOKIE) {
        byte[] wire = option.toWire();
        String hex = Ascii.toLowerCase(BaseEncoding.base16().encode(wire, 4, wire.length - 4));
        text.append("; COOKIE: ").append(hex);
        // A server with cookies would have added its own part.
        text.append(wire.length == 12 ? " (echoed)" : "").append('\n');
      }
    }
  }

  private static void section(
      StringBuilder text, DigOptions options, Message message, int section, String title) {
    boolean any = false;
    for (Record record : message.getSection(section)) {
      if (record.getType() == Type.OPT) {
        continue;
      }
      if (!any && options.comments) {
        text.append(";; ").append(title).append(" SECTION:\n");
      }
      any = true;
      text.append(section == Section.QUESTION ? DigText.question(record) : DigText.record(record))
          .append('\n');
    }
    if (any && options.comments) {
      text.append('\n');
    }
  }

  private static void statistics(
      StringBuilder text,
      DigOptions options,
      Answer answer,
      String server,
      Protocol transport,
      Instant now) {
    String asTyped = options.server.isEmpty() ? server : options.server;
    text.append(";; Query time: ")
        .append(TimeUnit.NANOSECONDS.toMillis(answer.tookNanos()))
        .append(" msec\n;; SERVER: ")
        .append(server)
        .append('#')
        .append(options.port)
        .append('(')
        .append(asTyped)
        .append(") (")
        .append(transport)
        .append(")\n;; WHEN: ")
        .append(WHEN.format(now))
        .append("\n;; MSG SIZE  rcvd: ")
        .append(answer.sizeBytes())
        .append("\n\n");
  }
}
