package dev.wavetank.core.container.program.network;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.http.HttpMessages;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.HttpStatusText;
import dev.wavetank.core.container.http.HttpTarget;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.Lines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program {@code curl}, without its progress meter. */
final class Curl {

  private static final int REDIRECTIONS_MAX = 50;

  private final ProgramContext context;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> urls = new ArrayList<>();
  private String method = "";
  private String body = "";
  private String output = "";
  private String writeOut = "";
  private String error = "";
  private long timeoutNanos = NetworkPrograms.PATIENCE_NANOS;
  private boolean silent;
  private boolean showsErrors;
  private boolean fails;
  private boolean includes;
  private boolean head;
  private boolean verbose;
  private boolean follows;
  private boolean insecure;
  private String authorityFile = "";
  private final Map<String, String> resolved = new LinkedHashMap<>();
  private int next;
  private int redirections;
  private int exitCode;

  private Curl(ProgramContext context) {
    this.context = context;
    headers.put("User-Agent", "curl/8.14.1");
    headers.put("Accept", "*/*");
  }

  static void run(ProgramContext context) {
    Curl curl = new Curl(context);
    curl.read(context.arguments());
    if (!curl.error.isEmpty() || curl.urls.isEmpty()) {
      context.err("curl: " + (curl.error.isEmpty() ? "(2) no URL specified" : curl.error) + "\n");
      context.exit(2);
    } else {
      curl.askNext();
    }
  }

  // Options

