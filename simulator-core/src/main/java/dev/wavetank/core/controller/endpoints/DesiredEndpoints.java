package dev.wavetank.core.controller.endpoints;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.EndpointSubsets;
import dev.wavetank.core.controller.OfferedPorts;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.ServicePods;
import dev.wavetank.core.controller.TriggerTimeTracker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Endpoints of a Service should say.
 *
 * <p>Follows pkg/controller/endpoint/endpoints_controller.go (v1.36).
 */
final class DesiredEndpoints {

  private final KubeObject service;

  /** All of them, more than are published perhaps. */
  private final KubeList subsets;

  private DesiredEndpoints(KubeObject service, KubeList subsets) {
    this.service = service;
    this.subsets = subsets;
  }

  /**
   * What a Service's Endpoints should say.
   *
   * @param pods those that it selects
   */
  static DesiredEndpoints of(KubeObject service, List<KubeObject> pods) {
    return new DesiredEndpoints(service, new Gathering(service).subsets(pods));
  }

  /** Whether an object says so already; as upstream one that was truncated never does. */
  boolean shownBy(KubeObject current) {
    KubeList shown = withoutVersions(current.root().listOrEmpty("subsets"));
    return (shown.equals(subsets) || EndpointSubsets.repack(shown.maps()).equals(subsets))
        && EndpointsController.labelsCorrect(current.labels(), service.labels())
        && Capacity.used(shown) <= Capacity.MAX
        && !current.annotations().has(Capacity.ANNOTATION);
  }

  /** Subsets without the resourceVersions of targets, which nobody compares. */
  private static KubeList withoutVersions(KubeList subsets) {
    KubeList result = subsets;
    for (int i = 0; i < subsets.size(); i++) {
      KubeMap subset = subsets.map(i);
      for (String field : new String[] {"addresses", "notReadyAddresses"}) {
        KubeList addresses = subset.listOrEmpty(field);
        for (int j = 0; j < addresses.size(); j++) {
          KubeMap address = addresses.map(j);
          KubeMap target = address.map("targetRef");
          if (target != null && target.has("resourceVersion")) {
            target = target.without("resourceVersion");
            addresses = addresses.with(j, address.with("targetRef", target));
          }
        }
        subset = addresses.isEmpty() ? subset : subset.with(field, addresses);
      }
      result = result.with(i, subset);
    }
    return result;
  }

  /**
   * The object to be written.
   *
   * @param current the one it replaces; null for a new one
   * @param triggerTime null clears the annotation
   */
  KubeObject write(@Nullable KubeObject current, @Nullable String triggerTime) {
    KubeObject base = current;
    if (base == null) {
      base =
          KubeObject.of(
              ResourceType.ENDPOINTS,
              KubeMap.of("name", service.name(), "namespace", service.namespace()));
    }
    KubeList published = Capacity.truncate(subsets);
    KubeMap annotations =
        base.annotations()
            .with(TriggerTimeTracker.ANNOTATION, triggerTime)
            .with(Capacity.ANNOTATION, published == subsets ? null : Capacity.TRUNCATED);
    KubeMap metadata =
        base.metadata()
            .with("labels", EndpointsController.labels(service))
            .with("annotations", annotations.isEmpty() ? null : annotations);
    return base.withMetadata(metadata).with(published.isEmpty() ? null : published, "subsets");
  }

  /**
   * Gathers addresses. Mostly all pods offer the same ports, which makes one subset; only when a
   * named port leads to different numbers the general repacking is needed.
   */
  private static final class Gathering {
    private final KubeObject service;
    private final OfferedPorts offered;
    private final boolean portless;
    private final boolean publishNotReady;
    private final List<KubeMap> ready = new ArrayList<>();
    private final List<KubeMap> notReady = new ArrayList<>();
    private final List<KubeMap> subsets = new ArrayList<>(1);
    private KubeList ports = KubeList.EMPTY;

    Gathering(KubeObject service) {
      this.service = service;
      this.offered = new OfferedPorts(service, Gathering::port);
      this.portless =
          service.spec().listOrEmpty("ports").isEmpty()
              && "None".equals(service.spec().get("clusterIP"));
      this.publishNotReady = service.spec().bool("publishNotReadyAddresses", false);
    }

    KubeList subsets(List<KubeObject> pods) {
      for (KubeObject pod : pods) {
        if (ServicePods.endpoint(pod, publishNotReady)) {
          add(pod);
        }
      }
      KubeList last = EndpointSubsets.of(ready, notReady, ports);
      if (subsets.isEmpty()) {
        return last;
      }
      last.maps().forEach(subsets::add);
      return EndpointSubsets.repack(subsets);
    }

    private void add(KubeObject pod) {
      String ip = ServicePods.address(pod, wantsV6(pod));
      if (ip == null) {
        return;
      }
      KubeList podPorts = offered.of(pod);
      if (podPorts.isEmpty() && !portless) {
        return;
      }
      if (podPorts != ports) {
        EndpointSubsets.of(ready, notReady, ports).maps().forEach(subsets::add);
        ready.clear();
        notReady.clear();
        ports = podPorts;
      }
      (publishNotReady || Pods.ready(pod) ? ready : notReady).add(address(pod, ip));
    }

    private boolean wantsV6(KubeObject pod) {
      KubeList families = service.spec().listOrEmpty("ipFamilies");
      if (!families.isEmpty()) {
        return "IPv6".equals(families.get(0));
      }
      String clusterIp = service.spec().string("clusterIP", "");
      boolean decides = !clusterIp.isEmpty() && !clusterIp.equals("None");
      return (decides ? clusterIp : pod.status().string("podIP", "")).indexOf(':') >= 0;
    }

    private KubeMap address(KubeObject pod, String ip) {
      return KubeMap.of(
          "ip",
          ip,
          "hostname",
          ServicePods.hostnameSet(pod, service) ? pod.spec().string("hostname") : null,
          "nodeName",
          pod.spec().string("nodeName", ""),
          "targetRef",
          KubeMap.of(
              "kind", "Pod",
              "namespace", pod.namespace(),
              "name", pod.name(),
              "uid", pod.uid()));
    }

    private static KubeMap port(KubeMap servicePort, long number) {
      String name = servicePort.string("name", "");
      return KubeMap.of(
          "name",
          name.isEmpty() ? null : name,
          "port",
          number,
          "protocol",
          servicePort.string("protocol", "TCP"),
          "appProtocol",
          servicePort.get("appProtocol"));
    }
  }
}
