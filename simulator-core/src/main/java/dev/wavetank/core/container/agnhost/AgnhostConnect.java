package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.program.network.NetworkPrograms;

/**
 * {@code agnhost connect}: one connection or datagram, and in fixed words why it failed. It has no
 * SCTP.
 *
 * <p>Follows test/images/agnhost/connect/connect.go (v1.36).
 */
final class AgnhostConnect {

  private AgnhostConnect() {}

  static AgnhostFlags flags() {
    return new AgnhostFlags()
        .duration("timeout")
        .text("protocol", "tcp")
        .text("udp-data", "hostname")
        .text("sctp-data", "hostname");
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    String place = flags.arguments().get(0);
    String protocol = flags.text("protocol");
    int colon = place.lastIndexOf(':');
    String host = colon < 0 ? place : place.substring(0, colon).replaceAll("[\\[\\]]", "");
    String port = place.substring(colon + 1);
    if (!protocol.matches("|tcp|udp|sctp")) {
      fail(context, "Unsupported protocol\n" + protocol);
    } else if (colon < 0) {
      String kind = protocol.equals("udp") ? "DNS" : "UNKNOWN";
      fail(context, kind + ": address " + place + ": missing port in address\n");
    } else if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      String network = protocol.isEmpty() ? "tcp" : protocol;
      boolean number = port.matches("\\d+");
      fail(
          context,
          number
              ? "DNS: address " + port + ": invalid port\n"
              : "DNS: lookup " + network + "/" + port + ": unknown port\n");
    } else if (protocol.equals("sctp")) {
      fail(context, "OTHER: protocol not supported\n");
    } else {
      connect(context, flags, host.isEmpty() ? "127.0.0.1" : host, Integer.parseInt(port));
    }
  }

  private static void connect(ProgramContext context, AgnhostFlags flags, String host, int port) {
    PodSandbox sandbox = context.container().sandbox();
    long asked = flags.durationNanos("timeout");
    if (flags.text("protocol").equals("udp")) {
      context
          .network()
          .datagram(
              sandbox,
              host,
              port,
              flags.text("udp-data") + "\n",
              asked > 0 ? asked : ContainerBehavior.FOREVER / 2,
              context.unlessOver(outcome -> answered(context, host, outcome)));
    } else {
      context
          .network()
          .connect(
              sandbox,
              host,
              port,
              asked > 0 ? asked : NetworkPrograms.PATIENCE_NANOS,
              context.unlessOver(outcome -> connected(context, host, outcome)));
    }
  }

  private static void connected(ProgramContext context, String host, Outcome outcome) {
    switch (outcome.failure()) {
      case NONE -> context.exit(0);
      case REFUSED -> fail(context, "REFUSED\n");
      case TIMED_OUT -> fail(context, "TIMEOUT\n");
      case NAME_NOT_FOUND, NAME_SERVER_SILENT -> unknown(context, host, outcome.failure());
      default -> {
        String why = NetworkPrograms.words(outcome.failure()).toLowerCase(java.util.Locale.ROOT);
        fail(context, "OTHER: dial tcp " + outcome.address() + ": connect: " + why + "\n");
      }
    }
  }

  private static void answered(ProgramContext context, String host, Outcome outcome) {
    String read = "read udp " + outcome.address() + ": ";
    switch (outcome.failure()) {
      case NONE -> {
        if (!outcome.response().body().isEmpty()) {
          context.exit(0);
        } else {
          fail(context, "OTHER: No data received from the server\n");
        }
      }
      case REFUSED -> fail(context, "REFUSED: " + read + "read: connection refused\n");
      case TIMED_OUT -> fail(context, "TIMEOUT: " + read + "i/o timeout\n");
      case NAME_NOT_FOUND, NAME_SERVER_SILENT -> unknown(context, host, outcome.failure());
      default -> fail(context, "UNKNOWN: " + read + "read: no route to host\n");
    }
  }

  private static void unknown(ProgramContext context, String host, Failure failure) {
    fail(context, "DNS: " + AgnhostDial.lookupError(context, host, failure) + "\n");
  }

  private static void fail(ProgramContext context, String words) {
    context.err(words);
    context.exit(1);
  }
}
