package dev.wavetank.core.apiserver.webhook;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ValidatingAdmission;
import dev.wavetank.core.apiserver.policy.AdmissionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the webhooks of ValidatingWebhookConfigurations whether a write may be. All of them are
 * asked; the refusal of the first stands.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/validating/dispatcher.go
 * (v1.36), which asks them at once.
 */
public final class ValidatingWebhooks implements ValidatingAdmission {

  private final WebhookCalls calls;

  /** The step of a server, in which it finds the configurations. */
  public ValidatingWebhooks(ApiServer server) {
    this.calls = new WebhookCalls(server, ResourceType.VALIDATING_WEBHOOK_CONFIGURATIONS);
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    ask(type, before == null ? "CREATE" : "UPDATE", object, before, dryRun);
  }

  @Override
  public void admitDelete(ResourceType type, KubeObject object, boolean dryRun) {
    ask(type, "DELETE", null, object, dryRun);
  }

  private void ask(
      ResourceType type,
      String operation,
      @Nullable KubeObject object,
      @Nullable KubeObject before,
      boolean dryRun) {
    List<Webhook> webhooks = calls.all(type);
    if (webhooks.isEmpty()) {
      return;
    }
    AdmissionRequest request = new AdmissionRequest(type, operation, object, before, dryRun);
    ApiException refusal = null;
    for (Webhook webhook : webhooks) {
      AdmissionRequest sent = calls.matched(webhook, request);
      if (sent != null) {
        ApiException refused = refused(webhook, request, sent);
        refusal = refusal == null ? refused : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private @Nullable ApiException refused(
      Webhook webhook, AdmissionRequest request, AdmissionRequest sent) {
    try {
      calls.call(webhook, request, sent, false);
      return null;
    } catch (WebhookCalls.Failure e) {
      return webhook.failsOpen() ? null : e.closed();
    } catch (ApiException e) {
      return e;
    }
  }
}
