package dev.wavetank.core.container.agnhost;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.text.Lines;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The program of the image agnhost: its sub-commands, their flags, and what it says to those that
 * it does not have.
 *
 * <p>Follows test/images/agnhost/agnhost.go (v1.36).
 */
public final class Agnhost {

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  /**
   * A sub-command.
   *
   * @param arguments how many words it takes beside its flags; -1 for any number
   */
  private record Command(
      int arguments, Supplier<AgnhostFlags> flags, BiConsumer<ProgramContext, AgnhostFlags> run) {}

  private static final ImmutableMap<String, Command> COMMANDS =
      ImmutableMap.<String, Command>builder()
          .put("connect", new Command(1, AgnhostConnect::flags, AgnhostConnect::run))
          .put("dns-server-list", plain((context, flags) -> dns(context, "nameserver")))
          .put("dns-suffix", plain((context, flags) -> dns(context, "search")))
          .put("entrypoint-tester", new Command(-1, AgnhostFlags::new, Agnhost::entrypoint))
          .put("etc-hosts", plain(Agnhost::etcHosts))
          .put("fake-gitserver", plain(AgnhostServers::fakeGitServer))
          .put(
              "grpc-health-checking",
              new Command(0, AgnhostGrpcHealth::flags, AgnhostGrpcHealth::run))
          .put("guestbook", new Command(0, AgnhostGuestbook::flags, AgnhostGuestbook::run))
          .put(
              "inclusterclient",
              new Command(0, AgnhostInClusterClient::flags, AgnhostInClusterClient::run))
          .put("liveness", plain(AgnhostServers::liveness))
          .put("logs-generator", new Command(0, Agnhost::logsFlags, Agnhost::logs))
          .put("mounttest", new Command(0, AgnhostMountTest::flags, AgnhostMountTest::run))
          .put("netexec", new Command(0, AgnhostNetexec::flags, AgnhostNetexec::run))
          .put("nettest", new Command(0, AgnhostNettest::flags, AgnhostNettest::run))
          .put("pause", plain(Agnhost::pause))
          .put("port-forward-tester", plain((context, flags) -> AgnhostPortForward.run(context)))
          .put("porter", new Command(0, AgnhostServers::porterFlags, AgnhostServers::porter))
          .put(
              "serve-hostname",
              new Command(0, AgnhostServers::hostnameFlags, AgnhostServers::serveHostname))
          .put("tcp-reset", new Command(0, AgnhostServers::resetFlags, AgnhostServers::tcpReset))
          .put(
              "test-webserver",
              new Command(0, AgnhostServers::webserverFlags, AgnhostServers::testWebserver))
          .buildOrThrow();

  /** Sub-commands of the image that are not simulated. */
  private static final List<String> ABSENT =
      List.of(
          "audit-proxy",
          "crd-conversion-webhook",
          "external-metrics",
          "fake-registry-server",
          "mtlsclient",
          "mtlsserver",
          "net",
          "no-new-privs",
          "no-snat-test",
          "no-snat-test-proxy",
          "podcertificatesigner",
          "resource-consumer-controller",
          "stress",
          "test-service-account-issuer-discovery",
          "webhook");

  private Agnhost() {}

  private static Command plain(BiConsumer<ProgramContext, AgnhostFlags> run) {
    return new Command(0, AgnhostFlags::new, run);
  }

  /** The program {@code agnhost}; its first argument names the subcommand. */
  public static void run(ProgramContext context) {
    List<String> words = context.arguments();
    String name = words.isEmpty() ? "help" : words.get(0);
    Command command = COMMANDS.get(name);
    if (command != null) {
      run(context, name, command);
      return;
    }
    switch (name) {
      case "help", "-h", "--help" -> {
        context.out("Usage:\n  app [command]\n\nAvailable Commands:\n");
        COMMANDS.keySet().forEach(known -> context.out("  " + known + "\n"));
        context.exit(0);
      }
      default -> {
        context.err(
            "Error: "
                + (ABSENT.contains(name)
                    ? "command \"" + name + "\" of agnhost is not simulated"
                    : name.startsWith("-")
                        ? "unknown flag: " + name
                        : "unknown command " + GoQuote.quote(name) + " for \"app\"")
                + "\n");
        context.exit(1);
      }
    }
  }

