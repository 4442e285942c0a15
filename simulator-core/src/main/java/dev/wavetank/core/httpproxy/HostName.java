package dev.wavetank.core.httpproxy;

import com.google.common.base.Ascii;

/** The host that a request names. */
public final class HostName {

  private HostName() {}

  /** The host of a {@code Host} header: in lower case, without the port. */
  public static String of(String header) {
    String host = Ascii.toLowerCase(header);
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
