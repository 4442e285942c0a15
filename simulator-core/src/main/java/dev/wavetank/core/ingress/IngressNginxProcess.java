package dev.wavetank.core.ingress;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.ForwardingBehavior;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.httpproxy.BackendRequests;
import dev.wavetank.core.httpproxy.HostName;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One ingress-nginx: the controller that turns Ingresses into a configuration, and the nginx that
 * serves by it.
 *
 * <p>Addresses of pods are as old as its view of EndpointSlices; rules change with a sync, of which
 * there are 0.3 in a second at most.
 *
 * <p>Follows internal/ingress/controller/nginx.go, store/store.go and rootfs/etc/nginx/lua of
 * ingress-nginx (1.14).
 */
final class IngressNginxProcess implements ForwardingBehavior, ContainerProcess {

  private static final String NAME = "nginx-ingress-controller";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int HEALTH_PORT = 10_254;
  private static final int WEBHOOK_PORT = 8443;
  private static final long SYNC_INTERVAL_NANOS = 3_333_333_333L;
  private static final HttpAnswer OK = new HttpAnswer(HttpResponse.of(200, "text/plain", "ok"), 0);
  private static final HttpAnswer NOT_YET =
      new HttpAnswer(HttpResponse.of(500, "text/plain", "nginx has not started\n"), 0);

  private final Container container;
  private final Simulation simulation;
  private final IngressFlags flags;
  private final EventRecorder recorder;
  private final ChoiceStream random;
  private final Informer ingresses;
  private final Informer classes;
  private final BackendRequests requests;
  private final IngressStatus status;
  private final Informer secrets;
  private final ShownCertificate fake;
  private IngressTable table = IngressTable.EMPTY;
  private IngressCertificates certificates;
  private @Nullable Timer sync;
  private boolean synced;
  private long nextSyncNanos;

  IngressNginxProcess(ApiServer api, Container container) {
    this.container = container;
    this.simulation = api.simulation();
    this.fake = IngressCertificates.fake(simulation.instant());
    this.certificates = IngressCertificates.of(List.of(), fake);
    this.flags = IngressFlags.of(container.spec().listOrEmpty("args"));
    this.recorder = new EventRecorder(api, NAME, "");
    String pod = container.sandbox().podName();
    this.random = simulation.choices().stream(NAME + "/" + pod);
    this.ingresses = Informer.of(api, ResourceType.INGRESSES, NAME, this::ingressChanged);
    this.classes =
        Informer.of(api, ResourceType.INGRESS_CLASSES, NAME, (before, after) -> syncLater());
    this.secrets = Informer.of(api, ResourceType.SECRETS, NAME, (before, after) -> {});
    this.requests = new BackendRequests(api, container, NAME, random, () -> {});
    this.status = new IngressStatus(api, flags, pod, () -> served(ingresses));
    for (KubeObject ingress : served(ingresses)) {
      scheduled(ingress);
    }
    syncLater();
  }

  @Override
  public void stop() {
    ingresses.stop();
    classes.stop();
    secrets.stop();
    requests.stop();
    status.stop();
    if (sync != null) {
      sync.cancel();
    }
  }

