package dev.wavetank.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What people do with a fabric8 client; the same against a cluster in this JVM and a served one.
 */
abstract class ClientFlows {

  /** The client under test. */
  abstract KubernetesClient client();

  /** Lets virtual time pass until the condition holds, which it must within a minute. */
  abstract void await(BooleanSupplier condition);

  private static ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withData(Map.of("key", value))
        .build();
  }

  private static Pod pod(String name, String... command) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("app", name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("busybox")
        .withCommand(command)
        .endContainer()
        .endSpec()
        .build();
  }

  static Deployment web(int replicas) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .addToMatchLabels("app", "web")
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private boolean ready(int replicas) {
    Integer ready =
        client().apps().deployments().withName("web").get().getStatus().getReadyReplicas();
    return ready != null && ready == replicas;
  }

  @Test
  void createGetAndDelete() {
    ConfigMap created = client().resource(configMap("settings", "a")).create();
    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(client().configMaps().withName("settings").get().getData())
        .containsEntry("key", "a");
    client().configMaps().withName("settings").delete();
    assertThat(client().configMaps().withName("settings").get()).isNull();
  }

  @Test
  void aRefusalHasItsCodeAndReason() {
    client().resource(configMap("settings", "a")).create();
    assertThatThrownBy(() -> client().resource(configMap("settings", "b")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> {
              assertThat(refusal.getCode()).isEqualTo(409);
              assertThat(refusal.getStatus().getReason()).isEqualTo("AlreadyExists");
            });
  }

  @Test
  void aListIsSelectedByLabels() {
    client().resource(pod("one", "sleep", "1000")).create();
    client().resource(pod("two", "sleep", "1000")).create();
    List<Pod> found = client().pods().withLabel("app", "two").list().getItems();
    assertThat(found).extracting(pod -> pod.getMetadata().getName()).containsExactly("two");
  }

  @Test
  void anEditChangesTheNewestObject() {
    client().resource(configMap("settings", "a")).create();
    client()
        .configMaps()
        .withName("settings")
        .edit(old -> new ConfigMapBuilder(old).addToData("other", "b").build());
    assertThat(client().configMaps().withName("settings").get().getData())
        .containsEntry("key", "a")
        .containsEntry("other", "b");
  }

  @Test
  void anUpdateOfAnOldVersionConflicts() {
    ConfigMap first = client().resource(configMap("settings", "a")).create();
    client().resource(new ConfigMapBuilder(first).addToData("key", "b").build()).update();
    ConfigMap late = new ConfigMapBuilder(first).addToData("key", "c").build();
    assertThatThrownBy(() -> client().resource(late).lockResourceVersion().update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> assertThat(refusal.getCode()).isEqualTo(409));
  }

  @Test
  void aPatchMerges() {
    client().resource(configMap("settings", "a")).create();
    client()
        .configMaps()
        .withName("settings")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"more\":\"b\"}}");
    assertThat(client().configMaps().withName("settings").get().getData())
        .containsEntry("more", "b");
  }

  @Test
  void serverSideApplyOwnsWhatItApplies() {
    client().resource(configMap("settings", "a")).serverSideApply();
    ConfigMap applied = client().configMaps().withName("settings").get();
    assertThat(applied.getMetadata().getManagedFields().get(0).getOperation()).isEqualTo("Apply");
    client().resource(configMap("settings", "b")).serverSideApply();
    assertThat(client().configMaps().withName("settings").get().getData())
        .containsEntry("key", "b");
  }

  @Test
  void aDeploymentBecomesReadyAndIsScaled() {
    client().resource(web(2)).create();
    await(() -> ready(2));
    client().apps().deployments().withName("web").scale(3);
    await(() -> ready(3));
    assertThat(client().pods().withLabel("app", "web").list().getItems()).hasSize(3);
  }

  @Test
  void aWatchTellsWhatHappens() {
    List<String> seen = new CopyOnWriteArrayList<>();
    Watcher<ConfigMap> watcher =
        new Watcher<>() {
          @Override
          public void eventReceived(Action action, ConfigMap object) {
            if (object.getMetadata().getName().equals("settings")) {
              seen.add(action + " " + object.getData());
            }
          }

          @Override
          public void onClose(WatcherException cause) {
            seen.add("closed");
          }
        };
    try (Watch watch = client().configMaps().watch(watcher)) {
      assertThat(watch).isNotNull();
      client().resource(configMap("settings", "a")).create();
      client().resource(configMap("settings", "b")).update();
      client().configMaps().withName("settings").delete();
      await(() -> seen.size() == 3);
    }
    assertThat(seen).startsWith("ADDED {key=a}", "MODIFIED {key=b}", "DELETED {key=b}");
  }

  @Test
  void anInformerFollowsThePodsOfADeployment() {
    List<String> added = new CopyOnWriteArrayList<>();
    ResourceEventHandler<Pod> handler =
        new ChangeHandler<>() {
          @Override
          public void onAdd(Pod pod) {
            added.add(pod.getMetadata().getName());
          }
        };
    try (SharedIndexInformer<Pod> informer =
        client().pods().withLabel("app", "web").inform(handler)) {
      client().resource(web(2)).create();
      await(() -> added.size() == 2);
      await(
          () ->
              informer.getStore().list().stream()
                  .allMatch(pod -> "Running".equals(pod.getStatus().getPhase())));
    }
  }

  @Test
  void theLogOfAPodIsRead() {
    client().resource(pod("talker", "sh", "-c", "echo one; echo two; sleep 1000")).create();
    await(() -> "Running".equals(client().pods().withName("talker").get().getStatus().getPhase()));
    assertThat(client().pods().withName("talker").getLog()).isEqualTo("one\ntwo\n");
  }
}
