package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** A Service with two endpoints, on node-1 and node-2, and the rules of node-1 for it. */
final class TodoBackend {

  private TodoBackend() {}

  static final KubeProxyConfiguration RANDOM =
      KubeProxyConfiguration.defaults(ImmutableList.of(AddressBlock.parse("10.244.0.0/16")))
          .withBalancer(Balancer.RANDOM);

  static final KubeMap TODO_PORT = Manifest.port("", "TCP", 8080);

  static final KubeObject TODO =
      Manifest.service("todobackend", "10.96.10.20", Manifest.port("", "TCP", 80));

  static final KubeObject TODO_SLICE =
      Manifest.slice(
          "todobackend-1",
          "todobackend",
          Manifest.endpoints("10.244.1.2", "10.244.2.2"),
          TODO_PORT);

  /** Instead of {@link #TODO_SLICE}: the one endpoint is on node-2. */
  static final KubeObject REMOTE =
      Manifest.slice(
          "todobackend-1",
          "todobackend",
          KubeList.of(Manifest.endpoint("10.244.2.2", "node-2")),
          TODO_PORT);

  static final KubeObject STICKY =
      TODO.with("ClientIP", "spec", "sessionAffinity")
          .with(10_800L, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");

  static final KubeObject NODE = Manifest.node(1, "zone-a");
  static final String SVC = "KUBE-SVC-NDXUXOZJV25S5TU7";
  static final String EXT = "KUBE-EXT-NDXUXOZJV25S5TU7";

  static ProxyState state(KubeProxyConfiguration settings, KubeObject... objects) {
    List<KubeObject> services = new ArrayList<>();
    List<KubeObject> slices = new ArrayList<>();
    for (KubeObject object : objects) {
      (object.kind().equals("Service") ? services : slices).add(object);
    }
    return ServiceChangeTracker.state(settings, IpFamily.IPV4, services, slices);
  }

  static String save(KubeProxyConfiguration settings, KubeObject... objects) {
    return state(settings, objects).ruleset(ProxyNode.of(NODE)).save();
  }

  static List<String> chain(String text, String chain) {
    return text.lines().filter(line -> line.startsWith("-A " + chain + " ")).toList();
  }

  static KubeObject nodePort(String policy) {
    return TODO.with("NodePort", "spec", "type")
        .with(policy, "spec", "externalTrafficPolicy")
        .with(KubeList.of(Manifest.nodePort("", "TCP", 80, 30_001)), "spec", "ports");
  }

  /** The Service as a load balancer at 203.0.113.1, with a node port. */
  static KubeObject loadBalancer(String policy, String... sourceRanges) {
    return nodePort(policy)
        .with("LoadBalancer", "spec", "type")
        .with(KubeList.of((Object[]) sourceRanges), "spec", "loadBalancerSourceRanges")
        .with(
            KubeList.of(KubeMap.of("ip", "203.0.113.1", "ipMode", "VIP")),
            "status",
            "loadBalancer",
            "ingress");
  }
}
