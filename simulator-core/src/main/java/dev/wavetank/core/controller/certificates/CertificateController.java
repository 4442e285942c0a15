package dev.wavetank.core.controller.certificates;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;

/**
 * The loop of a controller that does something with each CertificateSigningRequest that has no
 * certificate yet.
 *
 * <p>Follows pkg/controller/certificates/certificate_controller.go and
 * certificate_controller_utils.go (v1.36).
 */
final class CertificateController implements Reconciler<ObjectKey> {

  private static final int WORKERS = 5;
  private static final long BACK_OFF_NANOS = 200_000_000L;
  private static final long BACK_OFF_NANOS_MAX = 1_000_000_000_000L;
  private static final int RETRIES_PER_SECOND = 10;
  private static final int RETRIES_BURST = 100;

  /** What is done with a request. */
  interface Handler {
    Result handle(ApiClient client, KubeObject request);
  }

  private final ApiClient client;
  private final Handler handler;
  private final Informer requests;

  /** A loop that watches from now on and knows what exists. */
  CertificateController(ApiServer server, String name, Handler handler) {
    this.client = new ApiClient(server, name);
    this.handler = handler;
    Controller<ObjectKey> controller =
        new Controller<>(
            name,
            WORKERS,
            client,
            new RateLimiter(BACK_OFF_NANOS, BACK_OFF_NANOS_MAX, RETRIES_PER_SECOND, RETRIES_BURST),
            Controller.RETRIES_UNBOUNDED,
            this);
    this.requests =
        Informer.of(
            server,
            ResourceType.CERTIFICATE_SIGNING_REQUESTS,
            name,
            (before, after) -> {
              if (after != null) {
                controller.enqueue(after.key(ResourceType.CERTIFICATE_SIGNING_REQUESTS));
              }
            });
    requests.replay();
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject request = requests.view().get(key);
    return request == null || issued(request) ? Result.done() : handler.handle(client, request);
  }

  static boolean issued(KubeObject request) {
    return !request.status().string("certificate", "").isEmpty();
  }

  /** Whether a condition says so; one without a status does. */
  static boolean has(KubeObject request, String type) {
    for (KubeMap condition : request.status().listOrEmpty("conditions").maps()) {
      if (type.equals(condition.get("type")) && condition.string("status", "True").equals("True")) {
        return true;
      }
    }
    return false;
  }

  static KubeObject withCondition(KubeObject request, KubeMap condition) {
    KubeMap status = request.status();
    return request.withStatus(
        status.with("conditions", status.listOrEmpty("conditions").plus(condition)));
  }
}
