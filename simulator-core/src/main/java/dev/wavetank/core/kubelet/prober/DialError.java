package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.network.SocketAddress;

/** Errors of connections in the words of Go's network library. */
public final class DialError {

  private DialError() {}

  static String refused(String host, int port) {
    return "dial tcp " + SocketAddress.text(host, port) + ": connect: connection refused";
  }

  static String tcp(ProgramNetwork.Outcome outcome, String host, int port) {
    return switch (outcome.failure()) {
      case NAME_NOT_FOUND -> "dial tcp: lookup " + host + ": no such host";
      case NAME_SERVER_SILENT -> "dial tcp: lookup " + host + ": i/o timeout";
      case TIMED_OUT -> "dial tcp " + place(outcome, host, port) + ": i/o timeout";
      case NO_ROUTE -> "dial tcp " + place(outcome, host, port) + ": connect: no route to host";
      case NONE, REFUSED, RESET, NOT_HTTP, NOT_TLS, CERTIFICATE_REFUSED, UNRECOGNIZED_NAME ->
          "dial tcp " + place(outcome, host, port) + ": connect: connection refused";
    };
  }

  static String http(ProgramNetwork.Outcome outcome, String host, int port) {
    return switch (outcome.failure()) {
      case RESET -> "EOF";
      case NOT_HTTP -> notHttp(outcome.response().body());
      case TIMED_OUT ->
          "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
      default -> tcp(outcome, host, port);
    };
  }

  /**
   * What came back is no answer of HTTP.
   *
   * @param received empty when the connection ended without any
   */
  public static String notHttp(String received) {
    int end = received.indexOf('\n');
    String line = (end < 0 ? received : received.substring(0, end)).replaceFirst("\r$", "");
    return received.isEmpty()
        ? "EOF"
        : "net/http: HTTP/1.x transport connection broken: malformed HTTP response "
            + GoQuote.quote(line);
  }

  private static String place(ProgramNetwork.Outcome outcome, String host, int port) {
    return outcome.address().isEmpty() ? SocketAddress.text(host, port) : outcome.address();
  }
}
