package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who answers behind the addresses of webhooks: Java callbacks, and for all other addresses a
 * transport to the world outside, where one is connected. A callback is called on the simulation's
 * thread and must give the same answer to the same question.
 */
public final class WebhookBackends {

  /**
   * A call.
   *
   * @param url with path, without query
   * @param service whether the address is that of a Service of the cluster
   * @param caBundle certificates in PEM that the server's must be signed by; base64, may be empty
   * @param timeoutSeconds how long an answer may take
   */
  public record Call(
      String url, boolean service, String caBundle, long timeoutSeconds, KubeMap review) {}

  /** The way to webhooks outside of the simulation. */
  public interface Transport {

    /** The answer of the webhook. */
    KubeMap post(Call call) throws WebhookCallException;
  }

  private final Map<String, AdmissionWebhook> webhooks = new TreeMap<>();
  private @Nullable Transport outside;

  /**
   * Answers at an address from now on.
   *
   * @param url a whole one, such as {@code https://hooks.example.com:8443/validate}, or without
   *     path for all paths of that host and port
   */
  public void register(String url, AdmissionWebhook webhook) {
    webhooks.put(url, webhook);
  }

  /** Answers for a Service of the cluster, on all of its ports and paths. */
  public void register(String namespace, String service, AdmissionWebhook webhook) {
    webhooks.put(service + "." + namespace + ".svc", webhook);
  }

  /** Calls the webhooks that nobody is registered for. */
  public void connect(Transport transport) {
    outside = transport;
  }

  /**
   * The answer to a call.
   *
   * @throws WebhookCallException when there is none
   */
  public KubeMap call(Call call) throws WebhookCallException {
    AdmissionWebhook webhook = find(call);
    if (webhook != null) {
      return webhook.review(call.review());
    }
    if (!call.service() && outside != null) {
      return outside.post(call);
    }
    String host = host(call.url());
    throw new WebhookCallException(
        call.service()
            ? "dial tcp: connect: connection refused"
            : "dial tcp: lookup " + host.replaceFirst(":\\d+$", "") + ": no such host");
  }

  private @Nullable AdmissionWebhook find(Call call) {
    AdmissionWebhook exact = webhooks.get(call.url());
    String host = host(call.url());
    AdmissionWebhook ofHost = exact == null ? webhooks.get("https://" + host) : exact;
    return ofHost == null && call.service()
        ? webhooks.get(host.substring(0, host.lastIndexOf(':')))
        : ofHost;
  }

  private static String host(String url) {
    int start = url.indexOf("://") + 3;
    int end = url.indexOf('/', start);
    return end < 0 ? url.substring(start) : url.substring(start, end);
  }
}