  private void ingressChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    boolean sameSpec =
        before != null
            && after != null
            && before.spec().equals(after.spec())
            && before.annotations().equals(after.annotations());
    if (sameSpec) {
      return;
    }
    if (after != null && serves(after)) {
      scheduled(after);
    }
    syncLater();
  }

  private void scheduled(KubeObject ingress) {
    recorder.normal(ingress, "Sync", "Scheduled for sync");
  }

  private void syncLater() {
    if (sync == null) {
      long wait = Math.max(0, nextSyncNanos - simulation.now());
      sync = simulation.after(wait, NAME + "/sync", container.id(), this::sync);
    }
  }

  private void sync() {
    sync = null;
    nextSyncNanos = simulation.now() + SYNC_INTERVAL_NANOS;
    List<KubeObject> served = served(ingresses);
    table = IngressTable.of(served);
    certificates = IngressCertificates.of(served, fake);
    requests.refresh();
    if (!synced) {
      synced = true;
      status.start();
      container.changed();
    }
  }

  private List<KubeObject> served(Informer of) {
    return of.view().list(ResourceType.INGRESSES).stream().filter(this::serves).toList();
  }

  private boolean serves(KubeObject ingress) {
    if (!flags.namespace().isEmpty() && !flags.namespace().equals(ingress.namespace())) {
      return false;
    }
    String annotated = ingress.annotations().string("kubernetes.io/ingress.class", "");
    if (!annotated.isEmpty()) {
      return annotated.equals(flags.ingressClass());
    }
    String name = ingress.spec().string("ingressClassName", "");
    if (name.isEmpty()) {
      return flags.withoutClass();
    }
    KubeObject named = classes.view().get(ObjectKey.of(ResourceType.INGRESS_CLASSES, "", name));
    return named != null && named.spec().string("controller", "").equals(flags.controllerClass());
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    return protocol == Protocol.TCP
        && (port == HEALTH_PORT || port == WEBHOOK_PORT || (synced && forwards(port)));
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    return synced ? OK : NOT_YET;
  }

  /** Until its first sync it may become healthy at any time; then {@code changed} tells. */
  @Override
  public long constantUntilNanos(long ageNanos) {
    return FOREVER;
  }

  /** Certificates change without a sync, as soon as their Secrets do. */
  @Override
  public @Nullable ShownCertificate certificate(int port, String serverName) {
    return port == HTTPS_PORT ? certificates.shown(serverName, secrets.view()) : null;
  }

  @Override
  public boolean forwards(int port) {
    return port == HTTP_PORT || port == HTTPS_PORT;
  }

  @Override
  public void forward(Container proxy, int port, HttpRequest request, Consumer<HttpResponse> then) {
    if (port == HTTPS_PORT && !request.tls()) {
      answer(request, "-", NginxPages.plainToTls(), then);
      return;
    }
    Location location = table.find(request.host(), request.plainPath());
    if (location != null && location.redirectsToTls() && port == HTTP_PORT) {
      String host = HostName.of(request.host());
      answer(request, "-", NginxPages.redirect("https://" + host + request.path()), then);
      return;
    }
    Backend backend = location == null ? fallback() : location.backend();
    if (location != null && location.canary() != null && location.canary().takes(request, random)) {
      backend = location.canary().backend();
    }
    if (backend == null) {
      answer(request, "-", NginxPages.error(location == null ? 404 : 503), then);
      return;
    }
    String path = location == null ? request.path() : location.pathForBackend(request.path());
    String upstream = backend.upstream();
    requests.send(
        backend,
        forwarded(request, path, port),
        NginxPages::error,
        response -> answer(request, upstream, response, then));
  }

  private @Nullable Backend fallback() {
    Backend told = table.defaultBackend();
    if (told != null) {
      return told;
    }
    ObjectKey flagged = IngressFlags.service(flags.defaultBackend());
    KubeObject service = flagged == null ? null : requests.services().get(flagged);
    KubeList ports = service == null ? KubeList.EMPTY : service.spec().listOrEmpty("ports");
    if (service == null || ports.isEmpty() || !(ports.get(0) instanceof KubeMap port)) {
      return null;
    }
    String number = Long.toString(port.number("port", 0));
    return new Backend(service.namespace(), service.name(), number);
  }

  private static HttpRequest forwarded(HttpRequest request, String path, int port) {
    return request
        .over(false)
        .withPath(path)
        .withHeaders(
            ImmutableMap.of(
                "X-Forwarded-Host",
                request.host(),
                "X-Forwarded-Port",
                Integer.toString(port),
                "X-Forwarded-Proto",
                port == HTTPS_PORT ? "https" : "http"));
  }

  private void answer(
      HttpRequest request, String upstream, HttpResponse response, Consumer<HttpResponse> then) {
    if (container.running()) {
      container.log(
          "\""
              + request.method()
              + " "
              + request.path()
              + " HTTP/1.1\" "
              + response.status()
              + " "
              + response.body().length()
              + " ["
              + upstream
              + "]");
    }
    then.accept(response);
  }
}
