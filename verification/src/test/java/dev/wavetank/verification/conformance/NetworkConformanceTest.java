package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/network/endpoints.go, service.go, apiserver.go and service_cidrs.go (v1.36). */
class NetworkConformanceTest {

  private final Framework framework = Framework.of("network");
  private final Resource services = framework.namespaced("v1", "services");

  @Test
  @Codename("[sig-network] Endpoints should test the lifecycle of an Endpoint")
  void theLifecycleOfEndpoints() {
    Resource endpoints = framework.namespaced("v1", "endpoints");
    String label = "test-endpoint-static=true";
    Events events = endpoints.watch(label);
    KubeObject made =
        endpoints.create(
            "{metadata: {name: testservice, labels: {test-endpoint-static: 'true'}}, subsets:"
                + " [{addresses: [{ip: 10.0.0.24}], ports: [{name: http, port: 80, protocol:"
                + " TCP}]}]}");
    events.expect("ADDED", made);
    KubeObject found = framework.resource("v1", "endpoints").labelled(label).get(0);
    endpoints.update(Yaml.with(found, "{metadata: {labels: {test-service: updated}}}"));
    events.await("MODIFIED");
    assertThat(endpoints.get("testservice").labels().string("test-service")).isEqualTo("updated");
    String patch =
        "{metadata: {labels: {test-service: patched}}, subsets: [{addresses: [{ip: 10.0.0.25}],"
            + " ports: [{name: http-test, port: 8080}]}]}";
    KubeObject patched = endpoints.patch(Resource.STRATEGIC, "testservice", patch);
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    events.await("MODIFIED");
    Yaml.expect(endpoints.get("testservice"), patch);
    endpoints.deleteCollection(label);
    events.await("DELETED");
    endpoints.absent("testservice");
  }

  @Test
  @Codename("[sig-network] Services should find a service from listing all namespaces")
  void servicesOfAllNamespaces() {
    assertThat(framework.resource("v1", "services").list(""))
        .anyMatch(
            service ->
                service.name().equals("kubernetes") && service.namespace().equals("default"));
  }

  @Test
  @Codename("[sig-network] Services should complete a service status lifecycle")
  void theStatusOfAService() {
    Events events = services.watch("test-service-static=true");
    services.create(
        "{metadata: {name: test-service, labels: {test-service-static: 'true'}}, spec: {type:"
            + " LoadBalancer, loadBalancerClass: example.com/internal-vip, ports: [{name: http,"
            + " protocol: TCP, port: 80, targetPort: 80}]}}");
    events.await("ADDED");
    assertThat(services.get("test-service", "status").status().mapOrEmpty("loadBalancer"))
        .isEqualTo(KubeMap.EMPTY);
    String patch =
        "{metadata: {annotations: {patchedstatus: 'true'}}, status: {loadBalancer: {ingress: [{ip:"
            + " 203.0.113.1}]}}}";
    Yaml.expect(services.patch(Resource.MERGE, "test-service", patch, "status"), patch);
    events.await(
        "MODIFIED", service -> service.annotations().string("patchedstatus", "").equals("true"));
    String conditions =
        "{status: {conditions: [{type: StatusUpdate, status: 'True', reason: E2E, message: Set from"
            + " e2e test}]}}";
    services.retryOnConflict("test-service", newest -> Yaml.with(newest, conditions), "status");
    Yaml.expect(
        events.await("MODIFIED", service -> service.status().has("conditions")), conditions);
    services.patch(
        Resource.STRATEGIC, "test-service", "{metadata: {labels: {test-service: patched}}}");
    events.await(
        "MODIFIED", service -> service.labels().string("test-service", "").equals("patched"));
    services.delete("test-service");
    events.await("DELETED");
  }

  @Test
  @Codename("[sig-network] Services should delete a collection of services")
  void aCollectionOfServices() {
    for (String name : new String[] {"a", "b", "c"}) {
      String label = name.equals("c") ? "keep" : "delete";
      services.create(
          "{metadata: {name: e2e-svc-"
              + name
              + ", labels: {e2e-test-service: "
              + label
              + "}}, spec: {type: ClusterIP, ports: [{name: http, protocol: TCP, port: 8001,"
              + " targetPort: 8001}]}}");
    }
    assertThat(services.list("")).hasSize(3);
    services.deleteCollection("e2e-test-service=delete");
    assertThat(services.list("")).extracting(KubeObject::name).containsExactly("e2e-svc-c");
  }

  @Test
  @Codename("[sig-network] API Server should provide secure master service")
  void theServiceOfTheApiServer() {
    KubeObject service = framework.resourceIn("default", "v1", "services").get("kubernetes");
    KubeMap port = service.spec().listOrEmpty("ports").map(0);
    assertThat(port.string("name")).isEqualTo("https");
    assertThat(port.number("port", 0)).isEqualTo(443);
  }

  @Test
  @Codename(
      "[sig-network] API Server should have Endpoints and EndpointSlices pointing to API Server")
  void theEndpointsOfTheApiServer() {
    Set<String> addresses = new TreeSet<>();
    Set<Long> ports = new TreeSet<>();
    KubeObject endpoints = framework.resourceIn("default", "v1", "endpoints").get("kubernetes");
    for (KubeMap subset : endpoints.root().listOrEmpty("subsets").maps()) {
      subset.listOrEmpty("addresses").maps().forEach(a -> addresses.add(a.string("ip", "")));
      subset.listOrEmpty("ports").maps().forEach(port -> ports.add(port.number("port", 0)));
    }
    assertThat(addresses).isNotEmpty();
    Set<String> sliceAddresses = new TreeSet<>();
    Set<Long> slicePorts = new TreeSet<>();
    for (KubeObject slice :
        framework
            .resourceIn("default", "discovery.k8s.io/v1", "endpointslices")
            .labelled("kubernetes.io/service-name=kubernetes")) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        endpoint.listOrEmpty("addresses").forEach(a -> sliceAddresses.add(a.toString()));
      }
      slice.root().listOrEmpty("ports").maps().forEach(p -> slicePorts.add(p.number("port", 0)));
    }
    assertThat(sliceAddresses).isEqualTo(addresses);
    assertThat(slicePorts).isEqualTo(ports);
  }

  @Test
  @Codename("[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations")
  void serviceCidrs() {
    Resource cidrs = framework.resource("networking.k8s.io/v1", "servicecidrs");
    KubeObject found = cidrs.get("kubernetes");
    KubeObject status = cidrs.get("kubernetes", "status");
    assertThat(status.kind()).isEqualTo("ServiceCIDR");
    assertThat(status.uid()).isEqualTo(found.uid());
    assertThat(cidrs.list("")).extracting(KubeObject::name).contains("kubernetes");
    Events events = cidrs.watchFrom("", "");
    assertThat(events.expect("ADDED").uid()).isEqualTo(found.uid());
  }
}
