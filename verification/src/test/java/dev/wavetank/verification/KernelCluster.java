package dev.wavetank.verification;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.Balancer;
import dev.wavetank.proxy.KubeProxyConfiguration;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.ServiceChangeTracker;
import dev.wavetank.proxy.ipvs.Scheduler;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Services whose endpoints are the places of one fixed network: four pods on the node and four on
 * another, and a program with the address of each node itself.
 *
 * @param number tells clusters apart; 1 to 250
 */
record KernelCluster(int number, List<Plan> plans) {

  private static final String NODE_ADDRESS = "172.18.0.2";
  private static final String OTHER_NODE_ADDRESS = "172.18.0.3";
  private static final String OUTSIDE_ADDRESS = "172.18.0.100";
  private static final String GATEWAY = "10.244.1.1";
  private static final int PODS = 4;
  private static final int SERVICES_MAX = 4;
  private static final int ENDPOINTS_MAX = 4;
  private static final int PORT = 80;
  private static final int TARGET_PORT = 8080;
  private static final int FIRST_NODE_PORT = 30_000;

  /** Sessions last longer than any test. */
  private static final long STICKY_SECONDS = 10_800;

  /** Where an endpoint is and how it does. */
  record EndpointPlan(String address, String nodeName, Health health) {}

  /** Conditions of an endpoint. */
  enum Health {
    READY,
    NOT_READY,
    LEAVING
  }

  /** What kind of Service, and its endpoints. */
  record Plan(
      String type,
      boolean sticky,
      boolean internalLocal,
      boolean externalLocal,
      String sourceRange,
      List<EndpointPlan> endpoints) {}

  /** A connection to try, and whether a Service with session affinity is behind it. */
  record Attempt(KernelNode.Probe probe, String source, boolean sticky) {}

  static KernelCluster random(int number) {
    ChoiceStream choices = Choices.seeded(number).stream("cluster");
    List<Plan> plans = new ArrayList<>();
    int services = 1 + choices.choose(SERVICES_MAX);
    for (int i = 0; i < services; i++) {
      plans.add(
          new Plan(
              List.of("ClusterIP", "NodePort", "LoadBalancer").get(choices.choose(3)),
              choices.choose(4) == 0,
              choices.choose(4) == 0,
              choices.choose(2) == 0,
              List.of("", "172.18.0.0/24", "192.0.2.0/24").get(choices.choose(3)),
              endpoints(choices)));
    }
    return new KernelCluster(number, plans);
  }

  private static List<EndpointPlan> endpoints(ChoiceStream choices) {
    List<EndpointPlan> places = new ArrayList<>(places());
    List<EndpointPlan> endpoints = new ArrayList<>();
    int count = choices.choose(ENDPOINTS_MAX + 1);
    for (int i = 0; i < count; i++) {
      EndpointPlan place = places.remove(choices.choose(places.size()));
      Health health =
          switch (choices.choose(6)) {
            case 0 -> Health.NOT_READY;
            case 1 -> Health.LEAVING;
            default -> Health.READY;
          };
      endpoints.add(new EndpointPlan(place.address, place.nodeName, health));
    }
    return endpoints;
  }

