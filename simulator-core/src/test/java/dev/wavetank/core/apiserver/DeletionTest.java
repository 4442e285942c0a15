package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions.Propagation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletionTest {

  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c1, namespace: default}
      """;
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: default}
      spec: {terminationGracePeriodSeconds: 20, containers: [{name: c, image: i}]}
      """;

  private final TestCluster cluster = new TestCluster();
  private final ApiServer server = cluster.server;
  private final List<String> commits = new ArrayList<>();

  private KubeObject finalized(String... finalizers) {
    KubeList list = KubeList.of((Object[]) finalizers);
    return server.create(
        ResourceType.CONFIG_MAPS, yaml(CONFIG_MAP).with(list, "metadata", "finalizers"));
  }

  private KubeObject boundPod() {
    KubeObject pod = cluster.create(POD);
    return server.bind(cluster.key(pod), "n1");
  }

  private KubeObject delete(KubeObject object, DeleteOptions options) {
    return server.delete(cluster.key(object), options);
  }

  private KubeObject delete(KubeObject object, Propagation propagation) {
    return delete(object, DeleteOptions.BACKGROUND.withPropagation(propagation));
  }

  private boolean exists(KubeObject object) {
    return server.find(cluster.key(object)) != null;
  }

  private void record() {
    server.listen(
        commit -> {
          KubeObject after = commit.after();
          commits.add(
              after == null
                  ? "DELETED"
                  : after.terminating()
                      ? "MODIFIED " + after.metadata().get("deletionGracePeriodSeconds")
                      : "MODIFIED");
        });
  }

  @Test
  void api_A_089_anObjectWithoutFinalizersIsGoneAtOnce() {
    KubeObject created = cluster.create(CONFIG_MAP);
    record();
    assertThat(delete(created, DeleteOptions.BACKGROUND)).isEqualTo(created);
    assertThat(exists(created)).isFalse();
    assertThat(commits).containsExactly("DELETED");
  }

  @Test
  void wl_GC_05_aFinalizerKeepsTheObject() {
    KubeObject created = finalized("example.com/x");
    KubeObject marked = delete(created, DeleteOptions.BACKGROUND);
    assertThat(marked.deletionTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(marked.metadata().get("deletionGracePeriodSeconds")).isEqualTo(0L);
    assertThat(exists(created)).isTrue();
    KubeObject released =
        server.update(ResourceType.CONFIG_MAPS, marked.with(null, "metadata", "finalizers"));
    assertThat(released.finalizers().isEmpty()).isTrue();
    assertThat(exists(created)).isFalse();
  }

  @Test
  void api_A_091_aSecondDeleteChangesNothing() {
    KubeObject marked = delete(finalized("example.com/x"), DeleteOptions.BACKGROUND);
    cluster.simulation.runUntil(5_000_000_000L);
    assertThat(delete(marked, DeleteOptions.BACKGROUND)).isEqualTo(marked);
  }

  @Test
  void api_A_091_theLastFinalizersUpdateIsNoEventOfItsOwn() {
    KubeObject marked = delete(finalized("example.com/x"), DeleteOptions.BACKGROUND);
    record();
    server.update(ResourceType.CONFIG_MAPS, marked.with(null, "metadata", "finalizers"));
    assertThat(commits).containsExactly("DELETED");
  }

  @Test
  void api_A_092_aDeletedObjectGetsNoNewFinalizers() {
    KubeObject marked = delete(finalized("example.com/x"), DeleteOptions.BACKGROUND);
    KubeObject more =
        marked.with(KubeList.of("example.com/x", "example.com/y"), "metadata", "finalizers");
    assertThat(refusal(() -> server.update(ResourceType.CONFIG_MAPS, more)))
        .hasMessage(
            "ConfigMap \"c1\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be"
                + " added if the object is being deleted, found new finalizers"
                + " []string{\"example.com/y\"}");
  }

  @Test
  void api_A_093_propagationIsAFinalizer() {
    KubeObject created = cluster.create(CONFIG_MAP);
    KubeObject foreground = delete(created, Propagation.FOREGROUND);
    assertThat(foreground.finalizers()).isEqualTo(KubeList.of("foregroundDeletion"));
    assertThat(delete(created, Propagation.ORPHAN).finalizers()).isEqualTo(KubeList.of("orphan"));
    assertThat(delete(created, Propagation.DEFAULT).finalizers()).isEqualTo(KubeList.of("orphan"));
    delete(created, Propagation.BACKGROUND);
    assertThat(exists(created)).isFalse();
  }

  @Test
  void api_A_093_aMarkedObjectHasOneGenerationMore() {
    KubeObject created =
        cluster.create(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d, namespace: default}
            spec:
              selector: {matchLabels: {a: b}}
              template:
                metadata: {labels: {a: b}}
                spec: {containers: [{name: c, image: i}]}
            """);
    KubeObject marked = delete(created, Propagation.FOREGROUND);
    assertThat(marked.generation()).isEqualTo(2);
    assertThat(delete(created, Propagation.FOREGROUND).generation()).isEqualTo(2);
  }

  @Test
  void api_A_094_eventsHaveNoDependents() {
    KubeObject event =
        cluster.create(
            """
            apiVersion: v1
            kind: Event
            metadata: {name: e, namespace: default}
            involvedObject: {namespace: default}
            """);
    delete(event, Propagation.FOREGROUND);
    assertThat(exists(event)).isFalse();
  }

  @Test
  void wl_GC_06_thePodsOwnGracePeriodOrTheUsers() {
    KubeObject pod = boundPod();
    KubeObject marked = delete(pod, DeleteOptions.BACKGROUND);
    assertThat(marked.metadata().get("deletionGracePeriodSeconds")).isEqualTo(20L);
    assertThat(marked.deletionTimestamp()).isEqualTo("2026-01-01T00:00:20Z");
    assertThat(marked.generation()).isEqualTo(2);
    KubeObject shorter = delete(pod, DeleteOptions.grace(5));
    assertThat(shorter.metadata().get("deletionGracePeriodSeconds")).isEqualTo(5L);
    assertThat(shorter.deletionTimestamp()).isEqualTo("2026-01-01T00:00:05Z");
    assertThat(delete(pod, DeleteOptions.grace(9))).as("longer").isEqualTo(shorter);
    assertThat(delete(pod, DeleteOptions.BACKGROUND)).as("no word").isEqualTo(shorter);
  }

  @Test
  void wl_GC_06_anUnscheduledPodGoesAtOnce() {
    KubeObject pod = cluster.create(POD);
    record();
    delete(pod, DeleteOptions.BACKGROUND);
    assertThat(exists(pod)).isFalse();
    assertThat(commits).containsExactly("MODIFIED 0", "DELETED");
  }

  @Test
  void wl_GC_06_aTerminalPodGoesAtOnce() {
    KubeObject pod = boundPod();
    server.patchStatus(cluster.key(pod), status -> status.with("phase", "Succeeded"));
    delete(pod, DeleteOptions.BACKGROUND);
    assertThat(exists(pod)).isFalse();
  }

  @Test
  void wl_GC_06_aNegativeGracePeriodIsASecond() {
    KubeObject sent = yaml(POD).with(-1L, "spec", "terminationGracePeriodSeconds");
    KubeObject pod = server.create(ResourceType.PODS, sent);
    server.bind(cluster.key(pod), "n1");
    assertThat(delete(pod, DeleteOptions.BACKGROUND).metadata().get("deletionGracePeriodSeconds"))
        .isEqualTo(1L);
  }

  @Test
  void wl_GC_05_aGracefulPodWaitsForTheKubeletsLastDelete() {
    KubeObject pod = boundPod();
    delete(pod, DeleteOptions.BACKGROUND);
    cluster.simulation.runUntil(100_000_000_000L);
    assertThat(exists(pod)).isTrue();
    record();
    delete(pod, DeleteOptions.grace(0).withUid(pod.uid()));
    assertThat(exists(pod)).isFalse();
    assertThat(commits).containsExactly("MODIFIED 0", "DELETED");
  }

  @Test
  void api_A_095_aShorterGracePeriodDoesNotEndInThePast() {
    KubeObject pod = boundPod();
    delete(pod, DeleteOptions.BACKGROUND);
    cluster.simulation.runUntil(10_000_000_000L);
    KubeObject marked = delete(pod, DeleteOptions.grace(5));
    assertThat(marked.metadata().get("deletionGracePeriodSeconds")).isEqualTo(1L);
    assertThat(marked.deletionTimestamp()).isEqualTo("2026-01-01T00:00:10Z");
  }

  @Test
  void api_A_095_aPodWithAFinalizerStaysWithoutGrace() {
    KubeObject pod = boundPod();
    KubeObject finalized =
        server.update(
            ResourceType.PODS, pod.with(KubeList.of("example.com/x"), "metadata", "finalizers"));
    delete(pod, DeleteOptions.grace(0));
    assertThat(exists(pod)).isTrue();
    KubeObject marked = server.get(cluster.key(pod));
    assertThat(marked.metadata().get("deletionGracePeriodSeconds")).isEqualTo(0L);
    assertThat(marked.finalizers()).isEqualTo(finalized.finalizers());
    server.update(ResourceType.PODS, marked.with(null, "metadata", "finalizers"));
    assertThat(exists(pod)).isFalse();
  }

  @Test
  void api_A_096_preconditionsNameTheKind() {
    KubeObject created = cluster.create(CONFIG_MAP);
    ApiException uid = refusal(() -> delete(created, DeleteOptions.BACKGROUND.withUid("A")));
    assertThat(uid.code()).isEqualTo(409);
    assertThat(uid)
        .hasMessage(
            "Operation cannot be fulfilled on ConfigMap \"c1\": the UID in the precondition (A)"
                + " does not match the UID in record ("
                + created.uid()
                + "). The object might have been deleted and then recreated");
    DeleteOptions version = new DeleteOptions(-1, Propagation.BACKGROUND, "", "1");
    assertThat(refusal(() -> delete(created, version)))
        .hasMessage(
            "Operation cannot be fulfilled on ConfigMap \"c1\": the ResourceVersion in the"
                + " precondition (1) does not match the ResourceVersion in record ("
                + created.resourceVersion()
                + "). The object might have been modified");
  }

  @Test
  void api_A_097_aCollectionIsDeletedBySelector() {
    cluster.create(CONFIG_MAP);
    KubeObject other = yaml(CONFIG_MAP).with("c2", "metadata", "name");
    server.create(ResourceType.CONFIG_MAPS, other);
    List<KubeObject> deleted =
        server.deleteCollection(
            ResourceType.CONFIG_MAPS,
            "default",
            object -> object.name().equals("c2"),
            DeleteOptions.BACKGROUND,
            false);
    assertThat(deleted).extracting(KubeObject::name).containsExactly("c2");
    assertThat(server.list(ResourceType.CONFIG_MAPS, "default", labels -> true))
        .extracting(KubeObject::name)
        .containsExactly("c1");
  }

  @Test
  void api_A_099_aDryRunDeletesNothing() {
    KubeObject created = cluster.create(CONFIG_MAP);
    KubeObject pod = boundPod();
    record();
    server.delete(cluster.key(created), DeleteOptions.BACKGROUND, true);
    KubeObject marked = server.delete(cluster.key(pod), DeleteOptions.BACKGROUND, true);
    assertThat(marked.terminating()).isTrue();
    assertThat(commits).isEmpty();
  }

  @Test
  void api_A_194_theClustersNamespacesStay() {
    ObjectKey key = ObjectKey.of(ResourceType.NAMESPACES, "", "default");
    assertThat(refusal(() -> server.delete(key, DeleteOptions.BACKGROUND)))
        .hasMessage("namespaces \"default\" is forbidden: this namespace may not be deleted");
  }

  @Test
  void api_A_209_aNamespaceIsMarkedAndWaitsForItsContent() {
    KubeObject namespace =
        cluster.create(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: term}
            """);
    KubeObject marked = delete(namespace, DeleteOptions.BACKGROUND);
    assertThat(marked.terminating()).isTrue();
    assertThat(marked.metadata().has("deletionGracePeriodSeconds")).isFalse();
    assertThat(marked.status().get("phase")).isEqualTo("Terminating");
    assertThat(delete(namespace, DeleteOptions.BACKGROUND)).isEqualTo(marked);
    KubeObject late = yaml(CONFIG_MAP).with("term", "metadata", "namespace");
    ApiException refused = refusal(() -> server.create(ResourceType.CONFIG_MAPS, late));
    assertThat(refused)
        .hasMessage(
            "configmaps \"c1\" is forbidden: unable to create new content in namespace term because"
                + " it is being terminated");
    assertThat(refused.status().causes().get(0).reason()).isEqualTo("NamespaceTerminating");
    server.finalizeNamespace(marked.with(null, "spec", "finalizers"));
    assertThat(exists(namespace)).isFalse();
  }
}
