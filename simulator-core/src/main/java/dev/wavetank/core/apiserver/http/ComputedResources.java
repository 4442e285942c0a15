package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ComputedObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads of what is worked out when it is asked for: get and list, and nothing else. */
final class ComputedResources {

  private final ApiServer server;

  ComputedResources(ApiServer server) {
    this.server = server;
  }

  ApiResponse answer(ResourceRequest target, ComputedObjects objects) {
    if (!target.request().method().equals("GET") || target.watch()) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    if (!target.subresource().isEmpty()) {
      throw new ApiException(StatusBody.NO_RESOURCE);
    }
    Instant now = server.simulation().instant();
    boolean collection = target.name().isEmpty();
    Representation form = Representation.of(target.request(), collection);
    if (!collection) {
      return ObjectResponses.object(200, target.type(), objects.get(target.key()), form, now);
    }
    ListParameters parameters = ListParameters.of(target);
    if (parameters.watch()) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    List<KubeObject> found = new ArrayList<>();
    for (KubeObject object : objects.list(target.acrossNamespaces() ? null : target.namespace())) {
      if (parameters.selects(object)) {
        found.add(object);
      }
    }
    KubeMap tree = ObjectResponses.list(target.type(), found, form, KubeMap.EMPTY, now);
    return ApiResponse.of(200, form.contentType(), form.bytes(tree));
  }
}
