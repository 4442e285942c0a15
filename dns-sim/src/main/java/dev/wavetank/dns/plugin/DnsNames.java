package dev.wavetank.dns.plugin;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/** Names and addresses as text. */
public final class DnsNames {
  private static final Name IN_ADDR_ARPA = Name.fromConstantString("in-addr.arpa.");
  private static final Name IP6_ARPA = Name.fromConstantString("ip6.arpa.");
  private static final int IPV6_NIBBLES = 32;
  private static final int IPV4_BYTES = 4;

  private DnsNames() {}

  /** The name, made absolute; null if no name can be written like that. */
  public static @Nullable Name absolute(String text) {
    return below(text, Name.root);
  }

  /** The labels of a text in front of a zone; null if no name can be written like that. */
  public static @Nullable Name below(String labels, Name zone) {
    try {
      return Name.fromString(labels, zone);
    } catch (TextParseException e) {
      return null;
    }
  }

  /** A name in front of a zone; null if it gets too long. */
  public static @Nullable Name concatenated(Name front, Name zone) {
    try {
      return Name.concatenate(front, zone);
    } catch (NameTooLongException e) {
      return null;
    }
  }

  /** The address that a text is, or null; never asks a name server or an interface. */
  public static @Nullable InetAddress address(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c != '.' && c != ':' && Character.digit(c, 16) < 0) || c > 'f') {
        return null;
      }
    }
    return InetAddresses.isInetAddress(text) ? InetAddresses.forString(text) : null;
  }

  /** Whether the name lies in one of the two reverse zones. */
  public static boolean isReverse(Name name) {
    return (name.subdomain(IN_ADDR_ARPA) && name.labels() > IN_ADDR_ARPA.labels())
        || (name.subdomain(IP6_ARPA) && name.labels() > IP6_ARPA.labels());
  }

  /** The address whose reverse name this is, in its shortest text; null if it is none. */
  public static @Nullable String addressOfReverse(Name name) {
    if (name.subdomain(IN_ADDR_ARPA)) {
      return reversedIpv4(name, name.labels() - IN_ADDR_ARPA.labels());
    }
    if (name.subdomain(IP6_ARPA)) {
      return reversedIpv6(name, name.labels() - IP6_ARPA.labels());
    }
    return null;
  }

  private static @Nullable String reversedIpv4(Name name, int labels) {
    if (labels != IPV4_BYTES) {
      return null;
    }
    StringBuilder text = new StringBuilder(15);
    for (int i = labels - 1; i >= 0; i--) {
      text.append(name.getLabelString(i)).append(i == 0 ? "" : ".");
    }
    InetAddress address = address(text.toString());
    return address == null ? null : InetAddresses.toAddrString(address);
  }

  private static @Nullable String reversedIpv6(Name name, int labels) {
    if (labels != IPV6_NIBBLES) {
      return null;
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = labels - 1; i >= 0; i--) {
      String nibble = name.getLabelString(i);
      if (nibble.length() != 1) {
        return null;
      }
      text.append(nibble);
      if (i % 4 == 0 && i > 0) {
        text.append(':');
      }
    }
    InetAddress address = address(text.toString());
    return address == null ? null : InetAddresses.toAddrString(address);
  }
}
