package dev.wavetank.core.container.agnhost;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.OpenPort;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.HttpStatusText;
import dev.wavetank.core.network.Protocol;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What programs written in Go have in common: how they log, serve HTTP, and give up. */
final class GoServer {

  private static final DateTimeFormatter LOG =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss ", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter KLOG =
      DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter NOW =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS '+0000 UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int DIED = 2;

  private GoServer() {}

  /** Writes a line as {@code log.Print} does. */
  static void log(ProgramContext context, String line) {
    context.err(LOG.format(now(context)) + line + "\n");
  }

  /** Writes a line as klog does. */
  static void klog(ProgramContext context, char level, String place, String line) {
    String id = String.format(Locale.ROOT, "%7d", context.pid());
    context.err(level + KLOG.format(now(context)) + " " + id + " " + place + "] " + line + "\n");
  }

  /** Writes a line as {@code log.Fatal} does, and ends. */
  static void fatal(ProgramContext context, String line) {
    log(context, line);
    context.exit(1);
  }

  private static Instant now(ProgramContext context) {
    return context.container().simulation().instant();
  }

  /** The time as {@code %v} prints it, with the seconds of the monotonic clock. */
  static String time(ProgramContext context) {
    long age = context.container().ageNanos();
    String seconds =
        String.format(Locale.ROOT, "%d.%09d", age / 1_000_000_000, age % 1_000_000_000);
    return NOW.format(now(context)).replaceFirst("\\.?0+ \\+", " +") + " m=+" + seconds;
  }

  /** A signal without a handler: a container's first process dies of it with 2, by Go's hand. */
  static void diesOfSignals(ProgramContext context) {
    context.onSignal(
        signal -> {
          boolean dies =
              context.pid() == 1
                  && switch (signal) {
                    case TERM, INT, HUP, QUIT -> true;
                    default -> false;
                  };
          if (dies) {
            context.exit(DIED);
          }
          return dies;
        });
  }

  /** Listens, or ends because somebody else does. */
  static @Nullable OpenPort listen(
      ProgramContext context, Protocol protocol, int port, PortListener listener) {
    String family = protocol == Protocol.UDP ? "udp" : "tcp";
    if (port < 0 || port > 65_535) {
      fatal(context, "listen " + family + ": address " + port + ": invalid port");
      return null;
    }
    OpenPort open = context.listen(protocol, port, listener);
    if (open == null && !context.over()) {
      fatal(context, "listen " + family + " :" + port + ": bind: address already in use");
    }
    return open;
  }

  // Answers of HTTP

  static HttpResponse ok(String body) {
    return answer(200, body);
  }

  static HttpResponse answer(int status, String body) {
    return HttpResponse.of(status, "text/plain; charset=utf-8", body);
  }

  static HttpResponse html(int status, String body) {
    return HttpResponse.of(status, "text/html; charset=utf-8", body);
  }

  /** As {@code http.Error} answers. */
  static HttpResponse error(int status, String message) {
    return new HttpResponse(
        status,
        ImmutableMap.of(
            "Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
        message + "\n");
  }

  static HttpResponse notFound() {
    return error(404, "404 page not found");
  }

  /** As {@code http.Redirect} answers. */
  static HttpResponse redirect(HttpRequest request, String location, int status) {
    String place = location;
    if (!location.contains("://") && !location.startsWith("/")) {
      String path = request.plainPath();
      place = path.substring(0, path.lastIndexOf('/') + 1) + location;
    }
    String shown = place.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String body = "<a href=\"" + shown + "\">" + HttpStatusText.of(status) + "</a>.\n\n";
    boolean read = request.method().equals("GET");
    return new HttpResponse(
        status,
        ImmutableMap.of("Content-Type", "text/html; charset=utf-8", "Location", place),
        read ? body : "");
  }
}
