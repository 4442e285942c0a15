package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One DNS server's view of the API: as old as what has been delivered to it.
 *
 * <p>Its owner lists and watches {@link #types()} and hands everything on. Two servers that have
 * seen the same revision share their indexes.
 *
 * <p>Follows plugin/kubernetes/controller.go (CoreDNS v1.14).
 */
public final class DnsController {
  private static final ImmutableList<ResourceType> TYPES =
      ImmutableList.of(
          ResourceType.NAMESPACES, ResourceType.SERVICES, ResourceType.ENDPOINT_SLICES);
  private static final ImmutableList<ResourceType> TYPES_WITH_PODS =
      ImmutableList.<ResourceType>builder().addAll(TYPES).add(ResourceType.PODS).build();

  private final ClusterRecords shared;
  private final boolean verifiesPods;
  private final Set<ResourceType> listed = new LinkedHashSet<>();
  private Versions.Version<ServiceIndex> services;
  private Versions.Version<EndpointsIndex> endpoints;
  private Versions.Version<NamespaceIndex> namespaces;
  private Versions.Version<PodIndex> pods;
  private long modifiedNanos;

  /**
   * A view that has seen nothing.
   *
   * @param verifiesPods whether Pods are watched too, as {@code pods verified} wants it
   */
  public DnsController(ClusterRecords shared, boolean verifiesPods) {
    this.shared = shared;
    this.verifiesPods = verifiesPods;
    this.services = shared.services.start();
    this.endpoints = shared.endpoints.start();
    this.namespaces = shared.namespaces.start();
    this.pods = shared.pods.start();
  }

  /** What must be listed and watched. */
  public ImmutableList<ResourceType> types() {
    return verifiesPods ? TYPES_WITH_PODS : TYPES;
  }

  /**
   * Everything of one type, as a list gave it.
   *
   * @param revision the revision of the list
   * @param nowNanos virtual time of its arrival
   */
  public void listed(
      ResourceType type, Iterable<KubeObject> objects, long revision, long nowNanos) {
    if (type.equals(ResourceType.SERVICES)) {
      services = shared.services.listed(objects, revision);
    } else if (type.equals(ResourceType.ENDPOINT_SLICES)) {
      endpoints = shared.endpoints.listed(objects, revision);
    } else if (type.equals(ResourceType.NAMESPACES)) {
      namespaces = shared.namespaces.listed(objects, revision);
    } else if (type.equals(ResourceType.PODS) && verifiesPods) {
      pods = shared.pods.listed(objects, revision);
    }
    listed.add(type);
    modifiedNanos = nowNanos;
  }

  /**
   * One commit, in the order of revisions within its type.
   *
   * @param before null if the object was created
   * @param after null if it was deleted
   * @param revision the revision that the commit made
   * @param nowNanos virtual time of its arrival
   */
  public void observed(
      ResourceType type,
      @Nullable KubeObject before,
      @Nullable KubeObject after,
      long revision,
      long nowNanos) {
    boolean visible = false;
    if (type.equals(ResourceType.SERVICES)) {
      visible = visible(ServiceIndex.EMPTY, before, after);
      services = shared.services.next(services, before, after, revision);
    } else if (type.equals(ResourceType.ENDPOINT_SLICES)) {
      visible = visible(EndpointsIndex.EMPTY, before, after);
      endpoints = shared.endpoints.next(endpoints, before, after, revision);
    } else if (type.equals(ResourceType.NAMESPACES)) {
      // Names stand or fall with their Namespace, but the serial of the zone does not move.
      namespaces = shared.namespaces.next(namespaces, before, after, revision);
    } else if (type.equals(ResourceType.PODS) && verifiesPods) {
      visible = visible(PodIndex.EMPTY, before, after);
      pods = shared.pods.next(pods, before, after, revision);
    } else {
      return;
    }
    if (visible) {
      modifiedNanos = nowNanos;
    }
  }

  private static <I> boolean visible(
      Index<I> index, @Nullable KubeObject before, @Nullable KubeObject after) {
    return before == null || after == null || index.visible(before, after);
  }

  /** Whether every type has been listed once. */
  public boolean synced() {
    return listed.containsAll(types());
  }

  /** Virtual time of the newest change that an answer can show. */
  long modifiedNanos() {
    return modifiedNanos;
  }

  ServiceIndex services() {
    return services.index();
  }

  EndpointsIndex endpoints() {
    return endpoints.index();
  }

  NamespaceIndex namespaces() {
    return namespaces.index();
  }

  PodIndex pods() {
    return pods.index();
  }
}
