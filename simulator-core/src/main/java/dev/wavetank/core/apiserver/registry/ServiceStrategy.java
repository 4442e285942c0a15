package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Services: defaults, and what follows the type when it changes. Addresses and ports are taken by
 * {@link ServiceAllocation}, the rules are in {@link ServiceValidation}.
 *
 * <p>Follows pkg/registry/core/service/strategy.go and pkg/apis/core/v1/defaults.go (v1.36).
 */
final class ServiceStrategy implements ResourceStrategy {

  private static final long CLIENT_IP_TIMEOUT_SECONDS = 10800;

  private final ServiceAllocation allocation;

  ServiceStrategy(ServiceAllocation allocation) {
    this.allocation = allocation;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s = object.spec();
    s = affinity(PodDefaults.unlessSet(s, "sessionAffinity", "None"));
    s = PodDefaults.unlessSet(s, "type", "ClusterIP");
    s = PodDefaults.each(s, "ports", ServiceStrategy::port);
    if (Services.externallyAccessible(s)) {
      s = PodDefaults.unlessSet(s, "externalTrafficPolicy", "Cluster");
    }
    boolean inside = Services.hasNodePorts(s) || Services.type(s).equals("ClusterIP");
    if (inside && !s.has("internalTrafficPolicy")) {
      s = s.with("internalTrafficPolicy", "Cluster");
    }
    if (Services.loadBalancer(s) && !s.has("allocateLoadBalancerNodePorts")) {
      s = s.with("allocateLoadBalancerNodePorts", true);
    }
    return object.withSpec(s);
  }

  private static KubeMap affinity(KubeMap spec) {
    String affinity = spec.string("sessionAffinity", "");
    if (affinity.equals("None")) {
      return spec.without("sessionAffinityConfig");
    }
    KubeMap config = spec.mapOrEmpty("sessionAffinityConfig");
    boolean timed = config.mapOrEmpty("clientIP").has("timeoutSeconds");
    if (!affinity.equals("ClientIP") || timed) {
      return spec;
    }
    return spec.with(
        "sessionAffinityConfig",
        KubeMap.of("clientIP", KubeMap.of("timeoutSeconds", CLIENT_IP_TIMEOUT_SECONDS)));
  }

  private static KubeMap port(KubeMap port) {
    KubeMap p = PodDefaults.unlessSet(port, "protocol", "TCP");
    Object target = p.get("targetPort");
    if (target == null || target.equals(0L) || target.equals("")) {
      p = p.with("targetPort", p.number("port", 0));
    }
    return p;
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return object.withStatus(KubeMap.of("loadBalancer", KubeMap.EMPTY));
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  /** An address of a load balancer is a virtual one unless it says otherwise. */
  @Override
  public KubeObject prepareForStatusUpdate(KubeObject next, KubeObject old) {
    KubeMap balancer = next.status().map("loadBalancer");
    if (balancer == null || !Services.loadBalancer(next.spec())) {
      return next;
    }
    KubeMap changed = PodDefaults.each(balancer, "ingress", ServiceStrategy::withIpMode);
    return next.withStatus(next.status().with("loadBalancer", changed));
  }

  private static KubeMap withIpMode(KubeMap ingress) {
    return ingress.has("ip") ? PodDefaults.unlessSet(ingress, "ipMode", "VIP") : ingress;
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    ServiceValidation.status(next, old, errors);
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public List<String> nameErrors(String name) {
    return Formats.dnsLabel(name);
  }

  /** Drops what belonged to the old type, where the client sent back the old values. */
  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    KubeMap s = next.spec();
    KubeMap before = old.spec();
    if (s == before) {
      return next;
    }
    if (!Services.externalName(before) && Services.externalName(s)) {
      if (same("clusterIP", s, before) && same("clusterIPs", s, before)) {
        s = s.without("clusterIP").without("clusterIPs");
      }
      s = same("ipFamilies", s, before) ? s.without("ipFamilies") : s;
      s = same("ipFamilyPolicy", s, before) ? s.without("ipFamilyPolicy") : s;
    }
    if (Services.hasNodePorts(before) && !Services.hasNodePorts(s) && noNewNodePorts(s, before)) {
      s = PodDefaults.each(s, "ports", port -> port.without("nodePort"));
    }
    if (Services.needsHealthCheck(before)
        && !Services.needsHealthCheck(s)
        && same("healthCheckNodePort", s, before)) {
      s = s.without("healthCheckNodePort");
    }
    if (Services.loadBalancer(before) && !Services.loadBalancer(s)) {
      s = dropIfSame("allocateLoadBalancerNodePorts", s, before);
      s = dropIfSame("loadBalancerClass", s, before);
    }
    if (Services.externallyAccessible(before) && !Services.externallyAccessible(s)) {
      s = dropIfSame("externalTrafficPolicy", s, before);
    }
    KubeObject result = next.withSpec(s);
    return Services.loadBalancer(s)
        ? result
        : result.withStatus(result.status().with("loadBalancer", KubeMap.EMPTY));
  }

  private static KubeMap dropIfSame(String key, KubeMap next, KubeMap old) {
    return same(key, next, old) ? next.without(key) : next;
  }

  private static boolean same(String key, KubeMap next, KubeMap old) {
    return Objects.equals(next.get(key), old.get(key));
  }

  private static boolean noNewNodePorts(KubeMap next, KubeMap old) {
    KubeList oldPorts = old.listOrEmpty("ports");
    for (KubeMap port : next.listOrEmpty("ports").maps()) {
      long nodePort = port.number("nodePort", 0);
      boolean known = nodePort == 0;
      for (KubeMap oldPort : oldPorts.maps()) {
        known |= oldPort.number("nodePort", 0) == nodePort;
      }
      if (!known) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    ServiceValidation.validate(object, null, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    if (next.spec() == old.spec() && next.annotations() == old.annotations()) {
      return;
    }
    ServiceValidation.update(next.spec(), old.spec(), errors);
    ServiceValidation.validate(next, old, errors);
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    return ServiceWarnings.of(object);
  }

  @Override
  public KubeObject allocate(KubeObject object, boolean dryRun) {
    return allocation.create(object, dryRun);
  }

  @Override
  public KubeObject reallocate(KubeObject next, KubeObject old, boolean dryRun) {
    return next.spec() == old.spec() ? next : allocation.update(next, old, dryRun);
  }

  @Override
  public void release(KubeObject object, @Nullable KubeObject kept) {
    if (kept == null || kept.spec() != object.spec()) {
      allocation.release(object, kept == null ? KubeMap.EMPTY : kept.spec());
    }
  }
}
