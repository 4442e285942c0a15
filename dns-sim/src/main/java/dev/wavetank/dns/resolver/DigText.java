package dev.wavetank.dns.resolver;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Records as dig lays them out: columns at tab stops, or one blank where a column is passed.
 *
 * <p>Follows lib/dns/masterdump.c (BIND 9.18).
 */
public final class DigText {
  private static final int TAB = 8;
  private static final int TTL_COLUMN = 24;
  private static final int CLASS_COLUMN = 32;
  private static final int TYPE_COLUMN = 40;
  private static final int DATA_COLUMN = 48;

  private final StringBuilder text = new StringBuilder();
  private int column;

  private DigText() {}

  /** The line of a record, without its end. */
  public static String record(Record record) {
    DigText line = new DigText();
    line.put(name(record.getName()));
    line.indent(TTL_COLUMN);
    line.put(Long.toString(record.getTTL()));
    line.indent(CLASS_COLUMN);
    line.put(DClass.string(record.getDClass()));
    line.indent(TYPE_COLUMN);
    line.put(Type.string(record.getType()));
    line.indent(DATA_COLUMN);
    line.put(data(record));
    return line.text.toString();
  }

  /** The line of a question, without its end. */
  static String question(Record question) {
    DigText line = new DigText();
    line.put(name(question.getName()));
    line.indent(CLASS_COLUMN);
    line.put(DClass.string(question.getDClass()));
    line.indent(TYPE_COLUMN);
    line.put(Type.string(question.getType()));
    return ";" + line.text;
  }

  /** What a record says, on one line. */
  public static String data(Record record) {
    if (record instanceof SOARecord soa) {
      return String.format(
          Locale.ROOT,
          "%s %s %d %d %d %d %d",
          name(soa.getHost()),
          name(soa.getAdmin()),
          soa.getSerial(),
          soa.getRefresh(),
          soa.getRetry(),
          soa.getExpire(),
          soa.getMinimum());
    }
    if (record instanceof AAAARecord aaaa) {
      return InetAddresses.toAddrString(aaaa.getAddress());
    }
    if (record instanceof TXTRecord txt) {
      StringBuilder strings = new StringBuilder();
      for (String string : txt.getStrings()) {
        strings.append(strings.length() == 0 ? "\"" : " \"").append(string).append('"');
      }
      return strings.toString();
    }
    return record.rdataToString();
  }

  private static String name(Name name) {
    return name.toString();
  }

  private void put(String value) {
    text.append(value);
    column += value.length();
  }

  private void indent(int to) {
    int target = Math.max(to, column + 1);
    int tabs = target / TAB - column / TAB;
    if (tabs > 0) {
      text.append("\t".repeat(tabs));
      column = target / TAB * TAB;
    }
    text.append(" ".repeat(target - column));
    column = target;
  }
}
