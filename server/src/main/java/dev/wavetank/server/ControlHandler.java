package dev.wavetank.server;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The paths below {@code /wavetank} that no API server has: they ask for the virtual time and let
 * it pass, and they ask {@link Questions}.
 *
 * <ul>
 *   <li>{@code GET /wavetank/clock}: the virtual time
 *   <li>{@code POST /wavetank/clock?advance=NANOSECONDS}: lets time pass
 *   <li>{@code POST /wavetank/dns}: see {@link DnsQuestions}
 *   <li>{@code POST /wavetank/clock?settle=NANOSECONDS}: lets time pass until nothing but leases
 *       was written for that long, within a minute
 * </ul>
 */
final class ControlHandler {

  /** Most time that one request lets pass. */
  static final long ADVANCE_NANOS_MAX = TimeUnit.DAYS.toNanos(365);

  private static final long SETTLING_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);
  private static final String PREFIX = "/wavetank/";

  private final ApiServer server;
  private final ApiHandler access;
  private final @Nullable Questions questions;
  private final @Nullable DnsQuestions dns;
  private long lastWriteNanos;

  /**
   * A handler for a cluster.
   *
   * @param access knows who may ask
   */
  ControlHandler(ServedCluster served, ApiHandler access) {
    this.access = access;
    server = served.api();
    Cluster cluster = served.cluster();
    questions = cluster == null ? null : new Questions(cluster);
    dns = cluster == null ? null : new DnsQuestions(cluster);
    server.listen(
        commit -> {
          if (!commit.key().type().equals(ResourceType.LEASES)) {
            lastWriteNanos = server.simulation().now();
          }
        });
  }

  boolean handles(ApiRequest request) {
    return request.path().startsWith(PREFIX);
  }

  ApiResponse handle(ApiRequest request) {
    String word = request.path().substring(PREFIX.length());
    try {
      access.admit(request);
      if (word.equals("clock")) {
        return ApiHandler.document(clock(request));
      }
      if (dns != null && request.path().equals(DnsQuestions.PATH)) {
        allow(request, "POST");
        return dns.answer(request);
      }
      if (questions != null && questions.knows(word)) {
        allow(request, "GET");
        return ApiHandler.document(questions.answer(word, request.query()));
      }
      throw refusal(404, "NotFound", "the server could not find the requested resource");
    } catch (ApiException e) {
      return ApiHandler.refused(request, e.status());
    }
  }

  private KubeMap clock(ApiRequest request) {
    Simulation simulation = server.simulation();
    if (!request.method().equals("GET")) {
      allow(request, "POST");
      advance(simulation, nanos(request, "advance"));
      settle(simulation, nanos(request, "settle"));
    }
    return KubeMap.of(
        "now",
        simulation.instant().toString(),
        "nanos",
        simulation.now(),
        "events",
        simulation.eventNumber());
  }

  private static void allow(ApiRequest request, String method) {
    if (!request.method().equals(method)) {
      throw refusal(
          405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource");
    }
  }

  private static ApiException refusal(int code, String reason, String message) {
    return new ApiException(Status.bare(code, reason, message));
  }

  private static long nanos(ApiRequest request, String name) {
    Long asked = request.query().number(name);
    long nanos = asked == null ? 0 : asked;
    if (nanos < 0 || nanos > ADVANCE_NANOS_MAX) {
      throw refusal(400, "BadRequest", name + " must be 0 to " + ADVANCE_NANOS_MAX + " ns");
    }
    return nanos;
  }

  private static void advance(Simulation simulation, long nanos) {
    simulation.runUntil(simulation.now() + nanos);
  }

  private void settle(Simulation simulation, long quietNanos) {
    long end = simulation.now() + (quietNanos == 0 ? 0 : SETTLING_NANOS_MAX);
    long since = simulation.now();
    while (simulation.now() < end) {
      since = Math.max(since, lastWriteNanos);
      if (since + quietNanos <= simulation.now()) {
        return;
      }
      simulation.runUntil(Math.min(since + quietNanos, end));
    }
  }
}
