package dev.wavetank.core.container;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Programs that use the network of their pod. */
final class NetworkPrograms {

  private static final long SECOND = 1_000_000_000L;

  /** How long a connection is tried when the program sets no limit of its own. */
  private static final long PATIENCE_NANOS = 127 * SECOND;

  private NetworkPrograms() {}

  static void addTo(Programs programs) {
    programs.add("dig", context -> lookup(context, true));
    programs.add("nslookup", context -> lookup(context, false));
    programs.add("wget", NetworkPrograms::wget);
    programs.add("curl", NetworkPrograms::curl);
    programs.add("nc", NetworkPrograms::nc);
  }

  private static void lookup(ProgramContext context, boolean dig) {
    PodSandbox sandbox = context.container().sandbox();
    if (dig) {
      context.network().dig(sandbox, context.arguments(), output -> finish(context, output));
    } else {
      context.network().nslookup(sandbox, context.arguments(), output -> finish(context, output));
    }
  }

  private static void finish(ProgramContext context, ProgramOutput output) {
    if (context.over()) {
      return;
    }
    if (!output.stdout().isEmpty()) {
      context.out(output.stdout());
    }
    if (!output.stderr().isEmpty()) {
      context.err(output.stderr());
    }
    context.exit(output.exitCode());
  }

  /** The parts of a URL that are needed to ask for it. */
  private record Target(String host, int port, String path, String hostHeader) {
    static Target of(String url) {
      String rest = url;
      int port = 80;
      int scheme = rest.indexOf("://");
      if (scheme >= 0) {
        port = rest.startsWith("https") ? 443 : 80;
        rest = rest.substring(scheme + 3);
      }
      int slash = rest.indexOf('/');
      String path = slash < 0 ? "/" : rest.substring(slash);
      String place = slash < 0 ? rest : rest.substring(0, slash);
      String host = place;
      int colon = place.lastIndexOf(':');
      if (colon > place.lastIndexOf(']') && place.substring(colon + 1).matches("\\d{1,5}")) {
        port = Integer.parseInt(place.substring(colon + 1));
        host = place.substring(0, colon);
      }
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      return new Target(host, port, path, place);
    }
  }

