package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects that decide what Gateways do, as one watcher sees them. */
interface GatewayObjects {

  /** The group of all kinds of the Gateway API. */
  String GROUP = "gateway.networking.k8s.io";

  List<KubeObject> classes();

  List<KubeObject> gateways();

  List<KubeObject> routes();

  List<KubeObject> grants();

  /** Labels of a namespace; empty when there is none of that name. */
  KubeMap namespaceLabels(String namespace);

  @Nullable KubeObject service(String namespace, String name);

  @Nullable KubeObject secret(String namespace, String name);
}
