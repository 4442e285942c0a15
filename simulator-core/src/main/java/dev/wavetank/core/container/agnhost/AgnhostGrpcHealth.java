package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.network.Protocol;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code agnhost grpc-health-checking}: a health service of gRPC, and a server of HTTP that sets
 * what it says.
 *
 * <p>Follows test/images/agnhost/grpc-health-checking/grpc-health-checking.go (v1.36).
 */
final class AgnhostGrpcHealth implements PortListener.Http {

  private final ProgramContext context;
  private final long startedNanos;
  private final String service;
  private final int unhealthySeconds;
  private @Nullable Boolean unhealthy;

  private AgnhostGrpcHealth(ProgramContext context, AgnhostFlags flags) {
    this.context = context;
    this.startedNanos = context.container().simulation().now();
    this.service = flags.text("service");
    this.unhealthySeconds = flags.number("delay-unhealthy-sec");
  }

  static AgnhostFlags flags() {
    return new AgnhostFlags()
        .number("port", 5000)
        .number("http-port", 8080)
        .number("delay-unhealthy-sec", -1)
        .text("service", "")
        .text("tls-cert-file", "")
        .text("tls-private-key-file", "");
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    int http = flags.number("http-port");
    int port = flags.number("port");
    if (flags.text("tls-cert-file").isEmpty() != flags.text("tls-private-key-file").isEmpty()) {
      GoServer.fatal(context, "Both --tls-cert-file and --tls-private-key-file must be set");
      return;
    }
    AgnhostGrpcHealth server = new AgnhostGrpcHealth(context, flags);
    GoServer.log(context, "Http server starting to listen on :" + http);
    GoServer.listen(context, Protocol.TCP, http, (PortListener.Http) server::switched);
    if (!context.over()) {
      GoServer.log(context, "gRPC server starting to listen on :" + port);
      GoServer.listen(context, Protocol.TCP, port, server);
    }
  }

  private void switched(HttpRequest request, Consumer<HttpResult> then) {
    boolean down = request.plainPath().equals("/make-not-serving");
    boolean known = down || request.plainPath().equals("/make-serving");
    if (known) {
      GoServer.log(context, down ? "Mark as unhealthy" : "Mark as healthy");
      unhealthy = down;
    }
    String age = GoDuration.of(context.container().simulation().now() - startedNanos);
    then.accept(new HttpResult.Answered(known ? GoServer.ok(age) : GoServer.notFound()));
  }

  /** Whoever does not speak HTTP/2 is left. */
  @Override
  public void request(HttpRequest request, Consumer<HttpResult> then) {
    then.accept(new HttpResult.NotHttp(""));
  }

  @Override
  public @Nullable String grpcHealth(String asked) {
    if (!asked.equals(service)) {
      return null;
    }
    long age = context.container().simulation().now() - startedNanos;
    boolean late = unhealthySeconds >= 0 && age >= unhealthySeconds * 1_000_000_000L;
    return Boolean.TRUE.equals(unhealthy) || late ? "NOT_SERVING" : "SERVING";
  }
}
