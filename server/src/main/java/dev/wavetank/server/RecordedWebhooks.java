package dev.wavetank.server;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.WebhookBackends;
import dev.wavetank.core.apiserver.WebhookCallException;
import org.jspecify.annotations.Nullable;

/** Calls webhooks and writes down what they answered, so that a replay needs them no more. */
final class RecordedWebhooks implements WebhookBackends.Transport {

  private final WebhookBackends.Transport outside;
  private final @Nullable SessionLog log;

  /** Calls over a transport; nothing is written where there is no log. */
  RecordedWebhooks(WebhookBackends.Transport outside, @Nullable SessionLog log) {
    this.outside = outside;
    this.log = log;
  }

  @Override
  public KubeMap post(WebhookBackends.Call call) throws WebhookCallException {
    try {
      KubeMap answer = outside.post(call);
      if (log != null) {
        log.webhook(call.url(), answer);
      }
      return answer;
    } catch (WebhookCallException e) {
      if (log != null) {
        log.webhookFailed(call.url(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }
}
