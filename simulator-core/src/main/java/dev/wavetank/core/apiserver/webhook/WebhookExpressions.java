package dev.wavetank.core.apiserver.webhook;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.SimpleType;
import dev.wavetank.core.apiserver.cel.CelEnvironment;

/** Where the match conditions of webhooks are compiled. */
final class WebhookExpressions {

  static final CelEnvironment ENVIRONMENT =
      new CelEnvironment(
          ImmutableMap.of(
              "object", SimpleType.DYN,
              "oldObject", SimpleType.DYN,
              "request", SimpleType.DYN));

  private WebhookExpressions() {}
}
