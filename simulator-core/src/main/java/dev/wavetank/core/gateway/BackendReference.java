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
    if (!namespace.equals(route.namespace()) && !granted(route, namespace, name, objects)) {
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

  private static boolean granted(
      KubeObject route, String namespace, String service, GatewayObjects objects) {
    for (KubeObject grant : objects.grants()) {
      if (grant.namespace().equals(namespace)
          && from(route, grant.spec())
          && to(service, grant.spec())) {
        return true;
      }
    }
    return false;
  }

  private static boolean from(KubeObject route, KubeMap grant) {
    for (KubeMap from : grant.listOrEmpty("from").maps()) {
      if (from.string("group", "").equals(GatewayObjects.GROUP)
          && from.string("kind", "").equals("HTTPRoute")
          && from.string("namespace", "").equals(route.namespace())) {
        return true;
      }
    }
    return false;
  }

  private static boolean to(String service, KubeMap grant) {
    for (KubeMap to : grant.listOrEmpty("to").maps()) {
      if (to.string("group", "").isEmpty()
          && to.string("kind", "").equals("Service")
          && to.string("name", service).equals(service)) {
        return true;
      }
    }
    return false;
  }
}