  /** All places where an endpoint can be: pods, and the nodes themselves. */
  static List<EndpointPlan> places() {
    List<EndpointPlan> places = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      places.add(new EndpointPlan(podAddress(1, i), "node-1", Health.READY));
      places.add(new EndpointPlan(podAddress(2, i), "node-2", Health.READY));
    }
    places.add(new EndpointPlan(NODE_ADDRESS, "node-1", Health.READY));
    places.add(new EndpointPlan(OTHER_NODE_ADDRESS, "node-2", Health.READY));
    return places;
  }

  private static String podAddress(int node, int pod) {
    return "10.244." + node + "." + (pod + 2);
  }

  /** The network: what is outside, the other node with its pods, the node's own pods. */
  static List<KernelNode.Peer> peers() {
    List<String> other = new ArrayList<>(List.of(OTHER_NODE_ADDRESS));
    for (int i = 0; i < PODS; i++) {
      other.add(podAddress(2, i));
    }
    List<KernelNode.Peer> peers = new ArrayList<>();
    peers.add(new KernelNode.Peer("outside", List.of(OUTSIDE_ADDRESS), NODE_ADDRESS));
    peers.add(new KernelNode.Peer("node-2", other, NODE_ADDRESS));
    for (int i = 0; i <= PODS; i++) {
      peers.add(new KernelNode.Peer("pod-" + i, List.of(podAddress(1, i)), GATEWAY));
    }
    return peers;
  }

  static List<KernelNode.Listener> listeners() {
    List<KernelNode.Listener> listeners = new ArrayList<>();
    for (EndpointPlan place : places()) {
      String on = place.nodeName.equals("node-2") ? "node-2" : "node";
      for (KernelNode.Peer peer : peers()) {
        on = peer.addresses().contains(place.address) ? peer.name() : on;
      }
      listeners.add(new KernelNode.Listener(on, place.address, TARGET_PORT));
    }
    return listeners;
  }

  static ProxyNode node() {
    return ProxyNode.of(
        KubeObject.of(ResourceType.NODES, KubeMap.of("name", "node-1"))
            .withSpec(KubeMap.of("podCIDRs", KubeList.of("10.244.1.0/24")))
            .withStatus(
                KubeMap.of(
                    "addresses",
                    KubeList.of(KubeMap.of("type", "InternalIP", "address", NODE_ADDRESS)))));
  }

  /** Without nfacct counters, which kube-proxy leaves out where the kernel has none. */
  private static KubeProxyConfiguration configuration(ProxyMode mode) {
    return new KubeProxyConfiguration(
        mode,
        KubeProxyConfiguration.DetectLocalMode.CLUSTER_CIDR,
        ImmutableList.of(AddressBlock.parse("10.244.0.0/16")),
        ImmutableList.of(AddressBlock.parse("10.96.0.0/12")),
        "",
        ImmutableList.of(),
        14,
        false,
        true,
        false,
        false,
        Balancer.RANDOM,
        Scheduler.RR,
        1_000_000_000L);
  }

  /** The state of a cluster without Services. */
  static ProxyState emptyState(ProxyMode mode) {
    return new KernelCluster(1, List.of()).state(mode);
  }

  ProxyState state(ProxyMode mode) {
    List<KubeObject> services = new ArrayList<>();
    List<KubeObject> slices = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      services.add(service(i));
      slices.add(slice(i));
    }
    return ServiceChangeTracker.state(configuration(mode), IpFamily.IPV4, services, slices);
  }

  private String clusterIp(int service) {
    return "10.96." + number + "." + (service + 1);
  }

  /** Other ports in each cluster: the kernel remembers connections of the one before. */
  private int nodePort(int service) {
    return FIRST_NODE_PORT + (number - 1) * (SERVICES_MAX + 1) + service;
  }

  private String vip(int service) {
    return "203.0." + number + "." + (service + 1);
  }

  private KubeObject service(int index) {
    Plan plan = plans.get(index);
    boolean external = !plan.type.equals("ClusterIP");
    KubeMap port = KubeMap.of("name", "", "protocol", "TCP", "port", (long) PORT);
    if (external) {
      port = port.with("nodePort", (long) nodePort(index));
    }
    KubeObject service =
        KubeObject.of(
                ResourceType.SERVICES, KubeMap.of("name", "s" + index, "namespace", "default"))
            .with(plan.type, "spec", "type")
            .with(clusterIp(index), "spec", "clusterIP")
            .with(KubeList.of(clusterIp(index)), "spec", "clusterIPs")
            .with(plan.internalLocal ? "Local" : "Cluster", "spec", "internalTrafficPolicy")
            .with(plan.sticky ? "ClientIP" : "None", "spec", "sessionAffinity")
            .with(KubeList.of(port), "spec", "ports");
    if (plan.sticky) {
      service =
          service.with(
              STICKY_SECONDS, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    }
    if (external) {
      service =
          service.with(plan.externalLocal ? "Local" : "Cluster", "spec", "externalTrafficPolicy");
    }
    if (plan.type.equals("LoadBalancer")) {
      KubeList ingress = KubeList.of(KubeMap.of("ip", vip(index)));
      service = service.with(ingress, "status", "loadBalancer", "ingress");
      if (!plan.sourceRange.isEmpty()) {
        service = service.with(KubeList.of(plan.sourceRange), "spec", "loadBalancerSourceRanges");
      }
    }
    return service;
  }

  private KubeObject slice(int index) {
    List<KubeMap> endpoints = new ArrayList<>();
    for (EndpointPlan endpoint : plans.get(index).endpoints) {
      Health health = endpoint.health;
      endpoints.add(
          KubeMap.of(
              "addresses",
              KubeList.of(endpoint.address),
              "conditions",
              KubeMap.of(
                  "ready",
                  health == Health.READY,
                  "serving",
                  health != Health.NOT_READY,
                  "terminating",
                  health == Health.LEAVING),
              "nodeName",
              endpoint.nodeName));
    }
    KubeMap labels = KubeMap.of("kubernetes.io/service-name", "s" + index);
    KubeMap port = KubeMap.of("name", "", "protocol", "TCP", "port", (long) TARGET_PORT);
    return KubeObject.of(
            ResourceType.ENDPOINT_SLICES,
            KubeMap.of("name", "s" + index + "-1", "namespace", "default", "labels", labels))
        .with("IPv4", "addressType")
        .with(KubeList.copyOf(endpoints), "endpoints")
        .with(KubeList.of(port), "ports");
  }

  /**
   * Connections to everything that a Service offers, and to a port that nobody offers: from the
   * node, from a pod that may be its own endpoint, from one that never is, and from outside.
   */
  List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      Plan plan = plans.get(i);
      everywhere(attempts, clusterIp(i), PORT, plan.sticky);
      if (!plan.type.equals("ClusterIP")) {
        int nodePort = nodePort(i);
        everywhere(attempts, NODE_ADDRESS, nodePort, plan.sticky);
        attempts.add(
            new Attempt(new KernelNode.Probe("node", "127.0.0.1", nodePort), "", plan.sticky));
      }
      if (plan.type.equals("LoadBalancer")) {
        everywhere(attempts, vip(i), PORT, plan.sticky);
      }
    }
    everywhere(attempts, clusterIp(0), PORT + 1, false);
    everywhere(attempts, NODE_ADDRESS, nodePort(SERVICES_MAX), false);
    return attempts;
  }

  private static void everywhere(List<Attempt> attempts, String to, int port, boolean sticky) {
    attempts.add(new Attempt(new KernelNode.Probe("node", to, port), "", sticky));
    for (KernelNode.Peer peer : peers()) {
      if (List.of("outside", "pod-0", "pod-" + PODS).contains(peer.name())) {
        KernelNode.Probe probe = new KernelNode.Probe(peer.name(), to, port);
        attempts.add(new Attempt(probe, peer.addresses().get(0), sticky));
      }
    }
  }
}
