package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.aggregator.GroupPriorities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resources that are served, by group and version, with what their types do not say: verbs,
 * subresources and categories.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/installer.go, the storages of pkg/registry
 * and the priorities of pkg/controlplane/apiserver/aggregator.go (v1.36).
 */
final class ResourceCatalog {

  /**
   * A subresource.
   *
   * @param name such as {@code status}
   * @param apiVersion of its objects; empty for that of the resource
   * @param kind of its objects
   */
  record Subresource(String name, String apiVersion, String kind, ImmutableList<String> verbs) {}

  private static final ImmutableList<String> VERBS =
      ImmutableList.of(
          "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private static final ImmutableList<String> SUBRESOURCE_VERBS =
      ImmutableList.of("get", "patch", "update");

  private static final ImmutableList<String> READ = ImmutableList.of("get", "list");
  private static final ImmutableList<String> CREATE = ImmutableList.of("create");
  private static final ImmutableList<String> PROXY =
      ImmutableList.of("create", "delete", "get", "patch", "update");
  private static final ImmutableList<String> CONNECT = ImmutableList.of("create", "get");

  private static final ImmutableSet<String> API_EXTENSIONS =
      ImmutableSet.of(
          "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io");

  private static final ImmutableSet<String> ALL =
      ImmutableSet.of(
          "pods",
          "replicationcontrollers",
          "services",
          "daemonsets.apps",
          "deployments.apps",
          "replicasets.apps",
          "statefulsets.apps",
          "horizontalpodautoscalers.autoscaling",
          "cronjobs.batch",
          "jobs.batch");

  private static final ImmutableSet<String> SCALABLE =
      ImmutableSet.of(
          "deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers");

  private final ApiServer server;

  ResourceCatalog(ApiServer server) {
    this.server = server;
  }

  /** Hears of every resource that comes or goes. */
  void listen(Runnable listener) {
    server.served().listen(listener);
  }

  /** The groups that have resources, the core group first. */
  List<String> groups() {
    Set<String> groups = new LinkedHashSet<>();
    for (ResourceType type : server.served().served()) {
      groups.add(type.group());
    }
    List<String> sorted = new ArrayList<>(groups);
    sorted.sort(GroupPriorities.ORDER);
    return sorted;
  }

  /** The versions of a group, the preferred one first. */
  List<String> versions(String group) {
    Set<String> versions = new LinkedHashSet<>();
    for (ResourceType type : server.served().served()) {
      if (type.group().equals(group)) {
        versions.add(type.version());
      }
    }
    List<String> sorted = new ArrayList<>(versions);
    sorted.sort(VersionPriority.NEWEST_FIRST);
    return sorted;
  }

  /** The resources of a version, by name. */
  List<ResourceType> resources(String group, String version) {
    List<ResourceType> found = new ArrayList<>();
    for (ResourceType type : server.served().served()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        found.add(type);
      }
    }
    found.sort(Comparator.comparing(ResourceType::plural));
    return found;
  }

  @Nullable ResourceType find(String group, String version, String plural) {
    for (ResourceType type : server.served().served()) {
      if (type.plural().equals(plural)
          && type.group().equals(group)
          && type.version().equals(version)) {
        return type;
      }
    }
    return null;
  }

  /** Whether objects of the type are stored. */
  boolean isStored(ResourceType type) {
    return !server.served().answers(type);
  }

  ImmutableList<String> verbs(ResourceType type) {
    if (server.served().answers(type)) {
      boolean read =
          type.equals(ResourceType.COMPONENT_STATUSES) || server.served().computed(type) != null;
      return read ? READ : CREATE;
    }
    return type.equals(ResourceType.NAMESPACES)
        ? ImmutableList.of("create", "delete", "get", "list", "patch", "update", "watch")
        : VERBS;
  }

  ImmutableList<String> categories(ResourceType type) {
    CustomResource custom = type.custom();
    if (custom != null) {
      return custom.categories();
    }
    if (API_EXTENSIONS.contains(type.group())) {
      return ImmutableList.of("api-extensions");
    }
    return ALL.contains(type.groupResource()) ? ImmutableList.of("all") : ImmutableList.of();
  }

  /** The subresources, by name. */
  ImmutableList<Subresource> subresources(ResourceType type) {
    ImmutableList.Builder<Subresource> found = ImmutableList.builder();
    if (type.equals(ResourceType.PODS)) {
      found.add(new Subresource("attach", "", "PodAttachOptions", CONNECT));
      found.add(new Subresource("binding", "", "Binding", CREATE));
      found.add(new Subresource("ephemeralcontainers", "", type.kind(), SUBRESOURCE_VERBS));
      found.add(new Subresource("eviction", "policy/v1", "Eviction", CREATE));
      found.add(new Subresource("exec", "", "PodExecOptions", CONNECT));
      found.add(new Subresource("log", "", type.kind(), ImmutableList.of("get")));
      found.add(new Subresource("portforward", "", "PodPortForwardOptions", CONNECT));
      found.add(new Subresource("proxy", "", "PodProxyOptions", PROXY));
      found.add(new Subresource("resize", "", type.kind(), SUBRESOURCE_VERBS));
    }
    if (type.equals(ResourceType.CERTIFICATE_SIGNING_REQUESTS)) {
      found.add(new Subresource("approval", "", type.kind(), SUBRESOURCE_VERBS));
    }
    if (type.equals(ResourceType.SERVICES)) {
      found.add(new Subresource("proxy", "", "ServiceProxyOptions", PROXY));
    }
    if (type.equals(ResourceType.SERVICE_ACCOUNTS)) {
      found.add(new Subresource("token", "authentication.k8s.io/v1", "TokenRequest", CREATE));
    }
    if (type.equals(ResourceType.NAMESPACES)) {
      found.add(new Subresource("finalize", "", type.kind(), ImmutableList.of("update")));
    }
    CustomResource custom = type.custom();
    boolean sized = custom != null && custom.scale() != null;
    if (sized || SCALABLE.contains(type.groupResource())) {
      found.add(new Subresource("scale", "autoscaling/v1", "Scale", SUBRESOURCE_VERBS));
    }
    if (server.strategy(type).statusSubresource()) {
      found.add(new Subresource("status", "", type.kind(), SUBRESOURCE_VERBS));
    }
    return found.build();
  }

  @Nullable Subresource subresource(ResourceType type, String name) {
    for (Subresource subresource : subresources(type)) {
      if (subresource.name().equals(name)) {
        return subresource;
      }
    }
    return null;
  }

  /** The kind of a list of the type's objects. */
  static String listKind(ResourceType type) {
    CustomResource custom = type.custom();
    return custom == null ? type.kind() + "List" : custom.listKind();
  }
}
