package dev.wavetank.core.container.agnhost;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.QueryString;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code agnhost guestbook}: a primary keeps values and tells its replicas; a front end asks one of
 * them.
 *
 * <p>Follows test/images/agnhost/guestbook/guestbook.go (v1.36).
 */
final class AgnhostGuestbook implements PortListener.Http {

  private static final long SECOND = 1_000_000_000L;
  private static final long REGISTER_NANOS = 15 * SECOND;

  /** Characters of all values; more are not kept. */
  private static final int STORE_MAX = 1 << 20;

  private final ProgramContext context;
  private final int backendPort;
  private final List<String> replicas = new ArrayList<>();
  private KubeMap store = KubeMap.EMPTY;
  private int stored;

  private AgnhostGuestbook(ProgramContext context, int backendPort) {
    this.context = context;
    this.backendPort = backendPort;
  }

  static AgnhostFlags flags() {
    return new AgnhostFlags()
        .number("http-port", 80)
        .number("backend-port", 6379)
        .text("replicaof", "");
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    AgnhostGuestbook server = new AgnhostGuestbook(context, flags.number("backend-port"));
    GoServer.listen(context, Protocol.TCP, flags.number("http-port"), server);
    String primary = flags.text("replicaof");
    if (!primary.isEmpty() && !context.over()) {
      server.register(primary, context.container().simulation().now() + REGISTER_NANOS);
    }
  }

  private void register(String primary, long deadlineNanos) {
    if (context.container().simulation().now() >= deadlineNanos) {
      GoServer.fatal(context, "Timed out while registering to primary.");
      return;
    }
    String request = "register?host=" + context.container().sandbox().ip();
    GoServer.log(context, "Registering to primary: " + primary + ":" + backendPort + "/" + request);
    AgnhostDial.http(
        context,
        primary,
        backendPort,
        request,
        body -> registered(primary, body),
        (outcome, error) -> {
          GoServer.log(
              context,
              "encountered error while registering to primary: " + error + ". Retrying in 1s.");
          context.after(SECOND, () -> register(primary, deadlineNanos));
        });
  }

  private void registered(String primary, String body) {
    try {
      if (Json.read(body) instanceof KubeMap answer && answer.get("data") instanceof KubeMap data) {
        store = data;
        GoServer.log(context, "Registered to node: " + primary);
      } else {
        GoServer.fatal(context, "Could not cast responseJSON: " + body);
      }
    } catch (IllegalArgumentException e) {
      GoServer.fatal(context, "Error while unmarshaling primary's response: " + e.getMessage());
    }
  }

  @Override
  public void request(HttpRequest request, Consumer<HttpResult> then) {
    QueryString query = QueryString.of(request.path());
    Consumer<HttpResponse> answer = response -> then.accept(new HttpResult.Answered(response));
    switch (request.plainPath()) {
      case "/register" -> answer.accept(register(query.value("host")));
      case "/get" -> answer.accept(get(query.value("key")));
      case "/set" -> set(query.value("key"), query.value("value"), answer);
      case "/guestbook" -> guestbook(query, answer);
      default -> answer.accept(GoServer.notFound());
    }
  }

  private HttpResponse register(String host) {
    GoServer.log(context, "GET /register?host=" + host);
    if (!replicas.contains(host)) {
      replicas.add(host);
    }
    GoServer.log(context, "Node '" + host + "' registered.");
    return GoServer.ok(GoText.json(KubeMap.of("data", store)));
  }

  private HttpResponse get(String key) {
    GoServer.log(context, "GET /get?key=" + key);
    Object value = key.isEmpty() ? store : store.string(key, "");
    return GoServer.ok(GoText.json(KubeMap.of("data", value)));
  }

  private void set(String key, String value, Consumer<HttpResponse> then) {
    GoServer.log(context, "GET /set?key=" + key + "&value=" + value);
    if (key.isEmpty()) {
      then.accept(GoServer.error(400, "cannot set with empty key."));
    } else if (stored + key.length() + value.length() > STORE_MAX) {
      then.accept(GoServer.error(507, "the store is full"));
    } else {
      stored += key.length() + value.length();
      store = store.with(key, value);
      propagate("set?key=" + key + "&value=" + value, 0, then);
    }
  }

  private void propagate(String request, int replica, Consumer<HttpResponse> then) {
    if (replica >= replicas.size()) {
      then.accept(GoServer.ok(GoText.json(KubeMap.of("message", "Updated"))));
      return;
    }
    String host = replicas.get(replica);
    AgnhostDial.http(
        context,
        host,
        backendPort,
        request,
        body -> propagate(request, replica + 1, then),
        (outcome, error) ->
            then.accept(
                GoServer.error(
                    417,
                    "encountered error while propagating to replica '" + host + "': " + error)));
  }

  private void guestbook(QueryString query, Consumer<HttpResponse> then) {
    String command = Ascii.toLowerCase(query.value("cmd"));
    String key = query.value("key");
    String value = query.value("value");
    GoServer.log(context, "GET /guestbook?cmd=" + command + "&key=" + key + "&value=" + value);
    if (!command.equals("get") && !command.equals("set")) {
      then.accept(GoServer.error(400, "unsupported cmd: '" + command + "'"));
    } else if (command.equals("set") && key.isEmpty()) {
      then.accept(GoServer.error(400, "cannot set with empty key."));
    } else {
      AgnhostDial.http(
          context,
          command.equals("get") ? "agnhost-replica" : "agnhost-primary",
          backendPort,
          command + "?key=" + key + "&value=" + value,
          body -> then.accept(GoServer.ok(body)),
          (outcome, error) ->
              then.accept(
                  outcome.address().isEmpty()
                      ? GoServer.error(400, "host and/or port param are invalid. " + error)
                      : GoServer.error(417, "encountered error: " + error)));
    }
  }
}
