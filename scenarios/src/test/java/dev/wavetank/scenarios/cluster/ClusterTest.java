package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parts of a cluster work together: names, rules, listeners, faults. */
class ClusterTest {

  private static final String WEB =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        clusterIP: 10.103.210.17
        selector:
          app: web
        ports:
        - port: 80
          targetPort: 8000
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 2
        selector:
          matchLabels:
            app: web
        template:
          metadata:
            labels:
              app: web
          spec:
            containers:
            - name: web
              image: todobackend
              command: [uwsgi, "--http=0.0.0.0:8000"]
              readinessProbe:
                httpGet:
                  port: 8000
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: client
      spec:
        containers:
        - name: client
          image: busybox
          command: [sleep, "100000"]
      """;

  private final Cluster cluster = Cluster.builder().nodes(3).seed(42).start();

  private void create(String manifests) {
    for (Manifest manifest : Manifests.read("test.yaml", manifests)) {
      KubeObject object = manifest.object();
      ResourceType type = cluster.api().typeOf(object.apiVersion(), object.kind());
      assertThat(type).isNotNull();
      cluster.api().create(type, object);
    }
  }

  private void web() {
    create(WEB);
    cluster.run(Duration.ofSeconds(60));
  }

  private static ObjectKey webDeployment() {
    return ObjectKey.of(ResourceType.DEPLOYMENTS, "default", "web");
  }

  @Test
  void aPodReachesAServiceByItsName() {
    web();
    Reach reach = cluster.get("pod/client", "web", 80, "/");
    assertThat(reach.failure()).isEqualTo(Failure.NONE);
    assertThat(reach.response().status()).isEqualTo(200);
    assertThat(reach.address()).isEqualTo("10.103.210.17:80");
    assertThat(reach.pod()).startsWith("default/web-");
  }

  @Test
  void seed_S_26_everyNodeReachesThePodsAndNothingElse() {
    web();
    List<String> addresses = new ArrayList<>();
    for (KubeObject pod : cluster.api().list(ResourceType.PODS)) {
      if (pod.name().startsWith("web-")) {
        addresses.add(pod.status().string("podIP", "") + ":8000");
      }
    }
    for (String node : List.of("node/node-1", "node/node-2", "node/node-3")) {
      for (int i = 0; i < 200; i++) {
        assertThat(cluster.connect(node, "10.103.210.17", 80).endpoint()).isIn(addresses);
      }
    }
  }

  @Test
  void seed_S_28_aServiceWithoutEndpointsRefusesAndItsNameStillResolves() {
    web();
    cluster
        .api()
        .patch(ResourceType.DEPLOYMENTS, webDeployment(), d -> d.with(0L, "spec", "replicas"));
    cluster.run(Duration.ofMinutes(1));
    Reach reach = cluster.connect("pod/client", "web", 80);
    assertThat(reach.failure()).isEqualTo(Failure.REFUSED);
    assertThat(reach.took()).isLessThan(Duration.ofSeconds(1));
    assertThat(cluster.dig("pod/client", "web", "a", "+search", "+short"))
        .isEqualTo("10.103.210.17\n");
  }

  @Test
  void seed_S_29_aClusterIpDoesNotExistOutside() {
    web();
    PathReport path = cluster.path("outside", "10.103.210.17", 80);
    assertThat(path.reach().failure()).isEqualTo(Failure.TIMED_OUT);
    assertThat(path.text()).contains("a ClusterIP exists only in the rules of the cluster's nodes");
  }

  @Test
  void seed_S_32_shortNamesNeedTheSearchList() {
    web();
    assertThat(cluster.dig("pod/client", "web", "+short")).isEmpty();
    assertThat(cluster.dig("pod/client", "web", "+search", "+short")).isEqualTo("10.103.210.17\n");
  }

  @Test
  void aPathNamesTheRuleOfEachStep() {
    web();
    PathReport path = cluster.path("pod/client", "web", 80);
    assertThat(path.resolution()).contains("web.default.svc.cluster.local. A: 10.103.210.17");
    assertThat(path.text())
        .contains("-m statistic --mode nth --every 2 --packet 0")
        .contains("-j DNAT --to-destination " + path.reach().endpoint());
  }

  @Test
  void aCrashedNodeLosesItsPodsAndTheirTrafficGoesElsewhere() {
    web();
    String node = "";
    for (KubeObject pod : cluster.api().list(ResourceType.PODS)) {
      node = pod.name().startsWith("web-") ? pod.spec().string("nodeName", "") : node;
    }
    cluster.crashNode(node);
    cluster.run(Duration.ofMinutes(8));
    String other = node.equals("node-1") ? "node/node-2" : "node/node-1";
    for (int i = 0; i < 10; i++) {
      assertThat(cluster.connect(other, "10.103.210.17", 80).ok()).isTrue();
    }
    cluster.recoverNode(node);
    cluster.run(Duration.ofMinutes(2));
    assertThat(cluster.connect("node/" + node, "10.103.210.17", 80).ok()).isTrue();
  }

  @Test
  void anUnknownClientIsNotFound() {
    assertThatThrownBy(() -> cluster.connect("pod/nobody", "web", 80))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("pods \"nobody\" not found");
    assertThatThrownBy(() -> cluster.connect("web", "web", 80))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pod/NAME");
  }

  @Test
  void clustersThatAreUsedAlikeAreAlike() {
    web();
    Cluster other = Cluster.builder().nodes(3).seed(42).start();
    for (Manifest manifest : Manifests.read("test.yaml", WEB)) {
      KubeObject object = manifest.object();
      ResourceType type = other.api().typeOf(object.apiVersion(), object.kind());
      assertThat(type).isNotNull();
      other.api().create(type, object);
    }
    other.run(Duration.ofSeconds(60));
    assertThat(other.trace().hash()).isEqualTo(cluster.trace().hash());
    assertThat(Cluster.builder().nodes(3).seed(43).start().trace().hash())
        .isNotEqualTo(Cluster.builder().nodes(3).seed(42).start().trace().hash());
  }

  @Test
  void schedulersOfSeveralNamesWithAPluginOfTheUsersOwn() {
    FilterPlugin onlyTheLast =
        new FilterPlugin() {
          @Override
          public String name() {
            return "OnlyTheLast";
          }

          @Override
          public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
            return node.name().equals("node-3")
                ? Status.SUCCESS
                : Status.unschedulable("not the last node");
          }
        };
    Cluster two =
        Cluster.builder()
            .nodes(3)
            .dns(false)
            .schedulerPlugins(
                DefaultPlugins.registry().with("OnlyTheLast", (args, handle) -> onlyTheLast))
            .scheduler(KubeSchedulerConfiguration.DEFAULT)
            .scheduler(
                KubeSchedulerConfiguration.read(
                    "last.yaml",
                    """
                    apiVersion: kubescheduler.config.k8s.io/v1
                    kind: KubeSchedulerConfiguration
                    profiles:
                    - schedulerName: last
                      plugins: {filter: {enabled: [{name: OnlyTheLast}]}}
                    """))
            .start();
    two.apply(
        "pod.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: mine}
        spec: {schedulerName: last, containers: [{name: c, image: busybox}]}
        """);
    two.run(Duration.ofSeconds(2));
    ObjectKey mine = ObjectKey.of(ResourceType.PODS, "default", "mine");
    assertThat(two.api().get(mine).spec().get("nodeName")).isEqualTo("node-3");
    assertThat(two.why(mine))
        .contains("last, attempt 1 at ")
        .contains("OnlyTheLast: not the last node");
    assertThat(two.kubectl("get events").stdout()).contains("Successfully assigned default/mine");
  }

  @Test
  void aPluginThatIsNotThereIsRefusedInUpstreamsWords() {
    ClusterBuilder builder =
        Cluster.builder()
            .scheduler(
                KubeSchedulerConfiguration.read(
                    "bad.yaml",
                    """
                    apiVersion: kubescheduler.config.k8s.io/v1
                    kind: KubeSchedulerConfiguration
                    profiles:
                    - plugins: {filter: {enabled: [{name: Nothing}]}}
                    """));
    assertThatThrownBy(builder::start)
        .hasMessage(
            "initializing profiles: creating profile for scheduler name default-scheduler:"
                + " FilterPlugin \"Nothing\" does not exist");
  }

  @Test
  void aLabelIsSetAndRemoved() {
    assertThat(cluster.kubectl("label node node-1 disk=ssd").stdout())
        .isEqualTo("node/node-1 labeled\n");
    assertThat(cluster.kubectl("label node node-1 disk-").stdout())
        .isEqualTo("node/node-1 unlabeled\n");
    ObjectKey node = ObjectKey.of(ResourceType.NODES, "", "node-1");
    assertThat(cluster.api().get(node).labels().has("disk")).isFalse();
  }

  private static String writer(String name, String script) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          containers:
          - name: c
            image: busybox
            command: [sh, -c, "%s; sleep 1000"]
            volumeMounts: [{name: v, mountPath: /data}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
        """
        .formatted(name, script);
  }

  @Test
  void aClaimGetsAVolumeWhereItsFirstPodGoesAndItsContentOutlivesThePod() {
    create(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
    cluster.run(Duration.ofSeconds(20));
    assertThat(cluster.kubectl("get pvc data --no-headers").stdout())
        .matches("data +Pending +standard +<unset> +20s\\n");
    create(writer("one", "echo kept > /data/f"));
    cluster.run(Duration.ofSeconds(20));
    String node = cluster.kubectl("get pod one -o jsonpath={.spec.nodeName}").stdout();
    assertThat(cluster.kubectl("get pvc data -o jsonpath={.status.phase}").stdout())
        .isEqualTo("Bound");
    cluster.kubectl("delete pod one --now");
    create(writer("two", "cat /data/f"));
    cluster.run(Duration.ofSeconds(20));
    assertThat(cluster.kubectl("logs two").stdout()).isEqualTo("kept\n");
    assertThat(cluster.kubectl("get pod two -o jsonpath={.spec.nodeName}").stdout())
        .isEqualTo(node);
    assertThat(cluster.kubectl("get pv --no-headers").stdout())
        .matches("pvc-\\S+ +1Gi +RWO +Delete +Bound +default/data +standard +<unset> +\\S+\\n");
    cluster.kubectl("delete pod two --now");
    cluster.kubectl("delete pvc data");
    cluster.run(Duration.ofSeconds(20));
    assertThat(cluster.kubectl("get pv").stderr()).isEqualTo("No resources found\n");
  }
}
