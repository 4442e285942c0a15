package dev.wavetank.core.controller.service;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.Objects;

/**
 * What a Service wants of the cloud, and which of its changes matter there.
 *
 * <p>Follows staging/src/k8s.io/cloud-provider/controllers/service/controller.go (v1.36).
 */
final class ServiceChanges {

  /** Keeps a Service until its load balancer is gone. */
  static final String FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

  private static final ImmutableList<String> OF_THE_SPEC =
      ImmutableList.of(
          "loadBalancerSourceRanges",
          "sessionAffinity",
          "sessionAffinityConfig",
          "loadBalancerIP",
          "externalIPs",
          "externalTrafficPolicy",
          "healthCheckNodePort");
  private static final ImmutableList<String> OF_A_PORT =
      ImmutableList.of("name", "protocol", "port", "nodePort", "targetPort", "appProtocol");

  private ServiceChanges() {}

  /** One with a class is left to whoever serves that class. */
  static boolean wantsLoadBalancer(KubeObject service) {
    return isLoadBalancer(service) && !service.spec().has("loadBalancerClass");
  }

  private static boolean isLoadBalancer(KubeObject service) {
    return service.spec().string("type", "").equals("LoadBalancer");
  }

  /** Whether it has the finalizer and wants its load balancer no more. */
  static boolean needsCleanup(KubeObject service) {
    return service.finalizers().contains(FINALIZER)
        && (service.terminating() || !isLoadBalancer(service));
  }

  static boolean needsUpdate(KubeObject before, KubeObject after) {
    boolean wanted = wantsLoadBalancer(before);
    boolean wants = wantsLoadBalancer(after);
    if (!wanted || !wants) {
      return wanted != wants;
    }
    for (String field : OF_THE_SPEC) {
      if (!Objects.equals(before.spec().get(field), after.spec().get(field))) {
        return true;
      }
    }
    return !ports(before).equals(ports(after))
        || !before.annotations().equals(after.annotations())
        || !before.uid().equals(after.uid())
        || families(before) != families(after);
  }

  private static ImmutableList<KubeMap> ports(KubeObject service) {
    ImmutableList.Builder<KubeMap> ports = ImmutableList.builder();
    for (KubeMap port : service.spec().listOrEmpty("ports").maps()) {
      KubeMap.Builder compared = KubeMap.builder();
      OF_A_PORT.forEach(field -> compared.put(field, port.get(field)));
      ports.add(compared.build());
    }
    return ports.build();
  }

  private static int families(KubeObject service) {
    return service.spec().listOrEmpty("ipFamilies").size();
  }
}
