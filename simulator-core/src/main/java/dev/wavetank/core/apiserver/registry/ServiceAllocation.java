package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their families, a cluster IP of each, node ports and health check port.
 *
 * <p>Follows pkg/registry/core/service/storage/alloc.go and storage.go (v1.36).
 */
final class ServiceAllocation {

  private final ServiceIpFamilies families;
  private final ImmutableMap<String, ServiceNetworks> ips;
  private final IpAddresses addresses;
  private final NodePortAllocator nodePorts;

  /**
   * The allocation of a cluster.
   *
   * @param ips the networks of each of its families, the default family first
   */
  ServiceAllocation(
      ImmutableMap<String, ServiceNetworks> ips,
      IpAddresses addresses,
      NodePortAllocator nodePorts) {
    this.families = new ServiceIpFamilies(ips.keySet().asList());
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
    spec = families.decide(service, spec, KubeMap.EMPTY);
    spec = clusterIps(service, spec, dryRun);
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
    spec = families.decide(service, spec, old);
    spec = changedClusterIps(service, spec, old, dryRun);
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
      if (!dryRun) {
        releaseIps(service.uid(), withIp, old);
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

  /** What an update changes of the addresses: all are new, or the second is. */
  private KubeMap changedClusterIps(KubeObject service, KubeMap spec, KubeMap old, boolean dryRun) {
    if (ServiceIpFamilies.staysAsItIs(spec, old)) {
      return spec;
    }
    if (Services.externalName(old)) {
      return clusterIps(service, spec, dryRun);
    }
    boolean addressed = !Services.headless(old) && !Services.externalName(spec);
    boolean upgraded =
        old.listOrEmpty("ipFamilies").size() == 1 && spec.listOrEmpty("ipFamilies").size() == 2;
    return addressed && upgraded ? allocated(service, spec, 1, dryRun) : spec;
  }

  /** Takes an address of each family. */
  private KubeMap clusterIps(KubeObject service, KubeMap spec, boolean dryRun) {
    KubeList wanted = spec.listOrEmpty("clusterIPs");
    boolean headless = !wanted.isEmpty() && wanted.get(0).equals(Services.NONE);
    return Services.externalName(spec) || headless ? spec : allocated(service, spec, 0, dryRun);
  }

  /**
   * Takes an address of each family from one of them on; a refusal takes none.
   *
   * @param from position in {@code spec.ipFamilies}
   */
  private KubeMap allocated(KubeObject service, KubeMap spec, int from, boolean dryRun) {
    KubeList families = spec.listOrEmpty("ipFamilies");
    KubeList wanted = spec.listOrEmpty("clusterIPs");
    KubeList given = wanted;
    List<IpAddress> taken = new ArrayList<>(1);
    try {
      for (int i = from; i < families.size(); i++) {
        ServiceNetworks of = networks(families.get(i).toString());
        IpAddress ip =
            i < wanted.size() ? ip(of, service, wanted, i, dryRun) : nextIp(of, service, dryRun);
        if (!dryRun) {
          claim(of, ip, service);
          taken.add(ip);
        }
        given = i < given.size() ? given.with(i, ip.toString()) : given.plus(ip.toString());
      }
    } catch (ApiException refused) {
      taken.forEach(ip -> giveBack(ip, service.uid()));
      throw refused;
    }
    return spec.with("clusterIP", given.get(0)).with("clusterIPs", given);
  }

  private ServiceNetworks networks(String family) {
    ServiceNetworks found = ips.get(family);
    if (found == null) {
      throw new SimulationBug("a Service has a family that was not looked at: " + family);
    }
    return found;
  }

  private void claim(ServiceNetworks of, IpAddress ip, KubeObject service) {
    try {
      addresses.create(ip, service);
    } catch (ApiException refused) {
      of.release(ip, service.uid());
      throw refused;
    }
  }

  private IpAddress nextIp(ServiceNetworks of, KubeObject service, boolean dryRun) {
    if (dryRun) {
      return of.any();
    }
    IpAddress next = of.allocateNext(service.uid(), addresses::isTaken);
    if (next == null) {
      throw new ApiException(
          Status.internalError(
              "Internal error occurred: failed to allocate a serviceIP for Service \""
                  + service.name()
                  + "\": range is full"));
    }
    return next;
  }

  private IpAddress ip(
      ServiceNetworks of, KubeObject service, KubeList wanted, int position, boolean dryRun) {
    IpAddress ip = IpAddress.parse(wanted.get(position).toString());
    String why = of.allocate(ip, service.uid(), dryRun, addresses::isTaken);
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
      if (address != null && !keptIps.contains(ip)) {
        giveBack(address, uid);
      }
    }
  }

  private void giveBack(IpAddress address, String uid) {
    ServiceNetworks of = ips.get(ServiceIpFamilies.of(address.toString()));
    if (of != null && of.release(address, uid)) {
      addresses.delete(address);
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