  private static void run(ProgramContext context, String name, Command command) {
    GoServer.diesOfSignals(context);
    AgnhostFlags flags = command.flags().get();
    String error =
        command.arguments() < 0
            ? ""
            : flags.read(context.arguments().subList(1, context.arguments().size()));
    int given = flags.arguments().size();
    if (!error.isEmpty()) {
      context.err("Usage:\n  app " + name + " [flags]\n\n");
    } else if (command.arguments() == 0 && given > 0) {
      error =
          "unknown command "
              + GoQuote.quote(flags.arguments().get(0))
              + " for \"app "
              + name
              + "\"";
    } else if (command.arguments() > 0 && given != command.arguments()) {
      error = "accepts " + command.arguments() + " arg(s), received " + given;
    }
    if (error.isEmpty()) {
      command.run().accept(context, flags);
    } else {
      context.err("Error: " + error + "\n");
      context.exit(1);
    }
  }

  private static void entrypoint(ProgramContext context, AgnhostFlags flags) {
    context.out("[" + String.join(" ", context.argv()) + "]\n");
    context.exit(0);
  }

  private static void pause(ProgramContext context, AgnhostFlags flags) {
    context.out("Paused\nSignals registered\n");
    context.onSignal(
        signal -> {
          boolean ends = signal == Signal.TERM || signal == Signal.INT;
          if (ends) {
            boolean asked = signal == Signal.INT;
            String word = asked ? "interrupt" : "terminated";
            String message = "exiting because of signal \"" + word + "\"\n";
            String path =
                context.env().getOrDefault("TERMINATION_MESSAGE_PATH", "/dev/termination-log");
            context.container().files().write(FilePaths.resolve("/", path), message);
            context.out(message);
            context.exit(asked ? 1 : 2);
          }
          return ends;
        });
  }

  private static void etcHosts(ProgramContext context, AgnhostFlags flags) {
    String file = context.container().file("/etc/hosts");
    context.out((file == null ? "" : file) + "\n");
    context.exit(0);
  }

  private static void dns(ProgramContext context, String keyword) {
    String file = context.container().file("/etc/resolv.conf");
    for (String line : Lines.of(file == null ? "" : file)) {
      if (line.startsWith(keyword)) {
        String[] words = line.trim().split(" ", -1);
        context.out(String.join(",", List.of(words).subList(1, words.length)) + "\n");
        context.exit(0);
        return;
      }
    }
    context.err("panic: Could not find DNS search list!\n\ngoroutine 1 [running]:\n");
    context.exit(2);
  }

  // Logs

  private static AgnhostFlags logsFlags() {
    return new AgnhostFlags()
        .number("log-lines-total", 0)
        .letter('t', "log-lines-total")
        .duration("run-duration")
        .letter('d', "run-duration");
  }

  private static void logs(ProgramContext context, AgnhostFlags flags) {
    int total = flags.number("log-lines-total");
    long nanos = flags.durationNanos("run-duration");
    String place = "logs_generator.go:";
    if (total <= 0) {
      GoServer.klog(context, 'F', place + 66, "Invalid total number of lines: " + total);
      context.exit(255);
    } else if (nanos <= 0) {
      GoServer.klog(context, 'F', place + 70, "Invalid duration: " + GoDuration.of(nanos));
      context.exit(255);
    } else if (nanos / total == 0) {
      context.err("panic: non-positive interval for NewTicker\n");
      context.exit(2);
    } else {
      logs(context, 0, total, nanos / total);
    }
  }

  private static void logs(ProgramContext context, int line, int total, long delayNanos) {
    if (line == total) {
      context.exit(0);
      return;
    }
    String[] verbs = {"GET", "POST", "PUT"};
    String[] places = {"kube-system", "default", "ns"};
    int mixed = (line * 0x9E3779B1) >>> 7;
    StringBuilder pod = new StringBuilder();
    for (int i = 0; i < 3 + mixed % 2; i++) {
      pod.append(LETTERS.charAt((mixed >> (5 * i)) % LETTERS.length()));
    }
    GoServer.klog(
        context,
        'I',
        "logs_generator.go:76",
        line
            + " "
            + verbs[mixed % verbs.length]
            + " /api/v1/namespaces/"
            + places[mixed / 3 % places.length]
            + "/pods/"
            + pod
            + " "
            + (200 + mixed % 400));
    context.after(delayNanos, () -> logs(context, line + 1, total, delayNanos));
  }
}
