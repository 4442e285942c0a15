package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about, by its path.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go (v1.36).
 *
 * @param namespace empty for none, or for all of them
 * @param name empty for the whole collection
 * @param subresource empty for the object itself
 * @param watch whether the path has the old prefix {@code watch}
 */
record ResourceRequest(
    ApiRequest request,
    ResourceType type,
    String namespace,
    String name,
    String subresource,
    boolean watch) {

  /**
   * The request of a path below a group's version.
   *
   * @param segments behind the version
   * @throws ApiException 404 when there is no such resource
   */
  static ResourceRequest of(
      ApiRequest request,
      ResourceCatalog catalog,
      String group,
      String version,
      ImmutableList<String> segments) {
    ImmutableList<String> rest = segments;
    boolean watch = rest.size() > 1 && rest.get(0).equals("watch");
    if (watch) {
      rest = rest.subList(1, rest.size());
    }
    String namespace = "";
    if (rest.size() > 2 && rest.get(0).equals("namespaces")) {
      ResourceType within = catalog.find(group, version, rest.get(2));
      if (within != null && within.namespaced()) {
        namespace = rest.get(1);
        rest = rest.subList(2, rest.size());
      }
    }
    ResourceType type = catalog.find(group, version, rest.get(0));
    boolean named = rest.size() > 1;
    boolean placed = type != null && type.namespaced() && !namespace.isEmpty();
    if (type == null || rest.size() > 3 || (named && type.namespaced() && !placed)) {
      throw new ApiException(StatusBody.NO_RESOURCE);
    }
    String subresource = rest.size() > 2 ? rest.get(2) : "";
    if (!subresource.isEmpty() && catalog.subresource(type, subresource) == null) {
      throw new ApiException(StatusBody.NO_RESOURCE);
    }
    return new ResourceRequest(
        request, type, namespace, named ? rest.get(1) : "", subresource, watch);
  }

  ObjectKey key() {
    return ObjectKey.of(type, namespace, name);
  }

  /** The namespace of a list; null for all. */
  @Nullable String listNamespace() {
    return namespace.isEmpty() ? null : namespace;
  }

  boolean acrossNamespaces() {
    return type.namespaced() && namespace.isEmpty();
  }
}
