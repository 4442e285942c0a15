package dev.wavetank.core.informer;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.SubresourceUpdate;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A component's connection to the API server. Each request takes effect at once and adds its
 * latency to the time for which the component's worker is busy.
 */
public final class ApiClient {

  /** Hears of each write before the server gets it, refused ones included. */
  public interface WriteListener {
    /**
     * A write is about to be sent.
     *
     * @param verb {@code create}, {@code update}, {@code patch}, {@code delete} or {@code
     *     deletecollection}
     * @param key what is written; its name is empty when the server is to generate one, and for a
     *     whole collection
     * @param subresource such as {@code status}; empty for the main resource
     * @param sent the whole object; null for a patch and a delete
     */
    void write(String verb, ObjectKey key, String subresource, @Nullable KubeObject sent);
  }

  private static final WriteListener SILENT = (verb, key, subresource, sent) -> {};

  private final ApiServer server;
  private final ChoiceStream latency;
  private WriteListener listener = SILENT;
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

  /** Sets who hears of every write; there is one listener. */
  public void listen(WriteListener newListener) {
    this.listener = newListener;
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

  /** Reads the objects of a namespace, by name, from the server and not from a cache. */
  public List<KubeObject> list(ResourceType type, String namespace) {
    request();
    return listed(type, namespace);
  }

  private List<KubeObject> listed(ResourceType type, String namespace) {
    List<KubeObject> found = server.head().list(type, namespace, LabelSelector.everything());
    found.sort(Comparator.comparing(KubeObject::name));
    return found;
  }

  public KubeObject create(ResourceType type, KubeObject object) {
    listener.write("create", object.key(type), "", object);
    request();
    return server.create(type, object);
  }

  public KubeObject update(ResourceType type, KubeObject object) {
    listener.write("update", object.key(type), "", object);
    request();
    return server.update(type, object);
  }

  public KubeObject updateStatus(ResourceType type, KubeObject object) {
    listener.write("update", object.key(type), "status", object);
    request();
    return server.updateStatus(type, object);
  }

  public KubeObject patch(ObjectKey key, UnaryOperator<KubeObject> change) {
    listener.write("patch", key, "", null);
    request();
    return server.patch(key.type(), key, change);
  }

  public KubeObject patchStatus(ObjectKey key, UnaryOperator<KubeMap> change) {
    listener.write("patch", key, "status", null);
    request();
    return server.patchStatus(key, change);
  }

  /**
   * Replaces what a subresource is of.
   *
   * @param name of the subresource
   */
  public KubeObject updateSubresource(
      ResourceType type, KubeObject object, String name, SubresourceUpdate subresource) {
    listener.write("update", object.key(type), name, object);
    request();
    return server.updateSubresource(type, object, subresource, Write.untracked(false));
  }

  /** Replaces the finalizers in a namespace's spec: the {@code finalize} subresource. */
  public KubeObject finalizeNamespace(KubeObject namespace) {
    listener.write("update", namespace.key(ResourceType.NAMESPACES), "finalize", namespace);
    request();
    return server.finalizeNamespace(namespace);
  }

  public KubeObject bind(ObjectKey pod, String node) {
    listener.write("create", pod, "binding", null);
    request();
    return server.bind(pod, node);
  }

  public KubeObject delete(ObjectKey key, DeleteOptions options) {
    listener.write("delete", key, "", null);
    request();
    return server.delete(key, options);
  }

  /**
   * Deletes the objects of a type in a namespace by one request, in the order of their names, up to
   * the first that is refused.
   */
  public void deleteCollection(ResourceType type, String namespace, DeleteOptions options) {
    listener.write("deletecollection", ObjectKey.of(type, namespace, ""), "", null);
    request();
    for (KubeObject object : listed(type, namespace)) {
      try {
        server.delete(object.key(type), options);
      } catch (ApiException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
  }
}
