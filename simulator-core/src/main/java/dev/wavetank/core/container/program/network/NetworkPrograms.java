package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.Programs;
import java.util.Locale;

/** Programs that look names up and try connections. */
public final class NetworkPrograms {

  /** How long a connection is tried when the program sets no limit of its own. */
  public static final long PATIENCE_NANOS = 127_000_000_000L;

  private NetworkPrograms() {}

  /** Adds those of this room to a table, by their names. */
  public static void addTo(Programs programs) {
    LookupPrograms.addTo(programs);
    programs.add("dig", NetworkPrograms::dig);
    programs.add("nslookup", NetworkPrograms::nslookup);
    programs.add("wget", Wget::run);
    programs.add("curl", Curl::run);
    programs.add("openssl", OpensslClient::run);
    programs.add("nc", Netcat::run);
    programs.add("telnet", Telnet::run);
    programs.add("redis-cli", RedisCli::run);
    programs.add("ping", Ping::run);
  }

  private static void dig(ProgramContext context) {
    PodSandbox sandbox = context.container().sandbox();
    context.network().dig(sandbox, context.arguments(), finishing(context));
  }

  private static void nslookup(ProgramContext context) {
    PodSandbox sandbox = context.container().sandbox();
    context.network().nslookup(sandbox, context.arguments(), finishing(context));
  }

  private static java.util.function.Consumer<ProgramOutput> finishing(ProgramContext context) {
    return context.unlessOver(
        output -> {
          context.out(output.stdout());
          context.err(output.stderr());
          context.exit(output.exitCode());
        });
  }

  /** Nanoseconds of a number of seconds, a fraction allowed; -1 for a word that is none. */
  static long nanos(String seconds) {
    return seconds.matches("\\d{1,9}(\\.\\d{1,9})?")
        ? Math.max(1, (long) (Double.parseDouble(seconds) * 1e9))
        : -1;
  }

  /** The words of the C library for why a connection failed. */
  public static String words(Failure failure) {
    return switch (failure) {
      case REFUSED -> "Connection refused";
      case TIMED_OUT -> "Operation timed out";
      case RESET -> "Connection reset by peer";
      case NO_ROUTE -> "No route to host";
      default -> failure.name().toLowerCase(Locale.ROOT);
    };
  }
}
