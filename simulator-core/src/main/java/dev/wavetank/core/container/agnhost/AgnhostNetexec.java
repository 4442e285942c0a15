package dev.wavetank.core.container.agnhost;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.OpenPort;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpRequestReader;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.QueryString;
import dev.wavetank.core.container.shell.Shell;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.Sink;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code agnhost netexec}: a server of HTTP and of datagrams that tells about itself and does what
 * it is asked. It has no SCTP.
 *
 * <p>Follows test/images/agnhost/netexec/netexec.go (v1.36).
 */
final class AgnhostNetexec implements PortListener.Http, PortListener.Datagrams {

  private static final long SECOND = 1_000_000_000L;
  private static final long IDLE_CHECK_NANOS = 10_000_000L;

  private final ProgramContext context;
  private final int httpPort;
  private final int udpPort;
  private final String override;
  private @Nullable OpenPort http;
  private boolean ready;
  private boolean terminating;

  private AgnhostNetexec(ProgramContext context, AgnhostFlags flags) {
    this.context = context;
    this.httpPort = flags.number("http-port");
    this.udpPort = flags.number("udp-port");
    this.override = flags.text("http-override");
  }

  static AgnhostFlags flags() {
    return new AgnhostFlags()
        .number("http-port", 8080)
        .text("tls-cert-file", "")
        .text("tls-private-key-file", "")
        .number("udp-port", 8081)
        .number("sctp-port", -1)
        .text("http-override", "")
        .text("udp-listen-addresses", "")
        .number("delay-shutdown", 0);
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    new AgnhostNetexec(context, flags).start(flags);
  }

  private void start(AgnhostFlags flags) {
    context.onSignal(signal -> signal == Signal.TERM && terminate(flags.number("delay-shutdown")));
    String addresses = flags.text("udp-listen-addresses");
    if (flags.number("sctp-port") != -1) {
      GoServer.fatal(context, "listen sctp: protocol not supported");
      return;
    }
    for (String address : Splitter.on(',').split(addresses)) {
      if (!addresses.isEmpty() && IpAddress.parseOrNull(address) == null) {
        GoServer.fatal(context, "parseAddress: invalid address " + address);
        return;
      }
    }
    GoServer.log(context, "Started HTTP server on port " + httpPort);
    http = GoServer.listen(context, Protocol.TCP, httpPort, this);
    if (udpPort != -1 && !context.over()) {
      GoServer.log(context, "Started UDP server on port " + addresses + " " + udpPort);
      ready = GoServer.listen(context, Protocol.UDP, udpPort, this) != null;
    }
  }

  private boolean terminate(int delaySeconds) {
    if (!terminating && delaySeconds > 0) {
      GoServer.log(context, "Sleeping " + delaySeconds + " seconds before terminating...");
      context.after(delaySeconds * SECOND, () -> context.exit(0));
    } else if (!terminating) {
      context.exit(0);
    }
    terminating = true;
    return true;
  }

  @Override
  public void datagram(String text, String from, Consumer<String> reply) {
    String said = Ascii.toLowerCase(text.trim());
    if (said.equals("hostname")) {
      GoServer.log(context, "Sending udp hostName response");
      reply.accept(hostname());
    } else if (said.startsWith("echo ")) {
      String echo = said.substring("echo ".length());
      GoServer.log(context, "Echoing " + echo + " to UDP client " + from + "\n");
      reply.accept(echo);
    } else if (said.equals("clientip")) {
      GoServer.log(context, "Sending clientip back to UDP client " + from + "\n");
      reply.accept(from);
    } else if (said.equals("serverport")) {
      GoServer.log(context, "Sending server port to UDP client " + udpPort + "\n");
      reply.accept(Integer.toString(udpPort));
    } else if (!said.isEmpty()) {
      GoServer.log(context, "Unknown UDP command received from " + from + ": " + said + "\n");
    }
  }

  private String hostname() {
    return context.container().sandbox().hostname();
  }

