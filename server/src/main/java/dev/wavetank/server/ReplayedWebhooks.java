package dev.wavetank.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.WebhookBackends;
import dev.wavetank.core.apiserver.WebhookCallException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The answers of webhooks in a recorded session, given again in the same order. */
final class ReplayedWebhooks implements WebhookBackends.Transport {

  private final Deque<JsonNode> answers = new ArrayDeque<>();

  /** The answers among the lines of a record. */
  ReplayedWebhooks(Iterable<JsonNode> lines) {
    for (JsonNode line : lines) {
      if (line.has("webhook")) {
        answers.add(line);
      }
    }
  }

  @Override
  public KubeMap post(WebhookBackends.Call call) throws WebhookCallException {
    JsonNode next = answers.poll();
    if (next == null || !next.path("webhook").asText().equals(call.url())) {
      throw new WebhookCallException("the recorded session has no such call");
    }
    if (next.has("error")) {
      throw new WebhookCallException(next.path("error").asText());
    }
    return Json.read(next.path("answer").asText()) instanceof KubeMap map ? map : KubeMap.EMPTY;
  }
}
