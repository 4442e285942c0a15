package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;

/** What a webhook does: it answers an {@code AdmissionReview} with one that has a response. */
@FunctionalInterface
public interface AdmissionWebhook {

  /**
   * The answer to a review.
   *
   * @param review an {@code AdmissionReview} with its request
   * @throws WebhookCallException as if there were no answer
   */
  KubeMap review(KubeMap review) throws WebhookCallException;
}
