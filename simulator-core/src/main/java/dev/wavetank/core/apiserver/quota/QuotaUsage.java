package dev.wavetank.core.apiserver.quota;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an object uses of the resources that a quota can limit.
 *
 * <p>Follows pkg/quota/v1/evaluator/core and staging/src/k8s.io/apiserver/pkg/quota/v1/generic
 * (v1.36).
 */
public final class QuotaUsage {

  private static final Quantity ONE = Quantity.of(1, Quantity.Format.DECIMAL_SI);
  private static final String COUNT = "count/";
  private static final String REQUESTS = "requests.";

  /** Types that are counted under their plural too. */
  private static final ImmutableSet<String> ALIASED =
      ImmutableSet.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

  private static final ImmutableSet<String> POD_RESOURCES =
      ImmutableSet.of(
          "count/pods",
          "pods",
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage");

  private static final ImmutableSet<String> SERVICE_RESOURCES =
      ImmutableSet.of("count/services", "services", "services.nodeports", "services.loadbalancers");

  /** What a quota forces each container to name. */
  private static final ImmutableSet<String> DEMANDED =
      ImmutableSet.of(
          "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  private QuotaUsage() {}

  /** Whether objects of a type count at all. */
  public static boolean counts(ResourceType type) {
    return type.namespaced() && !type.equals(ResourceType.EVENTS);
  }

  private static String countOf(ResourceType type) {
    return COUNT + type.groupResource();
  }

  /** Those of some resources that objects of a type use. */
  public static Set<String> matching(ResourceType type, Iterable<String> resources) {
    Set<String> matching = new TreeSet<>();
    for (String resource : resources) {
      if (matches(type, resource)) {
        matching.add(resource);
      }
    }
    return matching;
  }

  private static boolean matches(ResourceType type, String resource) {
    if (type.equals(ResourceType.PODS)) {
      boolean prefixed =
          resource.startsWith("hugepages-") || resource.startsWith("requests.hugepages-");
      return POD_RESOURCES.contains(resource) || prefixed || isExtended(resource);
    }
    if (type.equals(ResourceType.SERVICES)) {
      return SERVICE_RESOURCES.contains(resource);
    }
    if (type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS)) {
      return resource.equals("persistentvolumeclaims")
          || resource.equals("requests.storage")
          || resource.equals(countOf(type))
          || resource.endsWith(".storageclass.storage.k8s.io/persistentvolumeclaims")
          || resource.endsWith(".storageclass.storage.k8s.io/requests.storage");
    }
    return resource.equals(countOf(type))
        || (type.group().isEmpty()
            && ALIASED.contains(type.plural())
            && resource.equals(type.plural()));
  }

  private static boolean isExtended(String resource) {
    return resource.startsWith(REQUESTS)
        && resource.indexOf('/') > 0
        && !resource.contains(".storageclass.storage.k8s.io/")
        && !resource.substring(0, resource.indexOf('/')).endsWith("kubernetes.io");
  }

  /**
   * What one object uses.
   *
   * @param now by which a deletion may be over
   */
  public static Map<String, Quantity> of(ResourceType type, KubeObject object, Instant now) {
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put(countOf(type), ONE);
    if (type.equals(ResourceType.PODS)) {
      if (isAlive(object, now)) {
        usage.putAll(compute(requests(object), PodResources.limits(object.spec())));
      }
    } else if (type.equals(ResourceType.SERVICES)) {
      service(object.spec(), usage);
    } else if (type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS)) {
      claim(object, usage);
    } else if (type.group().isEmpty() && ALIASED.contains(type.plural())) {
      usage.put(type.plural(), ONE);
    }
    return usage;
  }

  private static Map<String, Quantity> requests(KubeObject pod) {
    return PodResources.requests(pod.spec());
  }

  private static boolean isAlive(KubeObject pod, Instant now) {
    String phase = pod.status().string("phase", "");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return false;
    }
    Instant deleted = Timestamps.parse(pod.deletionTimestamp());
    return deleted == null
        || !pod.metadata().has("deletionGracePeriodSeconds")
        || !now.isAfter(deleted);
  }

  private static Map<String, Quantity> compute(
      Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put("pods", ONE);
    requests.forEach(
        (name, amount) -> {
          boolean plain =
              name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage");
          if (plain || name.startsWith("hugepages-")) {
            usage.put(name, amount);
            usage.put(REQUESTS + name, amount);
          } else if (isExtended(REQUESTS + name)) {
            usage.put(REQUESTS + name, amount);
          }
        });
    limits.forEach(
        (name, amount) -> {
          if (name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage")) {
            usage.put("limits." + name, amount);
          }
        });
    return usage;
  }

  private static void service(KubeMap spec, Map<String, Quantity> usage) {
    String type = spec.string("type", "");
    long ports = spec.listOrEmpty("ports").size();
    long nodePorts = 0;
    if (type.equals("NodePort")) {
      nodePorts = ports;
    } else if (type.equals("LoadBalancer")) {
      nodePorts = spec.bool("allocateLoadBalancerNodePorts", true) ? ports : withNodePort(spec);
    }
    usage.put("services", ONE);
    usage.put("services.loadbalancers", number(type.equals("LoadBalancer") ? 1 : 0));
    usage.put("services.nodeports", number(nodePorts));
  }

  private static long withNodePort(KubeMap spec) {
    long count = 0;
    for (KubeMap port : spec.listOrEmpty("ports").maps()) {
      count += port.number("nodePort", 0) == 0 ? 0 : 1;
    }
    return count;
  }

  private static Quantity number(long value) {
    return Quantity.of(value, Quantity.Format.DECIMAL_SI);
  }

  private static void claim(KubeObject claim, Map<String, Quantity> usage) {
    usage.put("persistentvolumeclaims", ONE);
    String storageClass = claim.spec().string("storageClassName", "");
    String prefix = storageClass + ".storageclass.storage.k8s.io/";
    if (!storageClass.isEmpty()) {
      usage.put(prefix + "persistentvolumeclaims", ONE);
    }
    Object storage = claim.spec().at("resources", "requests", "storage");
    if (storage != null) {
      usage.put("requests.storage", Quantity.of(storage));
      if (!storageClass.isEmpty()) {
        usage.put(prefix + "requests.storage", Quantity.of(storage));
      }
    }
  }

  /**
   * What a pod fails to name although a quota limits it; null when it names everything.
   *
   * @param limited the resources that the quota limits
   */
  public static @Nullable String missing(KubeObject pod, Set<String> limited) {
    if (pod.spec().has("resources")) {
      return null;
    }
    Map<String, Set<String>> missing = new TreeMap<>();
    for (String list : new String[] {"containers", "initContainers"}) {
      for (KubeMap container : pod.spec().listOrEmpty(list).maps()) {
        KubeMap resources = container.mapOrEmpty("resources");
        Set<String> named =
            compute(
                    PodResources.list(resources.mapOrEmpty("requests")),
                    PodResources.list(resources.mapOrEmpty("limits")))
                .keySet();
        for (String resource : limited) {
          if (DEMANDED.contains(resource) && !named.contains(resource)) {
            missing
                .computeIfAbsent(resource, any -> new TreeSet<>())
                .add(container.string("name", ""));
          }
        }
      }
    }
    StringBuilder out = new StringBuilder();
    missing.forEach(
        (resource, containers) ->
            out.append(out.length() == 0 ? "" : "; ")
                .append(resource)
                .append(" for: ")
                .append(String.join(",", containers)));
    return missing.isEmpty() ? null : "must specify " + out;
  }
}
