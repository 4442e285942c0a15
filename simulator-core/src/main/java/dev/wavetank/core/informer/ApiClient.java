package dev.wavetank.core.informer;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A component's connection to the API server. Each request takes effect at once and adds its
 * latency to the time for which the component's worker is busy.
 */
public final class ApiClient {

  private final ApiServer server;
  private final ChoiceStream latency;
  private long elapsedNanos;

  /**
   * A connection.
   *
   * @param component user agent, such as {@code deployment-controller}
   */
  public ApiClient(ApiServer server, String component) {
    this.server = server;
    this.latency = server.simulation().choices().stream("request/" + component);
  }

  public ApiServer server() {
    return server;
  }

  /** Time taken by the requests since the last call of this method. */
  public long takeElapsedNanos() {
    long elapsed = elapsedNanos;
    elapsedNanos = 0;
    return elapsed;
  }

  private void request() {
    elapsedNanos +=
        latency.between(server.latencies().requestMinNanos(), server.latencies().requestMaxNanos());
  }

  /** Reads the object from the server, not from a cache; null when there is none. */
  public @Nullable KubeObject find(ObjectKey key) {
    request();
    return server.find(key);
  }

  public KubeObject create(ResourceType type, KubeObject object) {
    request();
    return server.create(type, object);
  }

  public KubeObject update(ResourceType type, KubeObject object) {
    request();
    return server.update(type, object);
  }

  public KubeObject updateStatus(ResourceType type, KubeObject object) {
    request();
    return server.updateStatus(type, object);
  }

  public KubeObject patch(ObjectKey key, UnaryOperator<KubeObject> change) {
    request();
    return server.patch(key.type(), key, change);
  }

  public KubeObject patchStatus(ObjectKey key, UnaryOperator<KubeMap> change) {
    request();
    return server.patchStatus(key, change);
  }

  public KubeObject bind(ObjectKey pod, String node) {
    request();
    return server.bind(pod, node);
  }

  public KubeObject delete(ObjectKey key, DeleteOptions options) {
    request();
    return server.delete(key, options);
  }
}
