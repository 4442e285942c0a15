package dev.wavetank.core.apiserver.webhook;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.WebhookBackends;
import dev.wavetank.core.apiserver.WebhookCallException;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.UUID;

/**
 * Calls what a {@code clientConfig} names: a URL, or a Service of the cluster.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/util/webhook/client.go (v1.36).
 */
public final class WebhookClient {

  private WebhookClient() {}

  /**
   * The answer to a review.
   *
   * @param config with {@code url} or {@code service}, and {@code caBundle}
   * @throws WebhookCallException when there is none; the message names the address
   */
  public static KubeMap post(ApiServer server, KubeMap config, long timeoutSeconds, KubeMap review)
      throws WebhookCallException {
    KubeMap service = config.map("service");
    String url = service == null ? config.string("url", "") : url(service);
    String asked = "Post \"" + url + "?timeout=" + timeoutSeconds + "s\": ";
    if (service != null && !exists(server, service)) {
      String name = service.string("name", "");
      throw new WebhookCallException(asked + "service \"" + name + "\" not found");
    }
    try {
      return server
          .webhooks()
          .call(
              new WebhookBackends.Call(
                  url, service != null, config.string("caBundle", ""), timeoutSeconds, review));
    } catch (WebhookCallException e) {
      throw new WebhookCallException(asked + e.getMessage());
    }
  }

  /** A fresh uid of a review. */
  public static String uid(ChoiceStream uids) {
    long high = uids.between(0, Long.MAX_VALUE);
    long low = uids.between(0, Long.MAX_VALUE);
    return new UUID((high & ~0xf000L) | 0x4000L, (low >>> 1) | Long.MIN_VALUE).toString();
  }

  private static boolean exists(ApiServer server, KubeMap service) {
    ObjectKey key =
        ObjectKey.of(
            ResourceType.SERVICES, service.string("namespace", ""), service.string("name", ""));
    return server.find(key) != null;
  }

  private static String url(KubeMap service) {
    String path = service.string("path", "");
    return "https://"
        + service.string("name", "")
        + "."
        + service.string("namespace", "")
        + ".svc:"
        + service.number("port", 443)
        + (path.startsWith("/") ? path : "/" + path);
  }
}
