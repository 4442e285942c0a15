package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.ServicePods;
import dev.wavetank.core.network.IpAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod as a slice of one address type should show it.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/utils.go (v1.36).
 */
final class DesiredEndpoint {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final KubeObject pod;
  private final String address;
  private final @Nullable String hostname;
  private final @Nullable String nodeName;
  private final @Nullable String zone;
  private final boolean ready;
  private final boolean serving;
  private final boolean terminating;

  private DesiredEndpoint(
      KubeObject pod, @Nullable KubeObject node, KubeObject service, String address) {
    this.pod = pod;
    this.address = address;
    this.hostname = ServicePods.hostnameSet(pod, service) ? pod.spec().string("hostname") : null;
    String assigned = pod.spec().string("nodeName", "");
    this.nodeName = assigned.isEmpty() ? null : assigned;
    String label = node == null ? "" : node.labels().string(ZONE, "");
    this.zone = label.isEmpty() ? null : label;
    this.serving = Pods.ready(pod);
    this.terminating = pod.terminating();
    this.ready =
        service.spec().bool("publishNotReadyAddresses", false) || (serving && !terminating);
  }

  /** The endpoint; null when the pod has no address of that type. */
  static @Nullable DesiredEndpoint of(
      KubeObject pod, @Nullable KubeObject node, KubeObject service, String addressType) {
    String address = ServicePods.address(pod, addressType.equals("IPv6"));
    return address == null ? null : new DesiredEndpoint(pod, node, service, address);
  }

  String podName() {
    return pod.name();
  }

  IpAddress address() {
    return IpAddress.parse(address);
  }

  /** Whether an endpoint of a slice stands for this pod at this address and hostname. */
  boolean standsFor(KubeMap endpoint) {
    KubeList addresses = endpoint.listOrEmpty("addresses");
    KubeMap target = endpoint.mapOrEmpty("targetRef");
    return addresses.size() == 1
        && address.equals(addresses.get(0))
        && Objects.equals(hostname, endpoint.get("hostname"))
        && pod.namespace().equals(target.get("namespace"))
        && pod.name().equals(target.get("name"));
  }

  /** Whether an endpoint that stands for this pod says the same, hints aside. */
  boolean sameAs(KubeMap endpoint) {
    KubeMap conditions = endpoint.mapOrEmpty("conditions");
    return Objects.equals(nodeName, endpoint.get("nodeName"))
        && Objects.equals(zone, endpoint.get("zone"))
        && is(conditions, "ready", ready)
        && is(conditions, "serving", serving)
        && is(conditions, "terminating", terminating)
        && pod.uid().equals(endpoint.mapOrEmpty("targetRef").get("uid"))
        && "Pod".equals(endpoint.mapOrEmpty("targetRef").get("kind"));
  }

  private static boolean is(KubeMap conditions, String condition, boolean value) {
    return conditions.get(condition) instanceof Boolean said && said == value;
  }

  KubeMap endpoint() {
    return KubeMap.of(
        "addresses",
        KubeList.of(address),
        "conditions",
        KubeMap.of("ready", ready, "serving", serving, "terminating", terminating),
        "hostname",
        hostname,
        "targetRef",
        KubeMap.of(
            "kind", "Pod",
            "namespace", pod.namespace(),
            "name", pod.name(),
            "uid", pod.uid()),
        "nodeName",
        nodeName,
        "zone",
        zone);
  }
}
