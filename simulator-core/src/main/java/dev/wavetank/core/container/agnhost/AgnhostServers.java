package dev.wavetank.core.container.agnhost;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ConversationConnection;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.StaticFiles;
import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.QueryString;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.network.Protocol;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The small servers of agnhost. What is served over TLS in the real ones is served without: nothing
 * is encrypted in the simulation.
 *
 * <p>Follows test/images/agnhost/liveness, porter, serve-hostname, test-webserver, fakegitserver
 * and tcp-reset (v1.36).
 */
final class AgnhostServers {

  private static final long SECOND = 1_000_000_000L;

  private AgnhostServers() {}

  /** Answers requests at once. */
  private static PortListener.Http at(Function<HttpRequest, HttpResponse> answers) {
    return (request, then) -> then.accept(new HttpResult.Answered(answers.apply(request)));
  }

  // liveness

  static void liveness(ProgramContext context, AgnhostFlags flags) {
    long started = context.container().simulation().now();
    PortListener.Http server =
        at(
            request -> {
              long age = context.container().simulation().now() - started;
              return switch (request.plainPath()) {
                case "/started" -> GoServer.ok(GoDuration.of(age));
                case "/healthz" ->
                    age > 10 * SECOND
                        ? GoServer.answer(500, "error: " + Json.general(age / 1e9))
                        : GoServer.ok("ok");
                case "/redirect" ->
                    GoServer.redirect(request, QueryString.of(request.path()).value("loc"), 302);
                default -> GoServer.notFound();
              };
            });
    GoServer.listen(context, Protocol.TCP, 8080, server);
  }

  // fake-gitserver

  static void fakeGitServer(ProgramContext context, AgnhostFlags flags) {
    PortListener.Http server = at(request -> GoServer.ok("I am a fake git server"));
    GoServer.listen(context, Protocol.TCP, 8000, server);
  }

  // porter

  static AgnhostFlags porterFlags() {
    return new AgnhostFlags().toggle("json-response", false);
  }

  static void porter(ProgramContext context, AgnhostFlags flags) {
    boolean json = flags.on("json-response");
    for (Map.Entry<String, String> variable : context.env().entrySet()) {
      String name = variable.getKey();
      String text = variable.getValue();
      int port = number(name.substring(name.lastIndexOf('_') + 1));
      if (name.matches("SERVE_SCTP_PORT_.*")) {
        GoServer.fatal(context, "Failed to listen SCTP. error:protocol not supported");
        return;
      }
      if (name.matches("SERVE_UDP_PORT_\\d+")) {
        GoServer.log(context, "Started UDP server on port " + port);
        context.listen(
            Protocol.UDP, port, (PortListener.Datagrams) (said, from, reply) -> reply.accept(text));
      } else if (name.matches("SERVE_(TCP_|TLS_|)PORT_\\d+")) {
        context.listen(Protocol.TCP, port, at(request -> porter(request, text, json)));
      }
    }
  }

  private static int number(String digits) {
    return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
  }

  private static HttpResponse porter(HttpRequest request, String text, boolean json) {
    return json
        ? HttpResponse.of(
            200,
            "application/json",
            GoText.jsonOfStruct(KubeMap.of("Method", request.method(), "Body", text)))
        : GoServer.ok(text);
  }

  // serve-hostname

  static AgnhostFlags hostnameFlags() {
    return new AgnhostFlags()
        .toggle("tcp", false)
        .toggle("udp", false)
        .toggle("http", true)
        .toggle("close", false)
        .number("port", 9376);
  }

  static void serveHostname(ProgramContext context, AgnhostFlags flags) {
    boolean tcp = flags.on("tcp");
    boolean udp = flags.on("udp");
    int port = flags.number("port");
    if (flags.on("http") && (tcp || udp)) {
      GoServer.fatal(context, "Can't server TCP/UDP mode and HTTP mode at the same time");
      return;
    }
    String hostname = context.container().sandbox().hostname();
    if (tcp) {
      GoServer.listen(context, Protocol.TCP, port, saying(context, port, hostname));
    }
    if (udp && !context.over()) {
      GoServer.listen(
          context,
          Protocol.UDP,
          port,
          (PortListener.Datagrams)
              (said, from, reply) -> {
                GoServer.log(context, "UDP request from " + from);
                reply.accept(hostname);
              });
    }
    if (flags.on("http")) {
      PortListener.Http server =
          at(
              request -> {
                GoServer.log(context, "HTTP request from " + request.client());
                return GoServer.ok(hostname);
              });
      GoServer.listen(context, Protocol.TCP, port, server);
    }
    servesUntilTerminated(
        context,
        port,
        () -> {
          GoServer.log(context, "Awaiting pod deletion.\n");
          context.after(60 * SECOND, () -> context.exit(0));
        });
  }

