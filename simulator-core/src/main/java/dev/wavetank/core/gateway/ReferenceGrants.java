package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * Which references into other namespaces ReferenceGrants permit.
 *
 * <p>Follows apis/v1beta1/referencegrant_types.go of gateway-api.
 */
final class ReferenceGrants {

  private ReferenceGrants() {}

  /**
   * Whether an object may refer to one of the core group in another namespace.
   *
   * @param from of the group of the Gateway API
   * @param kind of the other one
   */
  static boolean permit(
      GatewayObjects objects,
      KubeObject from,
      String fromKind,
      String kind,
      String namespace,
      String name) {
    for (KubeObject grant : objects.grants()) {
      if (grant.namespace().equals(namespace)
          && from(fromKind, from.namespace(), grant.spec())
          && to(kind, name, grant.spec())) {
        return true;
      }
    }
    return false;
  }

  private static boolean from(String kind, String namespace, KubeMap grant) {
    for (KubeMap from : grant.listOrEmpty("from").maps()) {
      if (from.string("group", "").equals(GatewayObjects.GROUP)
          && from.string("kind", "").equals(kind)
          && from.string("namespace", "").equals(namespace)) {
        return true;
      }
    }
    return false;
  }

  private static boolean to(String kind, String name, KubeMap grant) {
    for (KubeMap to : grant.listOrEmpty("to").maps()) {
      String named = to.string("name", "");
      if (to.string("group", "").isEmpty()
          && to.string("kind", "").equals(kind)
          && (named.isEmpty() || named.equals(name))) {
        return true;
      }
    }
    return false;
  }
}
