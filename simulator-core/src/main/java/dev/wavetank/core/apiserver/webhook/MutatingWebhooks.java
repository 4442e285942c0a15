package dev.wavetank.core.apiserver.webhook;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.AdmissionRound;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.policy.AdmissionRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the webhooks of MutatingWebhookConfigurations change what is written, one after the other.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/dispatcher.go
 * (v1.36).
 */
public final class MutatingWebhooks implements Admission {

  private final ApiServer server;
  private final WebhookCalls calls;

  /** The step of a server, in which it finds the configurations. */
  public MutatingWebhooks(ApiServer server) {
    this.server = server;
    this.calls = new WebhookCalls(server, ResourceType.MUTATING_WEBHOOK_CONFIGURATIONS);
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    return object;
  }

  @Override
  public KubeObject admit(
      ResourceType type, KubeObject object, @Nullable KubeObject before, AdmissionRound round) {
    List<Webhook> webhooks = calls.all(type);
    if (webhooks.isEmpty()) {
      return object;
    }
    round.compare(object);
    KubeObject current = object;
    for (Webhook webhook : webhooks) {
      String operation = before == null ? "CREATE" : "UPDATE";
      AdmissionRequest request =
          new AdmissionRequest(type, operation, current, before, round.dryRun());
      AdmissionRequest sent = calls.matched(webhook, request);
      if (sent == null || !round.due(webhook.uid())) {
        continue;
      }
      KubeObject changed = called(webhook, request, sent);
      if (!changed.equals(current)) {
        current = changed;
        round.ask();
      }
      if (webhook.reinvocable()) {
        round.wantsAgain(webhook.uid());
      }
    }
    round.seen(current);
    return current;
  }

  @Override
  public void admitDelete(ResourceType type, KubeObject object, boolean dryRun) {
    for (Webhook webhook : calls.all(type)) {
      AdmissionRequest request = new AdmissionRequest(type, "DELETE", null, object, dryRun);
      AdmissionRequest sent = calls.matched(webhook, request);
      if (sent != null) {
        called(webhook, request, sent);
      }
    }
  }

  private KubeObject called(Webhook webhook, AdmissionRequest request, AdmissionRequest sent) {
    KubeObject object = request.object();
    KubeObject unchanged = object == null ? KubeObject.of(KubeMap.EMPTY) : object;
    try {
      KubeMap response = calls.call(webhook, request, sent, true);
      return patched(webhook, request, sent, response.string("patch", ""), unchanged);
    } catch (WebhookCalls.Failure e) {
      if (webhook.failsOpen()) {
        return unchanged;
      }
      throw e.closed();
    }
  }

  private KubeObject patched(
      Webhook webhook,
      AdmissionRequest request,
      AdmissionRequest sent,
      String encoded,
      KubeObject unchanged)
      throws WebhookCalls.Failure {
    Object patch;
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      patch =
          bytes.length == 0 ? KubeList.EMPTY : Json.read(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new WebhookCalls.Failure(
          webhook, "received undecodable patch in webhook response: " + e.getMessage());
    }
    if (patch.equals(KubeList.EMPTY)) {
      return unchanged;
    }
    KubeObject object = sent.object();
    if (object == null) {
      throw WebhookCalls.internal(
          "admission webhook \""
              + webhook.name()
              + "\" attempted to modify the object, which is not supported for this operation");
    }
    ResourceType type = sent.type();
    try {
      Object changed = JsonPatch.apply(object.root(), patch);
      KubeObject decoded =
          server.decode(
              type, KubeObject.of(changed instanceof KubeMap map ? map : KubeMap.EMPTY), false);
      return request.type().view(server.strategy(type).defaults(decoded));
    } catch (PatchException | ApiException e) {
      throw WebhookCalls.internal(String.valueOf(e.getMessage()));
    }
  }
}