  @Override
  public void request(HttpRequest request, Consumer<HttpResult> then) {
    HttpRequest served =
        override.isEmpty()
            ? request
            : new HttpRequest("GET", "", override, ImmutableMap.of(), "").from(request.client());
    QueryString form = QueryString.form(served);
    switch (served.plainPath()) {
      case "/dial" -> AgnhostDial.serve(context, form, answering(then));
      case "/exit" -> exit(form, answering(then));
      case "/shell" -> shell(form, answering(then));
      case "/shutdown" -> {
        GoServer.log(context, "GET /shutdown");
        context.exit(0);
      }
      case "/echo" -> echo(form, then);
      default -> answering(then).accept(answer(served, form));
    }
  }

  private static Consumer<HttpResponse> answering(Consumer<HttpResult> then) {
    return response -> then.accept(new HttpResult.Answered(response));
  }

  private HttpResponse answer(HttpRequest request, QueryString form) {
    String path = request.plainPath();
    switch (path) {
      case "/clientip" -> {
        GoServer.log(context, "GET /clientip");
        return GoServer.ok(request.client());
      }
      case "/serverport" -> {
        GoServer.log(context, "GET /serverport");
        return GoServer.ok(Integer.toString(httpPort));
      }
      case "/header" -> {
        return header(request, form.value("key"));
      }
      case "/hostname", "/hostName" -> {
        GoServer.log(context, "GET " + path);
        return GoServer.ok(hostname());
      }
      case "/healthz" -> {
        GoServer.log(context, "GET /healthz");
        return GoServer.answer(ready ? 200 : 412, "");
      }
      case "/readyz" -> {
        GoServer.log(context, "GET /readyz");
        return terminating
            ? GoServer.answer(503, "shutting down")
            : ready ? GoServer.ok("ok") : GoServer.answer(412, "");
      }
      case "/redirect" -> {
        return redirect(request, form);
      }
      case "/upload" -> {
        GoServer.log(context, "GET /upload");
        return AgnhostUpload.answer(context, request);
      }
      default -> {
        GoServer.log(context, "GET /");
        return GoServer.ok("NOW: " + GoServer.time(context));
      }
    }
  }

  private void echo(QueryString form, Consumer<HttpResult> then) {
    String text = form.value("msg");
    String code = form.value("code");
    GoServer.log(context, "GET /echo?msg=" + text + "&code=" + code);
    if (!code.isEmpty() && !number(code)) {
      String wrong = "argument 'code' must be an integer or empty, got " + GoQuote.quote(code);
      answering(then).accept(GoServer.ok(wrong + "\n"));
      return;
    }
    int status = code.isEmpty() ? 200 : Integer.parseInt(code);
    if (status < 100 || status > 999) {
      GoServer.log(context, "http: panic serving: invalid WriteHeader code " + status);
      then.accept(new HttpResult.Reset());
    } else {
      answering(then).accept(GoServer.answer(status, text));
    }
  }

  private HttpResponse header(HttpRequest request, String key) {
    if (!key.isEmpty()) {
      GoServer.log(context, "GET /header?key=" + key);
      return GoServer.ok(request.header(key));
    }
    GoServer.log(context, "GET /header");
    Map<String, KubeList> headers = new TreeMap<>();
    request.headers().forEach((name, value) -> headers.put(name, KubeList.of(value)));
    KubeMap map = KubeMap.EMPTY;
    for (Map.Entry<String, KubeList> entry : headers.entrySet()) {
      map = map.with(entry.getKey(), entry.getValue());
    }
    return GoServer.ok(GoText.json(map));
  }

  private HttpResponse redirect(HttpRequest request, QueryString form) {
    String location = form.value("location");
    String code = form.value("code");
    String asked = request.method() + " /redirect?msg=" + location + "&code=" + code;
    GoServer.log(context, asked);
    if (!code.isEmpty() && !number(code)) {
      return GoServer.ok(
          "argument 'code' must be an integer or empty, got " + GoQuote.quote(code) + "\n");
    }
    return GoServer.redirect(request, location, code.isEmpty() ? 302 : Integer.parseInt(code));
  }

