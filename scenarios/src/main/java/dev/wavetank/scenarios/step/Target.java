package dev.wavetank.scenarios.step;

import com.google.common.net.HostAndPort;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.cluster.Cluster;

/**
 * From where to where something is sent.
 *
 * @param from a client, as {@link Cluster#connect} takes it
 */
record Target(String from, String host, int port) {

  private static final int PORT_DEFAULT = 80;

  /** The keys {@code from} and {@code to} of a mapping. */
  static Target read(FileFields fields) {
    String to = fields.text("to");
    try {
      HostAndPort parsed = HostAndPort.fromString(to).withDefaultPort(PORT_DEFAULT);
      if (parsed.getHost().isEmpty() || parsed.getPort() == 0) {
        throw fields.wrong("to", "expected HOST:PORT, such as web:80");
      }
      return new Target(from(fields), parsed.getHost(), parsed.getPort());
    } catch (IllegalArgumentException e) {
      throw fields.wrong("to", "expected HOST:PORT, such as web:80");
    }
  }

  /** The key {@code from} of a mapping. */
  static String from(FileFields fields) {
    String from = fields.text("from", "outside");
    try {
      Cluster.checkClient(from);
      return from;
    } catch (IllegalArgumentException e) {
      throw fields.wrong("from", String.valueOf(e.getMessage()));
    }
  }

  /** {@code web:80 from pod/client}. */
  @Override
  public String toString() {
    return host + ":" + port + " from " + from;
  }
}