  private static void servesUntilTerminated(ProgramContext context, int port, Runnable then) {
    GoServer.log(context, "Serving on port " + port + ".\n");
    context.onSignal(
        signal -> {
          if (signal == Signal.TERM) {
            GoServer.log(context, "Shutting down after receiving signal: terminated.\n");
            then.run();
          }
          return signal == Signal.TERM;
        });
  }

  /** Says a text to whoever connects, and ends the connection at its first byte. */
  private static PortListener.Bytes saying(ProgramContext context, int port, String text) {
    return (from, client) -> {
      GoServer.log(context, "TCP request from " + from);
      return ConversationConnection.begin(
          new Conversation() {
            @Override
            public Reply receive(String piece) {
              return Reply.END;
            }

            @Override
            public String greeting() {
              return text;
            }
          },
          port,
          client);
    };
  }

  // tcp-reset

  static AgnhostFlags resetFlags() {
    return new AgnhostFlags().number("port", 8080);
  }

  /** Ends every connection at its first byte. */
  static void tcpReset(ProgramContext context, AgnhostFlags flags) {
    int port = flags.number("port");
    GoServer.listen(context, Protocol.TCP, port, saying(context, port, ""));
    servesUntilTerminated(context, port, () -> context.exit(0));
  }

  // test-webserver

  static AgnhostFlags webserverFlags() {
    return new AgnhostFlags().number("port", 80);
  }

  static void testWebserver(ProgramContext context, AgnhostFlags flags) {
    GoServer.listen(
        context,
        Protocol.TCP,
        flags.number("port"),
        at(request -> withHeaders(file(context.container(), request))));
  }

  private static HttpResponse withHeaders(HttpResponse response) {
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    headers.putAll(response.headers());
    headers.put("Cache-Control", "private");
    headers.put("Access-Control-Allow-Origin", "*");
    headers.put("Access-Control-Allow-Credentials", "true");
    headers.put("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    headers.put(
        "Access-Control-Allow-Headers",
        "DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,Cache-Control,Content-Type");
    return new HttpResponse(response.status(), headers.buildOrThrow(), response.body());
  }

  /** A file, or what is in a directory, as Go's file server answers. */
  private static HttpResponse file(Container container, HttpRequest request) {
    String path = request.plainPath();
    String place = FilePaths.resolve("/", "." + path);
    if (path.endsWith("/index.html")) {
      return GoServer.redirect(request, "./", 301);
    }
    if (container.files().directory(place)) {
      String index = container.file(FilePaths.resolve(place, "index.html"));
      return !path.endsWith("/")
          ? GoServer.redirect(request, path.substring(path.lastIndexOf('/') + 1) + "/", 301)
          : index != null
              ? GoServer.html(200, index)
              : GoServer.html(200, entries(container, place));
    }
    String content = path.endsWith("/") ? null : container.file(place);
    return content == null ? GoServer.notFound() : HttpResponse.of(200, type(place), content);
  }

  private static String entries(Container container, String directory) {
    String prefix = directory.equals("/") ? "/" : directory + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String path : container.files().paths().tailSet(prefix, false)) {
      if (!path.startsWith(prefix)) {
        break;
      }
      String rest = path.substring(prefix.length());
      int slash = rest.indexOf('/');
      String name = slash < 0 ? rest : rest.substring(0, slash);
      names.add(container.files().directory(prefix + name) ? name + "/" : name);
    }
    StringBuilder page =
        new StringBuilder(
            "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n");
    for (String name : names) {
      page.append("<a href=\"").append(name).append("\">").append(name).append("</a>\n");
    }
    return page.append("</pre>\n").toString();
  }

  private static String type(String path) {
    String known = StaticFiles.typeOf(path.toLowerCase(Locale.ROOT));
    boolean text = known == null || known.startsWith("text/");
    return known == null ? "text/plain; charset=utf-8" : text ? known + "; charset=utf-8" : known;
  }
}
