package dev.wavetank.dns.resolver;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/** The lines that nslookup prints of a record; BIND keeps the final dot of targets. */
record NslookupText(boolean finalDots) {

  String lines(Record record) {
    String owner = withoutDot(record.getName());
    if (record instanceof ARecord a) {
      return address(owner, a.getAddress());
    }
    if (record instanceof AAAARecord aaaa) {
      return address(owner, aaaa.getAddress());
    }
    if (record instanceof CNAMERecord cname) {
      return owner + "\tcanonical name = " + target(cname.getTarget()) + "\n";
    }
    if (record instanceof PTRRecord ptr) {
      return owner + "\tname = " + target(ptr.getTarget()) + "\n";
    }
    if (record instanceof SRVRecord srv) {
      return owner
          + "\tservice = "
          + (srv.getPriority() + " " + srv.getWeight() + " " + srv.getPort() + " ")
          + target(srv.getTarget())
          + "\n";
    }
    String kind =
        record.getType() == Type.TXT ? "\ttext = " : "\trdata_" + record.getType() + " = ";
    return owner + kind + DigText.data(record) + "\n";
  }

  private String target(Name name) {
    return finalDots ? name.toString() : withoutDot(name);
  }

  private static String address(String owner, InetAddress address) {
    return "Name:\t" + owner + "\nAddress: " + InetAddresses.toAddrString(address) + "\n";
  }

  static String withoutDot(Name name) {
    String shown = name.toString();
    return shown.length() > 1 ? shown.substring(0, shown.length() - 1) : shown;
  }
}
