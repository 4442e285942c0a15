package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.network.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their cluster IP, families, node ports and health check port. The cluster has IPv4
 * service networks only: no Service can have two families of addresses.
 *
 * <p>Follows pkg/registry/core/service/storage/alloc.go and storage.go (v1.36).
 */
final class ServiceAllocation {

  private static final String POLICY = "spec.ipFamilyPolicy";
  private static final String IPV4 = "IPv4";
  private static final String SINGLE_STACK = "SingleStack";

  private final ServiceNetworks ips;
  private final IpAddresses addresses;
  private final NodePortAllocator nodePorts;

  ServiceAllocation(ServiceNetworks ips, IpAddresses addresses, NodePortAllocator nodePorts) {
    this.ips = ips;
    this.addresses = addresses;
    this.nodePorts = nodePorts;
  }

  KubeObject create(KubeObject service, boolean dryRun) {
    KubeMap spec = service.spec();
    String ip = spec.string("clusterIP", "");
    if (!ip.isEmpty() && spec.listOrEmpty("clusterIPs").isEmpty()) {
      spec = spec.with("clusterIPs", KubeList.of(ip));
    }
    spec = families(service, spec, KubeMap.EMPTY);
    spec = clusterIp(service, spec, dryRun);
    KubeMap withIp = spec;
    NodePortAllocator.Operation ports = nodePorts.start(service.uid(), dryRun);
    try {
      if (Services.hasNodePorts(spec)) {
        spec = newNodePorts(service, spec, ports);
      }
      if (Services.needsHealthCheck(spec)) {
        spec = healthCheckPort(spec, ports);
      }
      return service.withSpec(spec);
    } catch (ApiException refused) {
      ports.revert();
      if (!dryRun) {
        releaseIps(service.uid(), withIp, KubeMap.EMPTY);
      }
      throw refused;
    }
  }

  KubeObject update(KubeObject service, KubeObject oldService, boolean dryRun) {
    KubeMap old = oldService.spec();
    KubeMap spec = normalized(withAllocatedValues(service.spec(), old), old);
    spec = families(service, spec, old);
    boolean newIp = Services.externalName(old) && !Services.externalName(spec);
    spec = newIp ? clusterIp(service, spec, dryRun) : spec;
    KubeMap withIp = spec;
    NodePortAllocator.Operation ports = nodePorts.start(service.uid(), dryRun);
    try {
      if (Services.hasNodePorts(spec)) {
        spec = changedNodePorts(service, spec, old, ports);
      }
      if (Services.needsHealthCheck(spec) && !Services.needsHealthCheck(old)) {
        spec = healthCheckPort(spec, ports);
      }
      return service.withSpec(spec);
    } catch (ApiException refused) {
      ports.revert();
      if (newIp && !dryRun) {
        releaseIps(service.uid(), withIp, KubeMap.EMPTY);
      }
      throw refused;
    }
  }

  /** What the client left out is what was allocated before. */
  private static KubeMap withAllocatedValues(KubeMap spec, KubeMap old) {
    KubeMap s = spec;
    if (!Services.externalName(old) && !Services.externalName(s)) {
      if (s.string("clusterIP", "").isEmpty()) {
        s = s.with("clusterIP", old.get("clusterIP"));
      }
      if (s.listOrEmpty("clusterIPs").isEmpty()) {
        s = s.with("clusterIPs", old.get("clusterIPs"));
      }
    }
    if (Services.hasNodePorts(old) && Services.hasNodePorts(s)) {
      s = withAllocatedPorts(s, old);
    }
    if (Services.needsHealthCheck(old)
        && Services.needsHealthCheck(s)
        && s.number("healthCheckNodePort", 0) == 0) {
      s = s.with("healthCheckNodePort", old.get("healthCheckNodePort"));
    }
    return s;
  }

  private static KubeMap withAllocatedPorts(KubeMap spec, KubeMap old) {
    List<Long> kept = portsOf(spec);
    kept.retainAll(portsOf(old));
    Map<String, Long> byName = new LinkedHashMap<>();
    for (KubeMap port : old.listOrEmpty("ports").maps()) {
      byName.put(port.string("name", ""), port.number("nodePort", 0));
    }
    return PodDefaults.each(
        spec,
        "ports",
        port -> {
          Long before = byName.get(port.string("name", ""));
          boolean missing = port.number("nodePort", 0) == 0;
          return missing && before != null && before != 0 && !kept.contains(before)
              ? port.with("nodePort", before)
              : port;
        });
  }

  private static List<Long> portsOf(KubeMap spec) {
    List<Long> ports = new ArrayList<>();
    for (KubeMap port : spec.listOrEmpty("ports").maps()) {
      long nodePort = port.number("nodePort", 0);
      if (nodePort != 0) {
        ports.add(nodePort);
      }
    }
    return ports;
  }

