package dev.wavetank.core.container;

import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Programs that look names up and try connections. */
final class NetworkPrograms {

  /** How long a connection is tried when the program sets no limit of its own. */
  static final long PATIENCE_NANOS = 127_000_000_000L;

  private NetworkPrograms() {}

  static void addTo(Programs programs) {
    programs.add("dig", NetworkPrograms::dig);
    programs.add("nslookup", NetworkPrograms::nslookup);
    programs.add("wget", Wget::run);
    programs.add("curl", Curl::run);
    programs.add("nc", NetworkPrograms::nc);
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

  private static void nc(ProgramContext context) {
    long timeout = PATIENCE_NANOS;
    List<String> places = new ArrayList<>();
    boolean loud = false;
    List<String> words = context.arguments();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("-w") && i + 1 < words.size()) {
        timeout = nanos(words.get(++i));
      } else if (word.startsWith("-")) {
        if (!word.matches("-[zvn]+")) {
          refuse(context, "nc: invalid option -- '" + word.substring(1) + "'\n");
          return;
        }
        loud |= word.indexOf('v') > 0;
      } else {
        places.add(word);
      }
    }
    if (places.size() != 2 || !places.get(1).matches("\\d{1,5}") || timeout < 0) {
      refuse(context, "nc: bad arguments\n");
      return;
    }
    boolean verbose = loud;
    context
        .network()
        .connect(
            context.container().sandbox(),
            places.get(0),
            Integer.parseInt(places.get(1)),
            timeout,
            context.unlessOver(outcome -> connected(context, places.get(0), outcome, verbose)));
  }

  private static void connected(
      ProgramContext context, String host, Outcome outcome, boolean verbose) {
    boolean open = outcome.failure() == Failure.NONE;
    String place = host + " (" + outcome.address() + ")";
    if (!open && outcome.address().isEmpty()) {
      context.err("nc: bad address '" + host + "'\n");
    } else if (!open) {
      context.err("nc: " + place + ": " + words(outcome.failure()) + "\n");
    } else if (verbose) {
      context.err(place + " open\n");
    }
    context.exit(open ? 0 : 1);
  }

  /** The words of the C library for why a connection failed. */
  static String words(Failure failure) {
    return switch (failure) {
      case REFUSED -> "Connection refused";
      case TIMED_OUT -> "Operation timed out";
      case RESET -> "Connection reset by peer";
      case NO_ROUTE -> "No route to host";
      default -> failure.name().toLowerCase(Locale.ROOT);
    };
  }

  private static void refuse(ProgramContext context, String message) {
    context.err(message);
    context.exit(1);
  }
}
