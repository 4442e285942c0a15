package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code agnhost nettest} as a server that is told who could reach it. It asks no API server for
 * its peers, so it contacts none by itself.
 *
 * <p>Follows test/images/agnhost/nettest/nettest.go (v1.36).
 */
final class AgnhostNettest implements PortListener.Http {

  private static final long SECOND = 1_000_000_000L;

  /** As long as a real one looks for its peers. */
  private static final long CONTACTING_NANOS = 375 * SECOND;

  /** Names that are kept. */
  private static final int SOURCES_MAX = 10_000;

  private final ProgramContext context;
  private final int peers;
  private final Map<String, Long> received = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();
  private boolean contacting = true;

  private AgnhostNettest(ProgramContext context, int peers) {
    this.context = context;
    this.peers = peers;
  }

  static AgnhostFlags flags() {
    return new AgnhostFlags()
        .number("port", 8080)
        .number("peers", 8)
        .text("service", "nettest")
        .text("namespace", "default")
        .number("delay-shutdown", 0);
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    if (flags.text("service").isEmpty()) {
      GoServer.fatal(context, "Must provide -service flag.");
      return;
    }
    AgnhostNettest server = new AgnhostNettest(context, flags.number("peers"));
    int delay = flags.number("delay-shutdown");
    if (delay > 0) {
      context.onSignal(
          signal -> {
            if (signal == Signal.TERM) {
              GoServer.log(context, "Sleeping " + delay + " seconds before exit ...");
              context.after(delay * SECOND, () -> context.exit(0));
            }
            return signal == Signal.TERM;
          });
    }
    context.after(CONTACTING_NANOS, () -> server.contacting = false);
    GoServer.listen(context, Protocol.TCP, flags.number("port"), server);
  }

  @Override
  public void request(HttpRequest request, Consumer<HttpResult> then) {
    switch (request.plainPath()) {
      case "/quit" -> context.exit(0);
      case "/read" -> then.accept(answer(indented(state())));
      case "/write" -> then.accept(answer(write(request.body())));
      case "/status" -> then.accept(answer(status()));
      default -> then.accept(new HttpResult.Answered(GoServer.notFound()));
    }
  }

  private static HttpResult answer(String body) {
    return new HttpResult.Answered(GoServer.ok(body));
  }

  private String status() {
    return peers <= 0 && received.size() >= peers ? "pass" : contacting ? "running" : "fail";
  }

  private String hostname() {
    return context.container().sandbox().hostname();
  }

  private String write(String body) {
    String source = "";
    try {
      source = Json.read(body) instanceof KubeMap post ? post.string("Source", "") : "";
    } catch (IllegalArgumentException e) {
      errors.add(e.getMessage());
    }
    if (source.isEmpty()) {
      errors.add(hostname() + ": Got request with no source");
    } else if (received.size() < SOURCES_MAX) {
      received.merge(source, 1L, Long::sum);
    }
    while (errors.size() > SOURCES_MAX) {
      errors.remove(0);
    }
    return Json.write(KubeMap.of("Hostname", hostname())) + "\n";
  }

  private KubeMap state() {
    KubeMap counts = KubeMap.EMPTY;
    for (Map.Entry<String, Long> entry : received.entrySet()) {
      counts = counts.with(entry.getKey(), entry.getValue());
    }
    return KubeMap.of("Hostname", hostname())
        .with("Sent", KubeNull.NULL)
        .with("Received", received.isEmpty() ? KubeNull.NULL : counts)
        .with("Errors", errors.isEmpty() ? KubeNull.NULL : KubeList.copyOf(errors))
        .with("Log", KubeNull.NULL)
        .with("StillContactingPeers", contacting);
  }

  private static String indented(KubeMap state) {
    StringBuilder text = new StringBuilder();
    for (String line : Json.writePretty(state).split("\n", -1)) {
      String bare = line.stripLeading();
      text.append("\t".repeat((line.length() - bare.length()) / 4)).append(bare).append('\n');
    }
    return text.substring(0, text.length() - 1);
  }
}
