/**
 * Admission webhooks: which requests they are called for, the reviews that they are sent, and what
 * their answers mean.
 *
 * <p>It must not know how a webhook is reached: that is {@link
 * dev.wavetank.core.apiserver.WebhookBackends}.
 */
@NullMarked
package dev.wavetank.core.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
