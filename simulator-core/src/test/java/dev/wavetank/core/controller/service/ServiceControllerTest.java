package dev.wavetank.core.controller.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.cloudprovider.LoadBalancer;
import dev.wavetank.core.controller.ControlPlane;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceControllerTest {

  private static final ObjectKey WEB = ObjectKey.of(ResourceType.SERVICES, "default", "web");

  /** A cloud that takes a second for everything and writes down what it was asked. */
  private final class Cloud implements LoadBalancer {
    final List<String> asked = new ArrayList<>();
    final Set<String> existing = new LinkedHashSet<>();
    String error = "";

    private void ask(String words, Runnable then) {
      asked.add(words);
      plane.simulation.after(ControlPlane.SECOND, "cloud", words, then);
    }

    private String names(ImmutableList<KubeObject> nodes) {
      return nodes.stream().map(KubeObject::name).sorted().toList().toString();
    }

    @Override
    public boolean exists(KubeObject service) {
      return existing.contains(service.uid());
    }

    @Override
    public void ensure(KubeObject service, ImmutableList<KubeObject> nodes, Ended ended) {
      ask(
          "ensure " + service.name() + " " + names(nodes),
          () -> {
            if (error.isEmpty()) {
              existing.add(service.uid());
            }
            KubeList ingress = KubeList.of(KubeMap.of("ip", "203.0.113.1", "ipMode", "VIP"));
            ended.ended(error.isEmpty() ? ingress : KubeList.EMPTY, error);
          });
    }

    @Override
    public void update(KubeObject service, ImmutableList<KubeObject> nodes, Runnable updated) {
      ask("update " + service.name() + " " + names(nodes), updated);
    }

    @Override
    public void ensureDeleted(KubeObject service, Runnable deleted) {
      ask(
          "delete " + service.name(),
          () -> {
            existing.remove(service.uid());
            deleted.run();
          });
    }
  }

  private final ControlPlane plane = new ControlPlane().withRegistry();
  private final Cloud cloud = new Cloud();

  ServiceControllerTest() {
    plane.node("node-1");
    plane.node("node-2");
    new ServiceController(plane.server, cloud);
  }

  private KubeObject loadBalancer(KubeMap more) {
    return plane.service(
        "web", more.with("type", "LoadBalancer"), ControlPlane.port("http", 80, 8080L));
  }

  private KubeObject web() {
    return plane.server.get(WEB);
  }

  private List<String> events() {
    return plane.events.stream().filter(event -> event.contains("LoadBalancer")).toList();
  }

  @Test
  void aLoadBalancerGetsItsFinalizerThenItsAddress() {
    loadBalancer(KubeMap.EMPTY);
    plane.run(0.5);
    assertThat(web().finalizers()).containsExactly("service.kubernetes.io/load-balancer-cleanup");
    assertThat(Json.write(web().status())).isEqualTo("{\"loadBalancer\":{}}");
    plane.run(2);
    assertThat(Json.write(web().status()))
        .isEqualTo(
            "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"203.0.113.1\",\"ipMode\":\"VIP\"}]}}");
    assertThat(events())
        .containsExactly(
            "Normal EnsuringLoadBalancer Ensuring load balancer",
            "Normal EnsuredLoadBalancer Ensured load balancer");
    assertThat(cloud.asked).containsExactly("ensure web [node-1, node-2]");
  }

  @Test
  void itStaysUntilItsLoadBalancerIsDeleted() {
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    plane.events.clear();
    plane.server.delete(WEB, DeleteOptions.BACKGROUND);
    plane.run(0.5);
    assertThat(web().terminating()).isTrue();
    plane.run(2);
    assertThat(plane.server.find(WEB)).isNull();
    assertThat(events())
        .containsExactly(
            "Normal DeletingLoadBalancer Deleting load balancer",
            "Normal DeletedLoadBalancer Deleted load balancer");
  }

  @Test
  void oneThatBecomesAClusterIpLosesAddressAndFinalizer() {
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    plane.server.patch(
        ResourceType.SERVICES, WEB, service -> service.with("ClusterIP", "spec", "type"));
    plane.run(3);
    assertThat(web().finalizers()).isEmpty();
    assertThat(Json.write(web().status())).isEqualTo("{\"loadBalancer\":{}}");
    assertThat(cloud.existing).isEmpty();
  }

  @Test
  void aServiceWithALoadBalancerClassIsLeftAlone() {
    loadBalancer(KubeMap.of("loadBalancerClass", "example.com/other"));
    plane.run(60);
    assertThat(cloud.asked).isEmpty();
    assertThat(web().finalizers()).isEmpty();
    assertThat(events()).isEmpty();
  }

  @Test
  void aFailureIsToldAndTriedAgainAfterFiveSecondsThenTen() {
    cloud.error = "quota exceeded";
    loadBalancer(KubeMap.EMPTY);
    plane.run(5.9);
    assertThat(cloud.asked).hasSize(1);
    plane.run(1);
    assertThat(cloud.asked).hasSize(2);
    plane.run(9);
    assertThat(cloud.asked).hasSize(2);
    cloud.error = "";
    plane.run(4);
    assertThat(cloud.asked).hasSize(3);
    assertThat(events())
        .contains(
            "Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load"
                + " balancer: quota exceeded")
        .contains("Normal EnsuredLoadBalancer Ensured load balancer");
  }

  @Test
  void oneServiceIsWorkedOnAtATime() {
    loadBalancer(KubeMap.EMPTY);
    plane.service("api", KubeMap.of("type", "LoadBalancer"), ControlPlane.port("http", 80, 8080L));
    plane.run(0.9);
    assertThat(cloud.asked).hasSize(1);
    plane.run(2);
    assertThat(cloud.asked).hasSize(2);
  }

  @Test
  void nodesThatAreExcludedOrAboutToGoGetNoTraffic() {
    plane.server.patch(
        ResourceType.NODES,
        ObjectKey.of(ResourceType.NODES, "", "node-2"),
        node ->
            node.with(
                "",
                "metadata",
                "labels",
                "node.kubernetes.io/exclude-from-external-load-balancers"));
    plane.run(1);
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    assertThat(cloud.asked).containsExactly("ensure web [node-1]");
    plane.server.patch(
        ResourceType.NODES,
        ObjectKey.of(ResourceType.NODES, "", "node-2"),
        node ->
            node.with(
                "false",
                "metadata",
                "labels",
                "node.kubernetes.io/exclude-from-external-load-balancers"));
    plane.run(3);
    assertThat(cloud.asked).containsExactly("ensure web [node-1]", "update web [node-1, node-2]");
    assertThat(events())
        .contains("Normal UpdatedLoadBalancer Updated load balancer with new hosts");
  }

  @Test
  void aNodeThatIsNotReadyStaysBehindTheLoadBalancer() {
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    ObjectKey node = ObjectKey.of(ResourceType.NODES, "", "node-2");
    KubeMap unknown = KubeMap.of("type", "Ready", "status", "Unknown");
    plane.server.patchStatus(node, status -> status.with("conditions", KubeList.of(unknown)));
    plane.run(30);
    assertThat(cloud.asked).containsExactly("ensure web [node-1, node-2]");
  }

  @Test
  void withoutAnyNodeTheServiceIsTold() {
    plane.server.delete(ObjectKey.of(ResourceType.NODES, "", "node-1"), DeleteOptions.BACKGROUND);
    plane.server.delete(ObjectKey.of(ResourceType.NODES, "", "node-2"), DeleteOptions.BACKGROUND);
    plane.run(1);
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    assertThat(events())
        .contains("Warning UnAvailableLoadBalancer There are no available nodes for LoadBalancer");
  }

  @Test
  void onlyChangesThatMatterToALoadBalancerAreSent() {
    loadBalancer(KubeMap.EMPTY);
    plane.run(3);
    plane.server.patch(
        ResourceType.SERVICES, WEB, service -> service.with("x", "metadata", "labels", "team"));
    plane.run(3);
    assertThat(cloud.asked).hasSize(1);
    plane.server.patch(
        ResourceType.SERVICES,
        WEB,
        service -> service.with(KubeList.of("10.0.0.0/8"), "spec", "loadBalancerSourceRanges"));
    plane.run(3);
    assertThat(cloud.asked).hasSize(2);
  }
}
