package dev.wavetank.core.container.agnhost;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.program.network.NetworkPrograms;
import java.nio.charset.StandardCharsets;

/**
 * {@code agnhost inclusterclient}: asks the API server again and again whether it is well, with the
 * token of its ServiceAccount as it is then.
 *
 * <p>Follows test/images/agnhost/inclusterclient/main.go (v1.36).
 */
final class AgnhostInClusterClient {

  private static final long SECOND = 1_000_000_000L;
  private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

  private AgnhostInClusterClient() {}

  static AgnhostFlags flags() {
    return new AgnhostFlags().number("poll-interval", 30);
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    GoServer.klog(context, 'I', "main.go:61", "started");
    String host = context.env().getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = context.env().getOrDefault("KUBERNETES_SERVICE_PORT", "");
    int seconds = flags.number("poll-interval");
    if (host.isEmpty() || !port.matches("\\d{1,5}")) {
      GoServer.fatal(
          context,
          "err: unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and"
              + " KUBERNETES_SERVICE_PORT must be defined");
    } else if (context.container().file(TOKEN) == null) {
      GoServer.fatal(context, "err: open " + TOKEN + ": no such file or directory");
    } else if (seconds > 0) {
      context.after(
          seconds * SECOND, () -> poll(context, host, Integer.parseInt(port), seconds * SECOND));
    }
  }

  private static void poll(ProgramContext context, String host, int port, long intervalNanos) {
    GoServer.klog(context, 'I', "main.go:79", "calling /healthz");
    String token = context.container().file(TOKEN);
    String header = "Bearer " + (token == null ? "" : token.trim());
    byte[] hash = Hashing.sha256().hashString("salt|" + header, StandardCharsets.UTF_8).asBytes();
    String shown = BaseEncoding.base64Url().omitPadding().encode(hash);
    GoServer.klog(context, 'I', "main.go:96", "authz_header=" + shown);
    HttpRequest request =
        new HttpRequest(
            "GET",
            host + ":" + port,
            "/healthz",
            ImmutableMap.of("Authorization", header, "User-Agent", "agnhost"),
            "");
    context
        .network()
        .http(
            context.container().sandbox(),
            host,
            port,
            request.over(true),
            10 * SECOND,
            context.unlessOver(outcome -> answered(context, outcome)));
    context.after(intervalNanos, () -> poll(context, host, port, intervalNanos));
  }

  private static void answered(ProgramContext context, Outcome outcome) {
    boolean well = outcome.failure() == Failure.NONE && outcome.response().status() < 300;
    if (!well) {
      String body = outcome.response().body();
      String why =
          outcome.failure() == Failure.NONE
              ? "the server answered " + outcome.response().status()
              : NetworkPrograms.words(outcome.failure());
      GoServer.klog(context, 'E', "main.go:82", "status=failed");
      GoServer.klog(context, 'E', "main.go:83", "error checking /healthz: " + why + "\n" + body);
    }
  }
}
