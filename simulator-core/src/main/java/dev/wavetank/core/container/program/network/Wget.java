package dev.wavetank.core.container.program.network;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsClient;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.HttpStatusText;
import dev.wavetank.core.container.http.HttpTarget;
import dev.wavetank.core.container.program.ProgramOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The program {@code wget}, as BusyBox has it. */
final class Wget {

  private static final int REDIRECTIONS_MAX = 5;

  private final ProgramContext context;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String url = "";
  private String file = "";
  private String body = "";
  private String error = "";
  private boolean quiet;
  private boolean spider;
  private boolean posts;
  private long timeoutNanos = NetworkPrograms.PATIENCE_NANOS;
  private int redirections;
  private boolean checks = true;

  private Wget(ProgramContext context) {
    this.context = context;
    headers.put("User-Agent", "Wget");
  }

  static void run(ProgramContext context) {
    Wget wget = new Wget(context);
    wget.read(context.arguments());
    HttpTarget target = HttpTarget.of(wget.url);
    if (!wget.error.isEmpty()) {
      wget.fail(wget.error);
    } else if (wget.url.isEmpty()) {
      wget.fail("missing URL");
    } else if (target == null) {
      wget.fail("not an http or ftp url: " + wget.url);
    } else {
      wget.ask(target);
    }
  }

  private void fail(String message) {
    context.err("wget: " + message + "\n");
    context.exit(1);
  }

  private void read(List<String> words) {
    for (int i = 0; i < words.size() && error.isEmpty(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.startsWith("--")) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        boolean separate = equals < 0 && takesValue(name);
        option(name, separate ? next : word.substring(equals + 1));
        i += separate ? 1 : 0;
      } else if (word.startsWith("-") && word.length() > 1) {
        i += ProgramOptions.letters(word, next, Wget::takesValue, this::option);
      } else {
        url = word;
      }
    }
  }

  private static boolean takesValue(String option) {
    return switch (option) {
      case "-O",
          "-T",
          "-t",
          "-U",
          "--header",
          "--post-data",
          "--timeout",
          "--tries",
          "--user-agent",
          "--output-document" ->
          true;
      default -> false;
    };
  }

  private void option(String name, String value) {
    switch (name) {
      case "-O", "--output-document" -> file = value;
      case "-T", "--timeout" -> {
        timeoutNanos = NetworkPrograms.nanos(value);
        error = timeoutNanos < 0 ? "invalid number '" + value + "'" : "";
      }
      case "-U", "--user-agent" -> headers.put("User-Agent", value);
      case "--header" -> header(value);
      case "--post-data" -> {
        posts = true;
        body = value;
        headers.putIfAbsent("Content-Type", "application/x-www-form-urlencoded");
      }
      case "-q", "--quiet" -> quiet = true;
      case "--spider" -> spider = true;
      case "--no-check-certificate" -> checks = false;
      case "-t", "--tries", "-c", "-S" -> {}
      default -> error = "unrecognized option '" + name + "'";
    }
  }

  private void header(String header) {
    int colon = header.indexOf(':');
    if (colon > 0) {
      headers.put(header.substring(0, colon), header.substring(colon + 1).trim());
    }
  }

  private void ask(HttpTarget target) {
    boolean tls = target.scheme().equals("https");
    HttpRequest request =
        new HttpRequest(
                posts ? "POST" : "GET",
                target.place(),
                target.path(),
                ImmutableMap.copyOf(headers),
                body)
            .over(tls);
    PodSandbox sandbox = context.container().sandbox();
    ProgramNetwork network = context.network();
    Consumer<Outcome> then = context.unlessOver(outcome -> answered(target, outcome));
    if (tls) {
      TlsClient client = new AnyCertificate(target.host());
      network.https(sandbox, target.host(), target.port(), request, client, timeoutNanos, then);
    } else {
      network.http(sandbox, target.host(), target.port(), request, timeoutNanos, then);
    }
  }

  /** BusyBox has no authorities to check a certificate with. */
  private record AnyCertificate(String host) implements TlsClient {
    @Override
    public String serverName() {
      return InetAddresses.isInetAddress(host) ? "" : host;
    }

    @Override
    public boolean accepts(@Nullable ShownCertificate certificate) {
      return true;
    }
  }

  private void tell(String line) {
    if (!quiet) {
      context.err(line + "\n");
    }
  }

  private void answered(HttpTarget target, Outcome outcome) {
    if (!outcome.address().isEmpty()) {
      tell("Connecting to " + target.place() + " (" + outcome.address() + ")");
    }
    boolean shook = outcome.failure() == Failure.NONE || outcome.failure() == Failure.NOT_TLS;
    if (checks && shook && target.scheme().equals("https")) {
      checks = false;
      context.err("wget: note: TLS certificate validation not implemented\n");
    }
    Failure failure = outcome.failure();
    HttpResponse response = outcome.response();
    int colon = outcome.address().lastIndexOf(':');
    String address = outcome.address().substring(0, Math.max(0, colon));
    switch (failure) {
      case NONE -> {
        if (response.status() >= 300 && !response.header("Location").isEmpty()) {
          follow(target, response.header("Location"));
        } else if (response.status() >= 300) {
          fail(
              "server returned error: HTTP/1.1 "
                  + response.status()
                  + " "
                  + HttpStatusText.of(response.status()));
        } else {
          keep(target, response.body());
        }
      }
      case NAME_NOT_FOUND, NAME_SERVER_SILENT -> fail("bad address '" + target.place() + "'");
      case TIMED_OUT -> fail("download timed out");
      case NOT_HTTP, CERTIFICATE_REFUSED, UNRECOGNIZED_NAME -> fail("error getting response");
      case NOT_TLS -> {
        context.err("wget: got bad TLS record (len:0) while expecting handshake record\n");
        fail("error getting response");
      }
      case RESET -> fail("error getting response: Connection reset by peer");
      case REFUSED, NO_ROUTE ->
          fail("can't connect to remote host (" + address + "): " + NetworkPrograms.words(failure));
    }
  }

  private void follow(HttpTarget target, String location) {
    HttpTarget next = target.follow(location);
    if (++redirections > REDIRECTIONS_MAX) {
      fail("too many redirections");
    } else if (next == null) {
      fail("not an http or ftp url: " + location);
    } else {
      ask(next);
    }
  }

  private void keep(HttpTarget target, String content) {
    if (spider) {
      tell("remote file exists");
    } else if (file.equals("-") || file.equals("/dev/stdout")) {
      tell("writing to stdout");
      context.out(content);
      tell("written to stdout");
    } else {
      String path = target.path();
      int query = path.indexOf('?');
      String plain = query < 0 ? path : path.substring(0, query);
      String last = plain.substring(plain.lastIndexOf('/') + 1);
      String name = !file.isEmpty() ? file : last.isEmpty() ? "index.html" : last;
      tell("saving to '" + name + "'");
      if (!context.container().files().write(context.path(name), content).isEmpty()) {
        fail("write error: No space left on device");
        return;
      }
      tell("'" + name + "' saved");
    }
    context.exit(0);
  }
}
