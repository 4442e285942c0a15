package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists, watches and what a fresh cluster holds. */
class ReadRequestTest {

  private final TestCluster cluster = new TestCluster();
  private final ApiServer server = cluster.server;

  private KubeObject configMap(String namespace, String name, String label) {
    return cluster.create(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: %s, labels: {l: %s}}}"
            .formatted(name, namespace, label));
  }

  @Test
  void api_A_108_aListIsOrderedByNamespaceAndName() {
    configMap("kube-system", "a", "x");
    configMap("default", "b", "x");
    configMap("default", "z", "x");
    configMap("default", "a", "x");
    assertThat(server.list(ResourceType.CONFIG_MAPS, null, labels -> labels.has("l")))
        .extracting(object -> object.namespace() + "/" + object.name())
        .containsExactly("default/a", "default/b", "default/z", "kube-system/a");
  }

  @Test
  void api_A_115_aListTakesALabelSelector() {
    configMap("default", "a", "x");
    configMap("default", "b", "y");
    configMap("default", "c", "z");
    LabelSelector selector = LabelSelector.parse("l in (x,z),l!=x");
    assertThat(server.list(ResourceType.CONFIG_MAPS, "default", selector))
        .extracting(KubeObject::name)
        .containsExactly("c");
  }

  @Test
  void api_A_120_aWatchSeesEachChangeOnceAndInOrder() {
    configMap("default", "before", "x");
    List<String> seen = new ArrayList<>();
    server.watch(
        ResourceType.CONFIG_MAPS,
        "test",
        null,
        commit -> seen.add(commit.key().name() + " " + commit.revision()));
    KubeObject a = configMap("default", "a", "x");
    KubeObject b = configMap("default", "b", "x");
    server.delete(cluster.key(a), DeleteOptions.BACKGROUND);
    cluster.simulation.runUntil(cluster.simulation.now() + 1_000_000_000L);
    long first = Long.parseLong(a.resourceVersion());
    assertThat(b.resourceVersion()).isEqualTo(Long.toString(first + 1));
    assertThat(seen).containsExactly("a " + first, "b " + (first + 1), "a " + (first + 2));
  }

  @Test
  void api_A_207_aFreshClusterHasFourNamespaces() {
    assertThat(server.list(ResourceType.NAMESPACES))
        .extracting(KubeObject::name)
        .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
    KubeObject namespace = server.get(ObjectKey.of(ResourceType.NAMESPACES, "", "default"));
    assertThat(namespace.labels()).isEqualTo(KubeMap.of("kubernetes.io/metadata.name", "default"));
    assertThat(namespace.spec().get("finalizers")).isEqualTo(KubeList.of("kubernetes"));
    assertThat(namespace.status()).isEqualTo(KubeMap.of("phase", "Active"));
  }

  @Test
  void api_A_207_theLabelOfANamespaceCannotBeChanged() {
    KubeObject namespace = server.get(ObjectKey.of(ResourceType.NAMESPACES, "", "default"));
    KubeObject sent = namespace.with("other", "metadata", "labels", "kubernetes.io/metadata.name");
    assertThat(server.update(ResourceType.NAMESPACES, sent)).isEqualTo(namespace);
  }

  @Test
  void api_A_211_theServiceOfTheApiServer() {
    KubeObject service = server.get(ObjectKey.of(ResourceType.SERVICES, "default", "kubernetes"));
    assertThat(service.labels())
        .isEqualTo(KubeMap.of("component", "apiserver", "provider", "kubernetes"));
    assertThat(service.spec().get("clusterIP")).isEqualTo("10.96.0.1");
    assertThat(service.spec().has("selector")).isFalse();
    assertThat(service.spec().listOrEmpty("ports").map(0))
        .isEqualTo(
            KubeMap.of("name", "https", "port", 443L, "protocol", "TCP", "targetPort", 6443L));
    KubeObject slice =
        server.get(ObjectKey.of(ResourceType.ENDPOINT_SLICES, "default", "kubernetes"));
    assertThat(slice.labels()).isEqualTo(KubeMap.of("kubernetes.io/service-name", "kubernetes"));
    assertThat(slice.root().listOrEmpty("endpoints").map(0).get("addresses"))
        .isEqualTo(KubeList.of("192.168.65.3"));
  }

  @Test
  void api_A_171_aNodePortIsInItsRange() {
    KubeObject service =
        cluster.create(
            """
            {apiVersion: v1, kind: Service, metadata: {name: np, namespace: default},
             spec: {type: NodePort, ports: [{port: 80}]}}
            """);
    assertThat(service.spec().listOrEmpty("ports").map(0).number("nodePort", 0))
        .isBetween(30000L, 32767L);
    KubeObject outside =
        yaml(
            """
            {apiVersion: v1, kind: Service, metadata: {name: o, namespace: default},
             spec: {type: NodePort, ports: [{port: 80, nodePort: 80}]}}
            """);
    assertThat(TestCluster.refusal(() -> server.create(ResourceType.SERVICES, outside)))
        .hasMessage(
            "Service \"o\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is"
                + " not in the valid range. The range of valid ports is 30000-32767");
  }
}
