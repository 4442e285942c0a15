package dev.wavetank.core.gateway;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.ForwardingBehavior;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.httpproxy.BackendRequests;
import dev.wavetank.core.httpproxy.PathPattern;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of one Gateway: it serves the HTTPRoutes that are attached to it, by its own view of
 * the API, a moment after they change. It ends TLS; behind it requests go in plain text.
 */
final class GatewayProxyProcess implements ForwardingBehavior, ContainerProcess {

  static final int HEALTH_PORT = 15_021;

  private static final String NAME = "gateway-proxy";
  private static final long SYNC_NANOS = 100_000_000L;
  private static final HttpAnswer READY =
      new HttpAnswer(HttpResponse.of(200, "text/plain", "ready\n"), 0);
  private static final HttpAnswer NOT_YET =
      new HttpAnswer(HttpResponse.of(503, "text/plain", "no configuration\n"), 0);

  private static final HttpResponse PLAIN_TO_TLS =
      HttpResponse.of(400, "text/plain", "The plain HTTP request was sent to HTTPS port\n");

  /** For clients that make no handshake, which would have failed. */
  private static final HttpResponse TLS_TO_PLAIN =
      HttpResponse.of(400, "text/plain", "The HTTPS request was sent to HTTP port\n");

  private final Container container;
  private final Simulation simulation;
  private final String gateway;
  private final ChoiceStream random;
  private final BackendRequests requests;
  private final GatewayInformers informers;
  private RouteTable table = RouteTable.EMPTY;
  private GatewayCertificates certificates = GatewayCertificates.NONE;
  private @Nullable Timer sync;
  private boolean configured;

  GatewayProxyProcess(ApiServer api, Container container) {
    this.container = container;
    this.simulation = api.simulation();
    this.gateway = ProgramFlags.value(container.spec().listOrEmpty("args"), "gateway", "");
    this.random = simulation.choices().stream(NAME + "/" + container.sandbox().podName());
    this.requests = new BackendRequests(api, container, NAME, random, this::syncLater);
    this.informers = new GatewayInformers(api, NAME, requests::services, this::syncLater);
    syncLater();
  }

  @Override
  public void stop() {
    requests.stop();
    informers.stop();
    if (sync != null) {
      sync.cancel();
    }
  }

  private void syncLater() {
    if (sync == null) {
      sync = simulation.after(SYNC_NANOS, NAME + "/sync", container.id(), this::sync);
    }
  }

  private void sync() {
    sync = null;
    RouteTable next = RouteTable.EMPTY;
    GatewayCertificates shown = GatewayCertificates.NONE;
    boolean found = false;
    for (KubeObject candidate : informers.gateways()) {
      if (gateway.equals(candidate.namespace() + "/" + candidate.name())) {
        next = RouteTable.of(candidate, informers);
        shown = GatewayCertificates.of(candidate, informers);
        found = true;
      }
    }
    table = next;
    certificates = shown;
    configured = found;
    container.changed();
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    return protocol == Protocol.TCP && (port == HEALTH_PORT || table.listens(port));
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    return configured ? READY : NOT_YET;
  }

  /** What it listens to changes with its configuration; then {@code changed} tells. */
  @Override
  public long constantUntilNanos(long ageNanos) {
    return FOREVER;
  }

  @Override
  public @Nullable ShownCertificate certificate(int port, String serverName) {
    return certificates.shown(port, serverName);
  }

  @Override
  public TlsAnswer tls(int port, String serverName) {
    return certificates.answer(port, serverName);
  }

  @Override
  public boolean forwards(int port) {
    return port != HEALTH_PORT;
  }

  @Override
  public void forward(Container proxy, int port, HttpRequest request, Consumer<HttpResponse> then) {
    if (request.tls() != certificates.spoken(port)) {
      answer(request, "-", request.tls() ? TLS_TO_PLAIN : PLAIN_TO_TLS, then);
      return;
    }
    RouteTable.Found found = table.find(port, request);
    RouteTable.Entry entry = found == null ? null : found.entry();
    if (found == null || entry == null) {
      answer(request, "-", error(404), then);
      return;
    }
    RouteRule rule = entry.rule();
    PathPattern matched = entry.match().path();
    if (!rule.filters().supported()) {
      answer(request, rule.route(), error(500), then);
      return;
    }
    if (redirected(rule.filters(), found.listener(), request, matched, rule.route(), then)) {
      return;
    }
    HttpRequest filtered = rule.filters().request(forwarded(request, found.listener()), matched);
    for (BackendReference mirror : rule.mirrors()) {
      if (mirror.backend() != null) {
        requests.send(
            mirror.backend(), filtered, GatewayProxyProcess::error, GatewayProxyProcess::dropped);
      }
    }
    WeightedBackends.Share share = rule.backends().choose(random);
    Consumer<HttpResponse> client =
        response -> answer(request, rule.route(), rule.filters().response(response), then);
    if (share == null || share.reference().backend() == null || !share.filters().supported()) {
      client.accept(error(500));
    } else if (!redirected(
        share.filters(), found.listener(), request, matched, rule.route(), then)) {
      Backend backend = share.reference().backend();
      requests.send(
          backend,
          share.filters().request(filtered, matched),
          GatewayProxyProcess::error,
          response -> client.accept(share.filters().response(response)));
    }
  }

  /** The answer to a copy of a request means nothing. */
  private static void dropped(HttpResponse response) {}

  private boolean redirected(
      RouteFilters filters,
      Listener listener,
      HttpRequest request,
      PathPattern matched,
      String route,
      Consumer<HttpResponse> then) {
    KubeMap redirect = filters.redirect();
    if (redirect == null) {
      return false;
    }
    HttpResponse answer =
        RouteFilters.redirection(redirect, request, matched, listener.scheme(), listener.port());
    answer(request, route, filters.response(answer), then);
    return true;
  }

  private static HttpRequest forwarded(HttpRequest request, Listener listener) {
    return request.over(false).withHeaders(ImmutableMap.of("X-Forwarded-Proto", listener.scheme()));
  }

  private static HttpResponse error(int status) {
    return HttpResponse.of(status, "text/plain", "");
  }

  private void answer(
      HttpRequest request, String route, HttpResponse response, Consumer<HttpResponse> then) {
    if (container.running()) {
      container.log(
          "\""
              + request.method()
              + " "
              + request.path()
              + " HTTP/1.1\" "
              + response.status()
              + " ["
              + route
              + "]");
    }
    then.accept(response);
  }
}
