package dev.wavetank.proxy;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A cluster's Services as plain data, for properties.
 *
 * @param services a plan for each Service; its number gives name and addresses
 */
record RandomServices(List<Plan> services) {

  /** What kind of Service, and how its endpoints are. */
  record Plan(
      String type,
      boolean udp,
      boolean sticky,
      boolean externalLocal,
      boolean internalLocal,
      boolean sourceRanges,
      List<EndpointPlan> endpoints) {}

  /** State and place of an endpoint. */
  enum Health {
    READY,
    NOT_READY,
    LEAVING
  }

  /** An endpoint on one of three nodes. */
  record EndpointPlan(Health health, int node) {}

  static Arbitrary<RandomServices> arbitrary() {
    Arbitrary<Boolean> coin = Arbitraries.of(true, false);
    Arbitrary<Boolean> seldom =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, Arbitraries.just(false)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(true)));
    Arbitrary<EndpointPlan> endpoint =
        Combinators.combine(Arbitraries.of(Health.class), Arbitraries.integers().between(1, 3))
            .as(EndpointPlan::new);
    Arbitrary<Plan> plan =
        Combinators.combine(
                Arbitraries.of("ClusterIP", "NodePort", "LoadBalancer"),
                coin,
                seldom,
                coin,
                seldom,
                coin,
                endpoint.list().ofMaxSize(6))
            .as(Plan::new);
    return plan.list().ofMinSize(1).ofMaxSize(40).map(RandomServices::new);
  }

  static String clusterIp(int number) {
    return "10.96.1." + (number + 1);
  }

  static int nodePort(int number) {
    return 30_000 + number;
  }

  static String vip(int number) {
    return "203.0.113." + (number + 1);
  }

  static String endpointAddress(int service, int endpoint, int node) {
    return "10.244." + node + "." + (service * 6 + endpoint + 2);
  }

  private KubeObject service(int number) {
    Plan plan = services.get(number);
    String protocol = plan.udp ? "UDP" : "TCP";
    boolean external = !plan.type.equals("ClusterIP");
    KubeMap port =
        external
            ? Manifest.nodePort("", protocol, 80, nodePort(number))
            : Manifest.port("", protocol, 80);
    KubeObject service =
        Manifest.service("s" + number, clusterIp(number), port)
            .with(plan.type, "spec", "type")
            .with(plan.sticky ? "ClientIP" : "None", "spec", "sessionAffinity")
            .with(plan.internalLocal ? "Local" : "Cluster", "spec", "internalTrafficPolicy");
    if (external) {
      service =
          service.with(plan.externalLocal ? "Local" : "Cluster", "spec", "externalTrafficPolicy");
    }
    if (plan.type.equals("LoadBalancer")) {
      service =
          service.with(
              KubeList.of(KubeMap.of("ip", vip(number))), "status", "loadBalancer", "ingress");
      if (plan.sourceRanges) {
        service = service.with(KubeList.of("192.0.2.0/24"), "spec", "loadBalancerSourceRanges");
      }
    }
    return service;
  }

  private KubeObject slice(int number) {
    Plan plan = services.get(number);
    List<KubeMap> endpoints = new ArrayList<>();
    for (int i = 0; i < plan.endpoints.size(); i++) {
      EndpointPlan endpoint = plan.endpoints.get(i);
      endpoints.add(
          Manifest.endpoint(
              endpointAddress(number, i, endpoint.node),
              "node-" + endpoint.node,
              endpoint.health == Health.READY,
              endpoint.health != Health.NOT_READY,
              endpoint.health == Health.LEAVING));
    }
    return Manifest.slice(
        "s" + number + "-1",
        "s" + number,
        KubeList.copyOf(endpoints),
        Manifest.port("", plan.udp ? "UDP" : "TCP", 8080));
  }

  ProxyState state(KubeProxyConfiguration configuration) {
    List<KubeObject> all = new ArrayList<>();
    List<KubeObject> slices = new ArrayList<>();
    for (int i = 0; i < services.size(); i++) {
      all.add(service(i));
      slices.add(slice(i));
    }
    return ServiceChangeTracker.state(configuration, IpFamily.IPV4, all, slices);
  }
}
