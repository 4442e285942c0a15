package dev.wavetank.core.apiserver.endpoints;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ComputedObjects;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Patching;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.printers.Table;
import dev.wavetank.core.apiserver.printers.TableGenerator;
import dev.wavetank.core.apiserver.registry.PodResize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of clients, as the API server handles them: a write is decoded and its fields are
 * validated, selectors are parsed, warnings are given.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers (v1.36).
 */
public final class Handlers {

  private static final String ENDPOINTS_DEPRECATED =
      "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

  private final ApiServer server;
  private final Consumer<String> warnings;

  /**
   * Handlers whose warnings go there.
   *
   * @param warnings hears each warning, without {@code Warning: }
   */
  public Handlers(ApiServer server, Consumer<String> warnings) {
    this.server = server;
    this.warnings = warnings;
  }

  private void warnOfDeprecation(ResourceType type) {
    if (type.equals(ResourceType.ENDPOINTS)) {
      warnings.accept(ENDPOINTS_DEPRECATED);
    }
  }

  /**
   * One object.
   *
   * @throws ApiException 404
   */
  public KubeObject get(ObjectKey key) {
    warnOfDeprecation(key.type());
    ComputedObjects computed = server.served().computed(key.type());
    return computed == null ? server.get(key) : computed.get(key);
  }

  /**
   * Objects that selectors select, ordered by namespace and name.
   *
   * @param namespace null for all
   * @throws ApiException 400 when a selector is wrong
   */
  public List<KubeObject> list(
      ResourceType type, @Nullable String namespace, String labelSelector, String fieldSelector) {
    LabelSelector labels;
    try {
      labels = LabelSelector.parse(labelSelector);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
    FieldSelector fields = FieldLabels.parse(type, fieldSelector);
    warnOfDeprecation(type);
    List<KubeObject> found = new ArrayList<>();
    for (KubeObject object : candidates(type, namespace, labels, fields)) {
      if (FieldLabels.matches(fields, object)) {
        found.add(object);
      }
    }
    found.sort(Comparator.comparing(KubeObject::namespace).thenComparing(KubeObject::name));
    return found;
  }

  private List<KubeObject> candidates(
      ResourceType type, @Nullable String namespace, LabelSelector labels, FieldSelector fields) {
    ComputedObjects computed = server.served().computed(type);
    if (computed != null) {
      List<KubeObject> objects = new ArrayList<>(computed.list(namespace));
      objects.removeIf(object -> !labels.matches(object.labels()));
      return objects;
    }
    String node = fields.requiredValue("spec.nodeName");
    if (type.equals(ResourceType.PODS) && node != null && !node.isEmpty()) {
      List<KubeObject> pods = server.head().podsOnNode(node);
      pods.removeIf(
          pod ->
              !labels.matches(pod.labels())
                  || (namespace != null && !namespace.equals(pod.namespace())));
      return pods;
    }
    return namespace != null && type.namespaced()
        ? server.head().list(type, namespace, labels)
        : server.list(type, namespace, labels);
  }

  /** The table of objects of one type. */
  public Table table(ResourceType type, List<KubeObject> objects) {
    return TableGenerator.generate(type, objects, server.simulation().instant());
  }

  /**
   * Creates an object.
   *
   * @throws ApiException 400 when it cannot be decoded, or a refusal of {@link ApiServer#create}
   */
  public KubeObject create(ResourceType type, KubeObject sent, WriteOptions options) {
    warnOfDeprecation(type);
    return warned(server.create(type, decoded(type, sent, options), options.dryRun()), type, true);
  }

  /**
   * Replaces an object.
   *
   * @throws ApiException 400 when it cannot be decoded, or a refusal of {@link ApiServer#update}
   */
  public KubeObject update(ResourceType type, KubeObject sent, WriteOptions options) {
    warnOfDeprecation(type);
    return warned(server.update(type, decoded(type, sent, options), options.dryRun()), type, false);
  }

  /**
   * Patches an object.
   *
   * @throws ApiException a refusal of {@link ApiServer#patch(ObjectKey, Patch, boolean)}
   */
  public KubeObject patch(ObjectKey key, Patch patch, WriteOptions options) {
    warnOfDeprecation(key.type());
    boolean strict = options.validation() == FieldValidation.STRICT;
    KubeObject patched = server.patch(key, strict ? patch.strict() : patch, options.dryRun());
    return warned(patched, key.type(), false);
  }

  /**
   * Patches the status of an object.
   *
   * @throws ApiException a refusal of {@link ApiServer#patchStatus(ObjectKey, Patch, boolean)}
   */
  public KubeObject patchStatus(ObjectKey key, Patch patch, WriteOptions options) {
    return server.patchStatus(key, patch, options.dryRun());
  }

  /**
   * Patches what the containers of a pod may use: the {@code resize} subresource.
   *
   * @throws ApiException 404 when the type has no such subresource; a refusal of {@link PodResize}
   */
  public KubeObject resize(ObjectKey key, Patch patch, WriteOptions options) {
    ResourceType type = key.type();
    if (!type.equals(ResourceType.PODS)) {
      throw new ApiException(Status.noResource());
    }
    KubeObject patched = Patching.patched(type, key, server.get(key), patch, server.strategy(type));
    return server.updateSubresource(
        type, patched, new PodResize(server), Write.untracked(options.dryRun()));
  }

  /**
   * Asks for an object's deletion.
   *
   * @return the object as it stands now, or as it was last
   * @throws ApiException a refusal of {@link ApiServer#delete}
   */
  public KubeObject delete(ObjectKey key, DeleteOptions options, boolean dryRun) {
    warnOfDeprecation(key.type());
    return dryRun ? server.get(key) : server.delete(key, options);
  }

  /**
   * Asks for a pod's deletion as far as its disruption budget allows.
   *
   * @throws ApiException a refusal of {@link ApiServer#evict}
   */
  public void evict(ObjectKey pod, DeleteOptions options, boolean dryRun) {
    server.evict(pod, options, dryRun);
  }

  private KubeObject warned(KubeObject written, ResourceType type, boolean created) {
    server.strategy(type).warnings(written, created).forEach(warnings);
    return written;
  }

  private KubeObject decoded(ResourceType type, KubeObject sent, WriteOptions options) {
    return Decoding.decoded(server, type, sent, options.validation(), warnings);
  }

  /** {@code /v1, Resource=pods}: how Go prints a resource. */
  public static String resourceText(ResourceType type) {
    return type.group() + "/" + type.version() + ", Resource=" + type.plural();
  }

  /** The message of a list that was refused, told with its selectors. */
  public static String listError(
      ResourceType type, String labelSelector, String fieldSelector, String message) {
    return "Unable to find "
        + GoQuote.quote(resourceText(type))
        + " that match label selector "
        + GoQuote.quote(labelSelector)
        + ", field selector "
        + GoQuote.quote(fieldSelector)
        + ": "
        + message;
  }
}
