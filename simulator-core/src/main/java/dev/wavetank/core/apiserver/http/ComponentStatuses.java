package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the old resource {@code componentstatuses} says: that each component is healthy, since they
 * all live in the process that answers.
 *
 * <p>Follows pkg/registry/core/componentstatus/rest.go (v1.36).
 */
final class ComponentStatuses {

  private static final ResourceType TYPE = ResourceType.COMPONENT_STATUSES;
  private static final ImmutableList<String> COMPONENTS =
      ImmutableList.of("controller-manager", "etcd-0", "scheduler");
  private static final String DEPRECATED = "v1 ComponentStatus is deprecated in v1.19+";

  private final ApiServer server;

  ComponentStatuses(ApiServer server) {
    this.server = server;
  }

  ApiResponse answer(ResourceRequest target, Warnings warnings) {
    if (!target.request().method().equals("GET") || target.watch()) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    warnings.add(DEPRECATED);
    boolean collection = target.name().isEmpty();
    Representation form = Representation.of(target.request(), collection);
    if (!collection) {
      return ObjectResponses.object(
          200, TYPE, named(target.name()), form, server.simulation().instant());
    }
    ListParameters parameters = ListParameters.of(target);
    if (parameters.watch()) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    List<KubeObject> found = new ArrayList<>();
    for (String name : COMPONENTS) {
      KubeObject component = named(name);
      if (parameters.selects(component)) {
        found.add(component);
      }
    }
    KubeMap tree =
        ObjectResponses.list(TYPE, found, form, KubeMap.EMPTY, server.simulation().instant());
    return ApiResponse.of(200, form.contentType(), form.bytes(tree));
  }

  private static KubeObject named(String name) {
    if (!COMPONENTS.contains(name)) {
      String message = "componentstatus \"" + name + "\" not found";
      throw new ApiException(new Status(404, "NotFound", message, TYPE, name, ImmutableList.of()));
    }
    KubeMap condition = KubeMap.of("type", "Healthy", "status", "True", "message", "ok");
    return KubeObject.of(TYPE, KubeMap.of("name", name)).with(KubeList.of(condition), "conditions");
  }
}
