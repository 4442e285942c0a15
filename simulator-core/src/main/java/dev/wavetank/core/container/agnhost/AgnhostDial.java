package dev.wavetank.core.container.agnhost;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.QueryString;
import dev.wavetank.core.container.text.Lines;
import dev.wavetank.core.network.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Requests that agnhost sends on behalf of another, one after the other: {@code /dial} of {@code
 * netexec}, and those of the guestbook.
 *
 * <p>Follows test/images/agnhost/netexec/netexec.go (v1.36).
 */
final class AgnhostDial {

  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** More tries are not made. */
  private static final int TRIES_MAX = 10_000;

  /** Characters of a datagram's answer that are read. */
  private static final int DATAGRAM_MAX = 2048;

  private final ProgramContext context;
  private final String host;
  private final int port;
  private final String request;
  private final boolean datagrams;
  private final Consumer<HttpResponse> then;
  private final List<String> responses = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private String last = "";
  private int triesLeft;

  private AgnhostDial(
      ProgramContext context,
      String host,
      int port,
      String request,
      boolean datagrams,
      int tries,
      Consumer<HttpResponse> then) {
    this.context = context;
    this.host = host;
    this.port = port;
    this.request = request;
    this.datagrams = datagrams;
    this.triesLeft = tries;
    this.then = then;
  }

  static void serve(ProgramContext context, QueryString query, Consumer<HttpResponse> then) {
    String host = query.value("host");
    String port = query.value("port");
    String request = query.value("request");
    String protocol = query.value("protocol");
    String tries = query.value("tries");
    GoServer.log(
        context,
        "GET /dial?host="
            + host
            + "&protocol="
            + protocol
            + "&port="
            + port
            + "&request="
            + request
            + "&tries="
            + tries);
    String kind = Ascii.toLowerCase(protocol);
    String wrong =
        !tries.matches("|[-+]?\\d{1,9}")
            ? "tries parameter is invalid. strconv.Atoi: parsing "
                + GoQuote.quote(tries)
                + ": invalid syntax"
            : request.isEmpty()
                ? "request parameter not specified. <nil>"
                : !kind.matches("|http|udp|sctp")
                    ? "unsupported protocol. " + protocol
                    : !port.matches("|\\d{1,5}") || (!port.isEmpty() && number(port) > 65_535)
                        ? "host and/or port param are invalid. address " + port + ": invalid port"
                        : "";
    if (!wrong.isEmpty()) {
      then.accept(GoServer.error(400, wrong));
      return;
    }
    int count = tries.isEmpty() ? 1 : Math.min(number(tries), TRIES_MAX);
    String place = host.isEmpty() ? "127.0.0.1" : host;
    int to = port.isEmpty() ? 0 : number(port);
    AgnhostDial dial =
        new AgnhostDial(context, place, to, request, kind.equals("udp"), count, then);
    if (kind.equals("sctp")) {
      dial.errors.add("sctp dial failed. err:protocol not supported");
      dial.triesLeft = 0;
    }
    dial.next();
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private void next() {
    if (triesLeft <= 0) {
      KubeMap output = KubeMap.EMPTY;
      output = errors.isEmpty() ? output : output.with("errors", KubeList.copyOf(errors));
      output = last.isEmpty() ? output : output.with("responses", KubeList.copyOf(responses));
      then.accept(GoServer.ok(GoText.json(output)));
      return;
    }
    triesLeft--;
    PodSandbox sandbox = context.container().sandbox();
    if (datagrams) {
      context
          .network()
          .datagram(
              sandbox, host, port, request, TIMEOUT_NANOS, context.unlessOver(this::datagramEnded));
    } else {
      http(context, host, port, request, this::answered, this::failed);
    }
  }

  private void answered(String body) {
    last = body;
    responses.add(body);
    next();
  }

  private void failed(Outcome outcome, String error) {
    if (unknown(outcome)) {
      then.accept(GoServer.error(400, "host and/or port param are invalid. " + error));
    } else {
      last = "";
      errors.add(error);
      next();
    }
  }

  private static boolean unknown(Outcome outcome) {
    return outcome.failure() == Failure.NAME_NOT_FOUND
        || outcome.failure() == Failure.NAME_SERVER_SILENT;
  }

  private void datagramEnded(Outcome outcome) {
    String answer = outcome.response().body();
    if (outcome.failure() == Failure.NONE && !answer.isEmpty()) {
      answered(answer.substring(0, Math.min(answer.length(), DATAGRAM_MAX)));
      return;
    }
    String why =
        switch (outcome.failure()) {
          case REFUSED -> "read: connection refused";
          case NO_ROUTE -> "read: no route to host";
          default -> "i/o timeout";
        };
    failed(
        outcome,
        unknown(outcome)
            ? lookupError(context, host, outcome.failure())
            : "reading from udp connection failed. err:'read udp "
                + context.container().sandbox().ip()
                + "->"
                + outcome.address()
                + ": "
                + why
                + "'");
  }

  /** Hears why a request failed. */
  interface Failed {
    void because(Outcome outcome, String error);
  }

  /**
   * Sends a GET request as Go's client with five seconds' patience does.
   *
   * @param answered takes the body, whatever the status
   */
  static void http(
      ProgramContext context,
      String host,
      int port,
      String request,
      Consumer<String> answered,
      Failed failed) {
    String place = SocketAddress.text(host, port);
    HttpRequest get =
        new HttpRequest(
            "GET",
            place,
            "/" + request,
            ImmutableMap.of("User-Agent", "Go-http-client/1.1", "Accept-Encoding", "gzip"),
            "");
    context
        .network()
        .http(
            context.container().sandbox(),
            host,
            port,
            get,
            TIMEOUT_NANOS,
            context.unlessOver(
                outcome -> {
                  if (outcome.failure() == Failure.NONE) {
                    answered.accept(outcome.response().body());
                  } else {
                    failed.because(outcome, error(context, outcome, host, place, request));
                  }
                }));
  }

  private static String error(
      ProgramContext context, Outcome outcome, String host, String place, String request) {
    String address = outcome.address().isEmpty() ? place : outcome.address();
    String why =
        switch (outcome.failure()) {
          case NAME_NOT_FOUND, NAME_SERVER_SILENT -> lookupError(context, host, outcome.failure());
          case REFUSED -> "dial tcp " + address + ": connect: connection refused";
          case NO_ROUTE -> "dial tcp " + address + ": connect: no route to host";
          case TIMED_OUT ->
              "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
          default -> "EOF";
        };
    return unknown(outcome)
        ? why
        : "Get " + GoQuote.quote("http://" + place + "/" + request) + ": " + why;
  }

  /** Why a name has no address, in the words of Go's resolver. */
  static String lookupError(ProgramContext context, String name, Failure failure) {
    String server = "";
    String file = context.container().file("/etc/resolv.conf");
    for (String line : Lines.of(file == null ? "" : file)) {
      if (line.startsWith("nameserver ") && server.isEmpty()) {
        server = " on " + line.substring("nameserver ".length()).trim() + ":53";
      }
    }
    String why = failure == Failure.NAME_NOT_FOUND ? "no such host" : "i/o timeout";
    return "lookup " + name + server + ": " + why;
  }
}