  private static void wget(ProgramContext context) {
    String file = "index.html";
    boolean quiet = false;
    boolean spider = false;
    long timeout = PATIENCE_NANOS;
    String url = "";
    List<String> words = context.arguments();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--spider")) {
        spider = true;
      } else if (word.startsWith("--timeout=")) {
        timeout = seconds(word.substring("--timeout=".length()));
      } else if (word.equals("-T") || word.equals("-t") || word.equals("-O")) {
        String value = i + 1 < words.size() ? words.get(++i) : "";
        timeout = word.equals("-T") ? seconds(value) : timeout;
        file = word.equals("-O") ? value : file;
      } else if (word.startsWith("-")) {
        quiet |= word.contains("q");
        int output = word.indexOf('O');
        if (!word.startsWith("--") && output > 0) {
          boolean joined = output + 1 < word.length();
          file = joined ? word.substring(output + 1) : i + 1 < words.size() ? words.get(++i) : "";
        }
      } else {
        url = word;
      }
    }
    if (url.isEmpty()) {
      context.err("wget: missing URL\n");
      context.exit(1);
      return;
    }
    Target target = Target.of(url);
    String path = file;
    boolean loud = !quiet;
    boolean check = spider;
    ask(
        context,
        target,
        new HttpRequest(
            "GET", target.hostHeader(), target.path(), ImmutableMap.of("User-Agent", "Wget"), ""),
        timeout,
        outcome -> wgetDone(context, target, outcome, path, loud, check));
  }

  private static void ask(
      ProgramContext context,
      Target target,
      HttpRequest request,
      long timeoutNanos,
      java.util.function.Consumer<ProgramNetwork.Outcome> then) {
    context
        .network()
        .http(
            context.container().sandbox(),
            target.host(),
            target.port(),
            request,
            timeoutNanos,
            outcome -> {
              if (!context.over()) {
                then.accept(outcome);
              }
            });
  }

  private static void wgetDone(
      ProgramContext context,
      Target target,
      ProgramNetwork.Outcome outcome,
      String file,
      boolean loud,
      boolean spider) {
    if (loud && !outcome.address().isEmpty()) {
      context.err("Connecting to " + target.hostHeader() + " (" + outcome.address() + ")\n");
    }
    String failure =
        switch (outcome.failure()) {
          case NONE -> "";
          case NAME_NOT_FOUND, NAME_SERVER_SILENT ->
              "wget: bad address '" + target.hostHeader() + "'\n";
          case REFUSED ->
              "wget: can't connect to remote host ("
                  + ipOf(outcome.address())
                  + "): Connection refused\n";
          case TIMED_OUT -> "wget: download timed out\n";
          case RESET -> "wget: error getting response: Connection reset by peer\n";
          case NO_ROUTE ->
              "wget: can't connect to remote host ("
                  + ipOf(outcome.address())
                  + "): No route to host\n";
        };
    HttpResponse response = outcome.response();
    if (failure.isEmpty() && response.status() >= 400) {
      failure =
          "wget: server returned error: HTTP/1.1 "
              + response.status()
              + " "
              + HttpStatusText.of(response.status())
              + "\n";
    }
    if (!failure.isEmpty()) {
      context.err(failure);
      context.exit(1);
      return;
    }
    if (spider) {
      if (loud) {
        context.err("remote file exists\n");
      }
    } else if (file.equals("-") || file.equals("/dev/stdout")) {
      context.out(response.body());
    } else {
      context.container().write(file, response.body());
    }
    context.exit(0);
  }

  private static String ipOf(String address) {
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  private static long seconds(String text) {
    try {
      return Math.max(1, (long) (Double.parseDouble(text) * SECOND));
    } catch (NumberFormatException e) {
      return PATIENCE_NANOS;
    }
  }

  /** What the options of curl say. */
  private static final class Curl {
    final Map<String, String> headers = new LinkedHashMap<>();
    final List<String> urls = new ArrayList<>();
    String method = "";
    String body = "";
    String output = "";
    String writeOut = "";
    long timeoutNanos = PATIENCE_NANOS;
    long timeoutMillis;
    boolean silent;
    boolean showErrors;
    boolean fail;
    boolean include;
    boolean head;

    Curl(List<String> words) {
      headers.put("User-Agent", "curl/8.14.1");
      headers.put("Accept", "*/*");
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        String next = i + 1 < words.size() ? words.get(i + 1) : "";
        if (takesValue(word)) {
          option(word, next);
          i++;
        } else if (word.startsWith("--")) {
          longFlag(word);
        } else if (word.startsWith("-") && word.length() > 1) {
          i += shortFlags(word, next);
        } else {
          urls.add(word);
        }
      }
    }

    private static boolean takesValue(String word) {
      return switch (word) {
        case "-X",
            "--request",
            "-d",
            "--data",
            "-o",
            "--output",
            "-w",
            "--write-out",
            "-m",
            "--max-time",
            "--connect-timeout",
            "-H",
            "--header" ->
            true;
        default -> false;
      };
    }

    private void option(String word, String value) {
      switch (word) {
        case "-X", "--request" -> method = value;
        case "-d", "--data" -> body = value;
        case "-o", "--output" -> output = value;
        case "-w", "--write-out" -> writeOut = value;
        case "-H", "--header" -> {
          int colon = value.indexOf(':');
          if (colon > 0) {
            headers.put(value.substring(0, colon), value.substring(colon + 1).trim());
          }
        }
        default -> timeoutNanos = Math.min(timeoutNanos, seconds(value));
      }
    }

    private void longFlag(String word) {
      silent |= word.equals("--silent");
      showErrors |= word.equals("--show-error");
      fail |= word.equals("--fail");
      include |= word.equals("--include");
      head |= word.equals("--head");
    }

    private int shortFlags(String word, String next) {
      for (int j = 1; j < word.length(); j++) {
        String flag = "-" + word.charAt(j);
        if (takesValue(flag)) {
          boolean joined = j + 1 < word.length();
          option(flag, joined ? word.substring(j + 1) : next);
          return joined ? 0 : 1;
        }
        silent |= flag.equals("-s");
        showErrors |= flag.equals("-S");
        fail |= flag.equals("-f");
        include |= flag.equals("-i");
        head |= flag.equals("-I");
      }
      return 0;
    }

    HttpRequest request(Target target) {
      String verb = head ? "HEAD" : method.isEmpty() ? body.isEmpty() ? "GET" : "POST" : method;
      return new HttpRequest(
          verb, target.hostHeader(), target.path(), ImmutableMap.copyOf(headers), body);
    }
  }

  private static void curl(ProgramContext context) {
    Curl options = new Curl(context.arguments());
    if (options.urls.isEmpty()) {
      context.err("curl: (2) no URL specified\n");
      context.exit(2);
      return;
    }
    Target target = Target.of(options.urls.get(0));
    options.timeoutMillis = options.timeoutNanos / 1_000_000L;
    ask(
        context,
        target,
        options.request(target),
        options.timeoutNanos,
        outcome -> curlDone(context, options, target, outcome));
  }

  private static void curlDone(
      ProgramContext context, Curl options, Target target, ProgramNetwork.Outcome outcome) {
    if (outcome.failure() != ProgramNetwork.Failure.NONE) {
      curlFailed(context, options, target, outcome.failure());
      return;
    }
    HttpResponse response = outcome.response();
    if (options.fail && response.status() >= 400) {
      curlError(context, options, 22, "The requested URL returned error: " + response.status());
      return;
    }
    StringBuilder text = new StringBuilder();
    if (options.include || options.head) {
      text.append("HTTP/1.1 ")
          .append(response.status())
          .append(' ')
          .append(HttpStatusText.of(response.status()))
          .append("\r\n");
      response
          .headers()
          .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
      text.append("\r\n");
    }
    if (!options.head) {
      text.append(response.body());
    }
    if (options.output.isEmpty() || options.output.equals("-")) {
      context.out(text.toString());
    } else {
      context.container().write(options.output, text.toString());
    }
    writeOut(context, options, response.status());
    context.exit(0);
  }

  private static void writeOut(ProgramContext context, Curl options, int status) {
    if (!options.writeOut.isEmpty()) {
      context.out(
          options
              .writeOut
              .replace("%{http_code}", status == 0 ? "000" : Integer.toString(status))
              .replace("%{response_code}", status == 0 ? "000" : Integer.toString(status))
              .replace("\\n", "\n"));
    }
  }

  private static void curlFailed(
      ProgramContext context, Curl options, Target target, ProgramNetwork.Failure failure) {
    writeOut(context, options, 0);
    String place = target.host() + " port " + target.port();
    switch (failure) {
      case NAME_NOT_FOUND ->
          curlError(context, options, 6, "Could not resolve host: " + target.host());
      case NAME_SERVER_SILENT ->
          curlError(context, options, 28, "Resolving timed out after " + patience(options));
      case REFUSED ->
          curlError(
              context,
              options,
              7,
              "Failed to connect to " + place + " after 0 ms: Could not connect to server");
      case TIMED_OUT ->
          curlError(context, options, 28, "Connection timed out after " + patience(options));
      case RESET -> curlError(context, options, 56, "Recv failure: Connection reset by peer");
      case NO_ROUTE, NONE ->
          curlError(
              context,
              options,
              7,
              "Failed to connect to " + place + " after 0 ms: No route to host");
    }
  }

  private static String patience(Curl options) {
    return options.timeoutMillis + " milliseconds";
  }

  private static void curlError(ProgramContext context, Curl options, int code, String words) {
    if (!options.silent || options.showErrors) {
      context.err("curl: (" + code + ") " + words + "\n");
    }
    context.exit(code);
  }

  private static void nc(ProgramContext context) {
    long timeout = PATIENCE_NANOS;
    List<String> places = new ArrayList<>();
    boolean verbose = false;
    List<String> words = context.arguments();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("-w") && i + 1 < words.size()) {
        timeout = seconds(words.get(++i));
      } else if (words.get(i).startsWith("-")) {
        verbose |= words.get(i).contains("v");
      } else {
        places.add(words.get(i));
      }
    }
    if (places.size() != 2 || !places.get(1).matches("\\d{1,5}")) {
      context.err("nc: bad arguments\n");
      context.exit(1);
      return;
    }
    boolean loud = verbose;
    String place = places.get(0) + " (" + places.get(1) + ")";
    context
        .network()
        .connect(
            context.container().sandbox(),
            places.get(0),
            Integer.parseInt(places.get(1)),
            timeout,
            outcome -> {
              if (context.over()) {
                return;
              }
              boolean open = outcome.failure() == ProgramNetwork.Failure.NONE;
              if (loud) {
                context.err(open ? place + " open\n" : "nc: " + place + ": closed\n");
              }
              context.exit(open ? 0 : 1);
            });
  }
}