  private void read(List<String> words) {
    for (int i = 0; i < words.size() && error.isEmpty(); i++) {
      String word = words.get(i);
      String following = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.startsWith("--")) {
        boolean valued = takesValue(word);
        option(word, valued ? following : "");
        i += valued ? 1 : 0;
      } else if (word.startsWith("-") && word.length() > 1) {
        i += ProgramOptions.letters(word, following, Curl::takesValue, this::option);
      } else {
        urls.add(word);
      }
    }
  }

  private static boolean takesValue(String option) {
    return switch (option) {
      case "-A",
          "-H",
          "-X",
          "-d",
          "-m",
          "-o",
          "-u",
          "-w",
          "-E",
          "--cacert",
          "--cert",
          "--connect-timeout",
          "--data",
          "--data-binary",
          "--data-raw",
          "--header",
          "--key",
          "--max-time",
          "--output",
          "--request",
          "--resolve",
          "--url",
          "--user",
          "--user-agent",
          "--write-out" ->
          true;
      default -> false;
    };
  }

  private void option(String name, String value) {
    switch (name) {
      case "-X", "--request" -> method = value;
      case "-d", "--data", "--data-binary", "--data-raw" -> {
        body = body.isEmpty() ? value : body + "&" + value;
        method = method.isEmpty() ? "POST" : method;
        headers.putIfAbsent("Content-Type", "application/x-www-form-urlencoded");
      }
      case "-o", "--output" -> output = value;
      case "-w", "--write-out" -> writeOut = value;
      case "-A", "--user-agent" -> headers.put("User-Agent", value);
      case "-H", "--header" -> header(value);
      case "-u", "--user" -> {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
      }
      case "--url" -> urls.add(value);
      case "-m", "--max-time", "--connect-timeout" -> limit(name, value);
      case "-s", "--silent" -> silent = true;
      case "-S", "--show-error" -> showsErrors = true;
      case "-f", "--fail" -> fails = true;
      case "-i", "--include" -> includes = true;
      case "-I", "--head" -> head = true;
      case "-L", "--location" -> follows = true;
      case "-v", "--verbose" -> verbose = true;
      case "-k", "--insecure" -> insecure = true;
      case "--cacert" -> authorityFile = value;
      case "--resolve" -> resolve(value);
      case "-g", "-q", "-E", "--cert", "--key", "-4", "--ipv4", "--no-progress-meter" -> {}
      default -> error = "option " + name + ": is unknown";
    }
  }

  private void header(String header) {
    int colon = header.indexOf(':');
    if (colon > 0) {
      headers.keySet().removeIf(name -> name.equalsIgnoreCase(header.substring(0, colon)));
      headers.put(header.substring(0, colon), header.substring(colon + 1).trim());
    }
  }

  /** {@code HOST:PORT:ADDRESS}. */
  private void resolve(String entry) {
    int first = entry.indexOf(':');
    int second = entry.indexOf(':', first + 1);
    if (first <= 0 || second < 0) {
      error = "option --resolve: is badly used here";
    } else {
      String address = entry.substring(second + 1);
      boolean bracketed = address.startsWith("[") && address.endsWith("]");
      resolved.put(
          entry.substring(0, second),
          bracketed ? address.substring(1, address.length() - 1) : address);
    }
  }

  private void limit(String option, String seconds) {
    long nanos = NetworkPrograms.nanos(seconds);
    if (nanos < 0) {
      error = "option " + option + ": expected a proper numerical parameter";
    } else {
      timeoutNanos = Math.min(timeoutNanos, nanos);
    }
  }

  // Requests

  private void askNext() {
    if (next == urls.size()) {
      context.exit(exitCode);
      return;
    }
    redirections = 0;
    String url = urls.get(next++);
    HttpTarget target = HttpTarget.of(url);
    if (target == null) {
      fail(3, "URL rejected: Malformed input to a URL function");
    } else {
      ask(target);
    }
  }

  private HttpRequest request(HttpTarget target) {
    String verb = head ? "HEAD" : method.isEmpty() ? "GET" : method;
    return new HttpRequest(verb, target.place(), target.path(), ImmutableMap.copyOf(headers), body)
        .over(target.scheme().equals("https"));
  }

  private void ask(HttpTarget target) {
    PodSandbox sandbox = context.container().sandbox();
    String host = address(target);
    if (!target.scheme().equals("https")) {
      context
          .network()
          .http(
              sandbox,
              host,
              target.port(),
              request(target),
              timeoutNanos,
              context.unlessOver(outcome -> answered(target, null, outcome)));
      return;
    }
    String file = authorityFile.isEmpty() ? CurlTls.SYSTEM_AUTHORITIES : authorityFile;
    String authorities = context.container().files().read(context.path(file));
    if (authorities == null && !authorityFile.isEmpty() && !insecure) {
      fail(77, "error adding trust anchors from file: " + file);
      return;
    }
    CurlTls tls =
        new CurlTls(
            target.host(),
            insecure,
            file,
            authorities == null ? "" : authorities,
            sandbox.runtime().simulation().instant());
    context
        .network()
        .https(
            sandbox,
            host,
            target.port(),
            request(target),
            tls,
            timeoutNanos,
            context.unlessOver(outcome -> answered(target, tls, outcome)));
  }

  /** Whom it connects to. */
  private String address(HttpTarget target) {
    return resolved.getOrDefault(target.host() + ":" + target.port(), target.host());
  }

  /** What {@code -v} tells of a connection, the request and the answer's head. */
  private void tell(HttpTarget target, @Nullable CurlTls tls, Outcome outcome) {
    if (!verbose) {
      return;
    }
    StringBuilder told = new StringBuilder();
    boolean connected = outcome.failure() == Failure.NONE || outcome.failure() == Failure.NOT_HTTP;
    String place = target.host() + ":" + target.port();
    if (resolved.containsKey(place)) {
      told.append("* Added ").append(place).append(':').append(resolved.get(place));
      told.append(" to DNS cache\n* Hostname ").append(target.host());
      told.append(" was found in DNS cache\n");
    }
    if (!outcome.address().isEmpty()) {
      told.append("*   Trying ").append(outcome.address()).append("...\n");
    }
    boolean spoken =
        switch (outcome.failure()) {
          case CERTIFICATE_REFUSED, NOT_TLS, UNRECOGNIZED_NAME -> true;
          default -> connected;
        };
    if (tls != null && spoken) {
      told.append(tls.told(outcome.failure(), outcome.certificate()));
    }
    if (connected) {
      String address = outcome.address();
      int colon = Math.max(0, address.lastIndexOf(':'));
      told.append("* Connected to ").append(target.host());
      told.append(" (").append(address, 0, colon).append(") port ").append(target.port());
      String sent = HttpMessages.request(request(target).over(false));
      int end = sent.indexOf("\r\n\r\n") + 2;
      told.append('\n').append(marked("> ", sent.substring(0, end))).append("> \n");
    }
    if (outcome.failure() == Failure.NONE) {
      told.append(marked("< ", headers(outcome.response())));
    }
    context.err(told.toString());
  }

  private static String marked(String mark, String lines) {
    StringBuilder out = new StringBuilder();
    for (String line : Lines.of(lines.replace("\r", ""))) {
      out.append(mark).append(line).append('\n');
    }
    return out.toString();
  }

  private void answered(HttpTarget target, @Nullable CurlTls tls, Outcome outcome) {
    tell(target, tls, outcome);
    if (outcome.failure() == Failure.CERTIFICATE_REFUSED && tls != null) {
      writeOut(0);
      fail(60, tls.refusal() + "\n" + CurlTls.ADVICE.stripTrailing());
      return;
    }
    if (outcome.failure() != Failure.NONE) {
      unanswered(target, outcome);
      return;
    }
    HttpResponse response = outcome.response();
    String location = response.header("Location");
    boolean moved = response.status() >= 300 && response.status() < 400 && !location.isEmpty();
    if (follows && moved) {
      HttpTarget further = target.follow(location);
      if (++redirections > REDIRECTIONS_MAX || further == null) {
        fail(47, "Maximum (" + REDIRECTIONS_MAX + ") redirects followed");
      } else {
        ask(further);
      }
      return;
    }
    if (fails && response.status() >= 400) {
      writeOut(response.status());
      fail(22, "The requested URL returned error: " + response.status());
      return;
    }
    print((includes || head ? headers(response) : "") + (head ? "" : response.body()));
    writeOut(response.status());
    askNext();
  }

  private static String headers(HttpResponse response) {
    StringBuilder text = new StringBuilder();
    text.append("HTTP/1.1 ").append(response.status()).append(' ');
    text.append(HttpStatusText.of(response.status())).append("\r\n");
    response
        .headers()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").toString();
  }

  private void print(String text) {
    if (output.isEmpty() || output.equals("-")) {
      context.out(text);
    } else if (!context.container().files().write(context.path(output), text).isEmpty()) {
      exitCode = 23;
    }
  }

  private void writeOut(int status) {
    String code = status == 0 ? "000" : Integer.toString(status);
    context.out(
        writeOut
            .replace("%{http_code}", code)
            .replace("%{response_code}", code)
            .replace("\\n", "\n")
            .replace("\\t", "\t"));
  }

  private void unanswered(HttpTarget target, Outcome outcome) {
    Failure failure = outcome.failure();
    writeOut(0);
    String place = "Failed to connect to " + target.host() + " port " + target.port();
    String waited = timeoutNanos / 1_000_000 + " milliseconds";
    switch (failure) {
      case NAME_NOT_FOUND -> fail(6, "Could not resolve host: " + target.host());
      case NAME_SERVER_SILENT -> fail(28, "Resolving timed out after " + waited);
      case TIMED_OUT -> fail(28, "Connection timed out after " + waited);
      case NOT_HTTP -> {
        if (outcome.response().body().isEmpty()) {
          fail(52, "Empty reply from server");
        } else {
          fail(1, "Received HTTP/0.9 when not allowed");
        }
      }
      case NOT_TLS -> fail(35, CurlTls.NOT_TLS);
      case UNRECOGNIZED_NAME -> fail(35, CurlTls.UNRECOGNIZED_NAME);
      case RESET -> fail(56, "Recv failure: Connection reset by peer");
      case NO_ROUTE -> fail(7, place + " after 0 ms: No route to host");
      default -> fail(7, place + " after 0 ms: Could not connect to server");
    }
  }

  private void fail(int code, String message) {
    if (!silent || showsErrors) {
      context.err("curl: (" + code + ") " + message + "\n");
    }
    exitCode = code;
    askNext();
  }
}
