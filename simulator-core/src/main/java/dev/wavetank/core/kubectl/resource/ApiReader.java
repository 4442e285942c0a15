package dev.wavetank.core.kubectl.resource;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.endpoints.Handlers;
import dev.wavetank.core.kubectl.errors.ErrorText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects for a command, and tells refusals as kubectl does.
 *
 * <p>Follows Info.Get of staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go and
 * EnhanceListError of helper.go (v1.36).
 */
public final class ApiReader {

  private final Handlers handlers;

  public ApiReader(Handlers handlers) {
    this.handlers = handlers;
  }

  /**
   * One object.
   *
   * @throws ApiException 404, of the namespace when that is what is missing
   */
  public KubeObject get(ObjectKey key) {
    try {
      return handlers.get(key);
    } catch (ApiException e) {
      String namespace = key.namespace();
      if (e.notFound() && !namespace.isEmpty() && !namespace.equals("default")) {
        handlers.get(ObjectKey.of(ResourceType.NAMESPACES, "", namespace));
      }
      throw e;
    }
  }

  /**
   * Objects that selectors select, by namespace and name.
   *
   * @param namespace null for all
   * @throws ApiException 400 when a selector is wrong
   */
  public List<KubeObject> list(
      ResourceType type, @Nullable String namespace, String labels, String fields) {
    try {
      return handlers.list(type, namespace, labels, fields);
    } catch (ApiException e) {
      throw e.code() == 400
          ? ErrorText.withMessage(e, Handlers.listError(type, labels, fields, e.status().message()))
          : e;
    }
  }
}
