package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.httpproxy.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code backendRef} of an HTTPRoute leads to.
 *
 * <p>Follows apis/v1/httproute_types.go, shared_types.go and apis/v1beta1/referencegrant_types.go
 * of gateway-api.
 *
 * @param backend null when the reference is invalid
 * @param reason of the condition {@code ResolvedRefs}
 */
record BackendReference(@Nullable Backend backend, String reason, String message) {

  static BackendReference of(KubeObject route, KubeMap reference, GatewayObjects objects) {
    String group = reference.string("group", "");
    String kind = reference.string("kind", "Service");
    String name = reference.string("name", "");
    String namespace = reference.string("namespace", route.namespace());
    if (!group.isEmpty() || !kind.equals("Service")) {
      String full = group.isEmpty() ? kind : group + "/" + kind;
      return invalid("InvalidKind", "backendRef of kind " + full + " is not supported");
    }
    String place = namespace + "/" + name;
    if (!namespace.equals(route.namespace())
        && !ReferenceGrants.permit(objects, route, "HTTPRoute", "Service", namespace, name)) {
      return invalid(
          "RefNotPermitted", "no ReferenceGrant permits the backendRef to service " + place);
    }
    KubeObject service = objects.service(namespace, name);
    if (service == null) {
      return invalid("BackendNotFound", "service " + place + " not found");
    }
    long port = reference.number("port", 0);
    for (KubeMap offered : service.spec().listOrEmpty("ports").maps()) {
      if (offered.number("port", 0) == port) {
        Backend backend = new Backend(namespace, name, Long.toString(port));
        return new BackendReference(backend, "ResolvedRefs", "");
      }
    }
    return invalid("BackendNotFound", "service " + place + " has no port " + port);
  }

  private static BackendReference invalid(String reason, String message) {
    return new BackendReference(null, reason, message);
  }
}