  private static boolean number(String text) {
    return text.matches("[-+]?\\d{1,9}");
  }

  private void exit(QueryString form, Consumer<HttpResponse> then) {
    String wait = form.value("wait");
    String timeout = form.value("timeout");
    String code = form.value("code");
    String asked = "GET /exit?code=" + code + "&timeout=" + timeout + "&wait=" + wait;
    GoServer.log(context, asked);
    long timeoutNanos = AgnhostFlags.nanos(timeout);
    long waitNanos = AgnhostFlags.nanos(wait);
    String wrong =
        timeoutNanos < 0 && !timeout.isEmpty()
            ? "'timeout' must be a valid golang duration or empty, got " + GoQuote.quote(timeout)
            : waitNanos < 0 && !wait.isEmpty()
                ? "'wait' must be a valid golang duration or empty, got " + GoQuote.quote(wait)
                : !code.isEmpty() && !number(code)
                    ? "'code' must be an integer [0-127] or empty, got " + GoQuote.quote(code)
                    : "";
    if (!wrong.isEmpty()) {
      then.accept(GoServer.ok("argument " + wrong + "\n"));
      return;
    }
    int exitCode = code.isEmpty() ? 0 : Integer.parseInt(code) & 0xFF;
    GoServer.log(
        context,
        "Will begin shutdown in "
            + GoDuration.of(Math.max(0, waitNanos))
            + ", allowing "
            + GoDuration.of(Math.max(0, timeoutNanos))
            + " for connections to close, then will exit with "
            + exitCode);
    context.after(
        Math.max(0, waitNanos),
        () -> {
          if (timeoutNanos <= 0) {
            context.exit(exitCode);
          } else {
            shutDown(exitCode, context.container().simulation().now() + timeoutNanos);
            then.accept(GoServer.answer(200, ""));
          }
        });
  }

  /** Takes no more connections, and ends when no request is under way any more. */
  private void shutDown(int code, long deadlineNanos) {
    OpenPort open = http;
    if (open != null) {
      open.refuseMore();
    }
    context.after(IDLE_CHECK_NANOS, () -> endWhenIdle(code, deadlineNanos));
  }

  private void endWhenIdle(int code, long deadlineNanos) {
    OpenPort open = http;
    boolean late = context.container().simulation().now() >= deadlineNanos;
    if (open != null && open.busy() && !late) {
      context.after(IDLE_CHECK_NANOS, () -> endWhenIdle(code, deadlineNanos));
      return;
    }
    String how = late ? "context deadline exceeded" : "<nil>";
    GoServer.log(context, "Graceful shutdown completed with: " + how);
    context.exit(code);
  }

  private void shell(QueryString form, Consumer<HttpResponse> then) {
    String command = form.value("shellCommand");
    String script = command.isEmpty() ? form.value("cmd") : command;
    GoServer.log(context, "GET /shell?cmd=" + script);
    StringBuilder output = new StringBuilder();
    Consumer<String> ended =
        error -> {
          KubeMap answer = KubeMap.EMPTY;
          answer = error.isEmpty() ? answer : answer.with("error", error);
          answer = output.isEmpty() ? answer : answer.with("output", output.toString());
          GoServer.log(context, "Output: " + GoText.of(answer));
          then.accept(GoServer.ok(GoText.json(answer)));
        };
    if (context.run().full()) {
      ended.accept("fork/exec /bin/sh: resource temporarily unavailable");
      return;
    }
    Sink sink =
        (process, text) -> {
          if (output.length() + text.length() <= HttpRequestReader.BODY_MAX) {
            output.append(text);
          }
        };
    ProgramContext.Heritage heritage =
        new ProgramContext.Heritage(
            context.env(),
            Streams.of(ProgramInput.of(""), sink, sink),
            context.directory(),
            context.root());
    ProgramContext child =
        context.child(
            List.of("/bin/sh", "-c", script),
            heritage,
            code -> ended.accept(code == 0 ? "" : "exit status " + code));
    Shell.run(child);
  }
}