  /** A client that knows only {@code clusterIP} changes {@code clusterIPs} with it. */
  private static KubeMap normalized(KubeMap spec, KubeMap old) {
    String ip = spec.string("clusterIP", "");
    String oldIp = old.string("clusterIP", "");
    KubeList oldIps = old.listOrEmpty("clusterIPs");
    if (!oldIps.isEmpty() && spec.listOrEmpty("clusterIPs").isEmpty() && ip.equals(oldIp)) {
      return spec.with("clusterIPs", oldIps);
    }
    if (ip.equals(oldIp) || !spec.listOrEmpty("clusterIPs").equals(oldIps)) {
      return spec;
    }
    return spec.with("clusterIPs", ip.isEmpty() ? null : KubeList.of(ip));
  }

  private KubeMap families(KubeObject service, KubeMap spec, KubeMap old) {
    if (Services.externalName(spec)) {
      return spec;
    }
    KubeMap s = spec;
    boolean selectorless =
        s.mapOrEmpty("selector").isEmpty() && s.string("clusterIP", "").equals(Services.NONE);
    if (!s.has("ipFamilyPolicy")) {
      Object before = old.get("ipFamilyPolicy");
      Object otherwise = selectorless ? "RequireDualStack" : SINGLE_STACK;
      s = s.with("ipFamilyPolicy", before != null ? before : otherwise);
    }
    FieldErrors errors = new FieldErrors();
    ServiceClusterIps.fields(s, errors);
    refuse(service, errors);
    String policy = s.string("ipFamilyPolicy", "");
    s = familiesOfIps(s, policy, errors);
    refuse(service, errors);
    if (selectorless) {
      return selectorlessFamilies(s, policy);
    }
    if (policy.equals("RequireDualStack")) {
      errors.invalid(POLICY, policy, "this cluster is not configured for dual-stack services");
    }
    KubeList families = s.listOrEmpty("ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      if (!families.get(i).equals(IPV4)) {
        errors.invalid(
            "spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster");
      }
    }
    refuse(service, errors);
    return families.isEmpty() ? s.with("ipFamilies", KubeList.of(IPV4)) : s;
  }

  private static KubeMap familiesOfIps(KubeMap spec, String policy, FieldErrors errors) {
    KubeList ips = spec.listOrEmpty("clusterIPs");
    KubeList families = spec.listOrEmpty("ipFamilies");
    if (policy.equals(SINGLE_STACK)) {
      if (ips.size() == 2) {
        errors.invalid(
            POLICY,
            policy,
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are"
                + " specified");
      }
      if (families.size() == 2) {
        errors.invalid(
            POLICY,
            policy,
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are"
                + " specified");
      }
    }
    KubeList known = families;
    for (int i = families.size(); i < ips.size(); i++) {
      String ip = ips.get(i).toString();
      if (ip.equals(Services.NONE)) {
        break;
      }
      if (ip.indexOf(':') >= 0) {
        errors.invalid("spec.clusterIPs[" + i + "]", ips, "IPv6 is not configured on this cluster");
      } else {
        known = known.plus(IPV4);
      }
    }
    return known == families ? spec : spec.with("ipFamilies", known);
  }

  private static KubeMap selectorlessFamilies(KubeMap spec, String policy) {
    KubeList families = spec.listOrEmpty("ipFamilies");
    if (families.isEmpty()) {
      families = KubeList.of(IPV4);
    }
    if (families.size() < 2 && !policy.equals(SINGLE_STACK)) {
      families = families.plus(families.get(0).equals(IPV4) ? "IPv6" : IPV4);
    }
    return spec.with("ipFamilies", families);
  }

  private KubeMap clusterIp(KubeObject service, KubeMap spec, boolean dryRun) {
    KubeList wanted = spec.listOrEmpty("clusterIPs");
    if (Services.externalName(spec) || (!wanted.isEmpty() && wanted.get(0).equals(Services.NONE))) {
      return spec;
    }
    IpAddress ip = wanted.isEmpty() ? nextIp(service, dryRun) : ip(service, wanted, dryRun);
    if (!dryRun) {
      claim(ip, service);
    }
    return spec.with("clusterIP", ip.toString()).with("clusterIPs", KubeList.of(ip.toString()));
  }

  private void claim(IpAddress ip, KubeObject service) {
    try {
      addresses.create(ip, service);
    } catch (ApiException refused) {
      ips.release(ip, service.uid());
      throw refused;
    }
  }

  private IpAddress nextIp(KubeObject service, boolean dryRun) {
    if (dryRun) {
      return ips.any();
    }
    IpAddress next = ips.allocateNext(service.uid(), addresses::isTaken);
    if (next == null) {
      throw new ApiException(
          Status.internalError(
              "Internal error occurred: failed to allocate a serviceIP for Service \""
                  + service.name()
                  + "\": range is full"));
    }
    return next;
  }

  private IpAddress ip(KubeObject service, KubeList wanted, boolean dryRun) {
    IpAddress ip = IpAddress.parse(wanted.get(0).toString());
    String why = ips.allocate(ip, service.uid(), dryRun, addresses::isTaken);
    if (why != null) {
      FieldErrors errors = new FieldErrors();
      errors.invalid("spec.clusterIPs", wanted, "failed to allocate IP " + ip + ": " + why);
      refuse(service, errors);
    }
    return ip;
  }

  private static KubeMap newNodePorts(
      KubeObject service, KubeMap spec, NodePortAllocator.Operation operation) {
    KubeList ports = spec.listOrEmpty("ports");
    KubeList result = ports;
    Map<Long, Long> byPort = new LinkedHashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      KubeMap port = ports.map(i);
      long number = port.number("port", 0);
      long asked = port.number("nodePort", 0);
      if (asked == 0 && !Services.allocatesNodePorts(spec)) {
        continue;
      }
      Long known = byPort.get(number);
      long given = known == null ? requested(number, ports) : asked == 0 ? known : asked;
      if (given == 0) {
        given = next(operation);
      } else if (known == null || given != known) {
        refuse(service, i, given, operation.allocate(given));
      }
      byPort.putIfAbsent(number, given);
      result = result.with(i, port.with("nodePort", given));
    }
    return spec.with("ports", result);
  }

  /** The node port that some protocol of a port asks for, or 0. */
  private static long requested(long port, KubeList ports) {
    for (KubeMap other : ports.maps()) {
      if (other.number("port", 0) == port && other.number("nodePort", 0) != 0) {
        return other.number("nodePort", 0);
      }
    }
    return 0;
  }

  private static KubeMap changedNodePorts(
      KubeObject service, KubeMap spec, KubeMap old, NodePortAllocator.Operation operation) {
    List<Long> known = portsOf(old);
    KubeList ports = spec.listOrEmpty("ports");
    KubeList result = ports;
    for (int i = 0; i < ports.size(); i++) {
      long nodePort = ports.map(i).number("nodePort", 0);
      if (nodePort != 0) {
        if (!known.contains(nodePort)) {
          refuse(service, i, nodePort, operation.allocate(nodePort));
          known.add(nodePort);
        }
      } else if (Services.allocatesNodePorts(spec)) {
        result = result.with(i, ports.map(i).with("nodePort", next(operation)));
      }
    }
    return result == ports ? spec : spec.with("ports", result);
  }

  private static long next(NodePortAllocator.Operation operation) {
    long port = operation.allocateNext();
    if (port < 0) {
      throw new ApiException(
          Status.internalError(
              "Internal error occurred: failed to allocate a nodePort: range is full"));
    }
    return port;
  }

  private static KubeMap healthCheckPort(KubeMap spec, NodePortAllocator.Operation operation) {
    long asked = spec.number("healthCheckNodePort", 0);
    if (asked == 0) {
      return spec.with("healthCheckNodePort", next(operation));
    }
    String why = operation.allocate(asked);
    if (why != null) {
      throw new ApiException(
          Status.internalError(
              "Internal error occurred: failed to allocate requested HealthCheck NodePort "
                  + asked
                  + ": "
                  + why));
    }
    return spec;
  }

  /** Gives back what one spec holds and the other does not, if that Service has it. */
  void release(KubeObject service, KubeMap kept) {
    KubeMap spec = service.spec();
    releaseIps(service.uid(), spec, kept);
    List<Long> keptPorts = portsOf(kept);
    keptPorts.add(kept.number("healthCheckNodePort", 0));
    for (long port : portsOf(spec)) {
      if (!keptPorts.contains(port)) {
        nodePorts.release(port, service.uid());
      }
    }
    long healthCheck = spec.number("healthCheckNodePort", 0);
    if (!keptPorts.contains(healthCheck)) {
      nodePorts.release(healthCheck, service.uid());
    }
  }

  private void releaseIps(String uid, KubeMap spec, KubeMap kept) {
    KubeList keptIps = kept.listOrEmpty("clusterIPs");
    for (Object ip : spec.listOrEmpty("clusterIPs")) {
      IpAddress address = IpValidation.parse(ip.toString());
      if (address != null && !keptIps.contains(ip) && ips.release(address, uid)) {
        addresses.delete(address);
      }
    }
  }

  private static void refuse(KubeObject service, int port, long nodePort, @Nullable String why) {
    if (why != null) {
      FieldErrors errors = new FieldErrors();
      errors.invalid("spec.ports[" + port + "].nodePort", nodePort, why);
      refuse(service, errors);
    }
  }

  private static void refuse(KubeObject service, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(ResourceType.SERVICES, service.name()));
    }
  }
}
