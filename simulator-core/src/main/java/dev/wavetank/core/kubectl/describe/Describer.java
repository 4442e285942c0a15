package dev.wavetank.core.kubectl.describe;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * Describes objects of any type.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
public final class Describer {

  /** How objects of one kind are described. */
  interface Kind {
    void describe(KubeObject object, Context context, Sheet sheet);
  }

  private static final ImmutableMap<ResourceType, Kind> KINDS =
      ImmutableMap.<ResourceType, Kind>builder()
          .put(ResourceType.PODS, PodDescriber::describe)
          .put(ResourceType.NODES, NodeDescriber::describe)
          .put(ResourceType.SERVICES, ServiceDescriber::describe)
          .put(ResourceType.ENDPOINTS, EndpointDescribers::endpoints)
          .put(ResourceType.ENDPOINT_SLICES, EndpointDescribers::endpointSlice)
          .put(ResourceType.DEPLOYMENTS, WorkloadDescribers::deployment)
          .put(ResourceType.REPLICA_SETS, WorkloadDescribers::replicaSet)
          .put(ResourceType.NAMESPACES, ConfigDescribers::namespace)
          .put(ResourceType.CONFIG_MAPS, ConfigDescribers::configMap)
          .put(ResourceType.SECRETS, ConfigDescribers::secret)
          .put(ResourceType.SERVICE_ACCOUNTS, ConfigDescribers::serviceAccount)
          .buildOrThrow();

  private Describer() {}

  /** The description of an object. */
  public static String describe(ResourceType type, KubeObject object, Context context) {
    Sheet sheet = new Sheet();
    KINDS.getOrDefault(type, GenericDescriber::describe).describe(object, context, sheet);
    return sheet.aligned();
  }

  /** The description of a pod template, its tabs not yet made into columns. */
  public static String podTemplate(KubeMap template) {
    Sheet sheet = new Sheet();
    PodTemplateDescriber.describe(template, sheet);
    return sheet.raw();
  }
}
