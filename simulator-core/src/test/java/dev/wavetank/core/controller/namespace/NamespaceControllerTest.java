package dev.wavetank.core.controller.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamespaceControllerTest {

  private static final ObjectKey TERM = ObjectKey.of(ResourceType.NAMESPACES, "", "term");

  private final ControlPlane plane = new ControlPlane().withRegistry().withKubelets();
  private final NamespaceController controller = new NamespaceController(plane.server);

  private void configMap(String name, String... finalizers) {
    plane.server.create(
        ResourceType.CONFIG_MAPS,
        KubeObject.of(
            ResourceType.CONFIG_MAPS,
            KubeMap.of(
                "name",
                name,
                "namespace",
                "term",
                "finalizers",
                finalizers.length == 0 ? null : KubeList.of((Object[]) finalizers))));
  }

  private void delete() {
    plane.server.delete(TERM, DeleteOptions.BACKGROUND);
  }

  private boolean gone() {
    return plane.server.find(TERM) == null;
  }

  private String condition(String type) {
    @Nullable KubeMap condition = Conditions.find(plane.server.get(TERM).status(), type);
    assertThat(condition).isNotNull();
    return condition.get("status") + " " + condition.get("reason") + " " + condition.get("message");
  }

  @Test
  void wl_GC_07_anEmptyNamespaceIsGoneFiveSecondsAfterItsDeletion() {
    plane.namespace("term");
    plane.run(1);
    delete();
    assertThat(plane.server.get(TERM).status().get("phase")).isEqualTo("Terminating");
    plane.run(4.9);
    assertThat(gone()).isFalse();
    plane.run(0.6);
    assertThat(gone()).isTrue();
  }

  private List<KubeObject> configMaps(String namespace) {
    return plane.server.list(ResourceType.CONFIG_MAPS, namespace, labels -> true);
  }

  @Test
  void wl_GC_07_everythingInItIsDeletedAndNothingElsewhere() {
    plane.namespace("term");
    configMap("a");
    configMap("b");
    plane.server.create(
        ResourceType.CONFIG_MAPS,
        KubeObject.of(
            ResourceType.CONFIG_MAPS, KubeMap.of("name", "other", "namespace", "default")));
    delete();
    plane.run(10);
    assertThat(gone()).isTrue();
    assertThat(configMaps("term")).isEmpty();
    assertThat(configMaps("default")).map(KubeObject::name).containsExactly("other");
  }

  @Test
  void wl_GC_07_podsGoFirstAndKeepTheirGracePeriod() {
    plane.stopNanos = 12 * ControlPlane.SECOND;
    plane.namespace("term");
    plane.pod("term", "p", 20);
    configMap("a");
    plane.run(2);
    delete();
    plane.run(10);
    KubeObject pod = plane.list(ResourceType.PODS).get(0);
    assertThat(pod.metadata().get("deletionGracePeriodSeconds")).isEqualTo(20L);
    assertThat(configMaps("term")).map(KubeObject::name).containsExactly("a");
    assertThat(condition("NamespaceContentRemaining"))
        .isEqualTo("False ContentRemoved All content successfully removed");
    plane.run(30);
    assertThat(gone()).isTrue();
  }

  @Test
  void wl_GC_07_itLooksAgainAfterHalfTheEstimate() {
    plane.stopNanos = 3_600 * ControlPlane.SECOND;
    plane.namespace("term");
    plane.pod("term", "p", 60);
    List<Double> looks = new ArrayList<>();
    plane.simulation.listen(
        (number, time, what, subject, cause) -> {
          if (what.equals("namespace-controller/reconcile")) {
            looks.add(Math.floor(time / 1e9));
          }
        });
    delete();
    plane.run(59);
    // 5 s after the request; 5 s after its own change of the conditions, which takes the place of
    // the 60/2 + 1 s asked for; and that long after.
    assertThat(looks).containsExactly(5.0, 10.0, 41.0);
    plane.run(60);
    assertThat(condition("NamespaceDeletionContentFailure"))
        .isEqualTo(
            "True ContentDeletionFailed Failed to delete all resource types, 1 remaining:"
                + " unexpected items still remain in namespace: term for gvr: /v1, Resource=pods");
  }

  @Test
  void wl_GC_08_whatRemainsAndWhichFinalizersKeepItIsTold() {
    plane.namespace("term");
    configMap("a", "example.com/hold");
    configMap("b", "example.com/hold", "example.com/more");
    configMap("c");
    delete();
    plane.run(9);
    assertThat(condition("NamespaceDeletionDiscoveryFailure"))
        .isEqualTo("False ResourcesDiscovered All resources successfully discovered");
    assertThat(condition("NamespaceDeletionGroupVersionParsingFailure"))
        .isEqualTo("False ParsedGroupVersions All legacy kube types successfully parsed");
    assertThat(condition("NamespaceDeletionContentFailure"))
        .isEqualTo(
            "False ContentDeleted All content successfully deleted, may be waiting on"
                + " finalization");
    assertThat(condition("NamespaceContentRemaining"))
        .isEqualTo(
            "True SomeResourcesRemain Some resources are remaining: configmaps. has 2 resource"
                + " instances");
    assertThat(condition("NamespaceFinalizersRemaining"))
        .isEqualTo(
            "True SomeFinalizersRemain Some content in the namespace has finalizers remaining:"
                + " example.com/hold in 2 resource instances, example.com/more in 1 resource"
                + " instances");
    for (String name : new String[] {"a", "b"}) {
      plane.server.patch(
          ResourceType.CONFIG_MAPS,
          ObjectKey.of(ResourceType.CONFIG_MAPS, "term", name),
          found -> found.with(null, "metadata", "finalizers"));
    }
    plane.run(20);
    assertThat(gone()).isTrue();
  }

  @Test
  void wl_GC_08_aRefusedDeletionIsTold() {
    plane.namespace("term");
    configMap("a");
    plane.server.admit(
        new Admission() {
          @Override
          public KubeObject admit(
              ResourceType type, KubeObject object, @Nullable KubeObject before) {
            return object;
          }

          @Override
          public void admitDelete(ResourceType type, KubeObject object) {
            if (object.name().equals("a")) {
              throw new ApiException(Status.forbidden(type, object.name(), "it is dear to us"));
            }
          }
        });
    delete();
    plane.run(9);
    assertThat(condition("NamespaceDeletionContentFailure"))
        .isEqualTo(
            "True ContentDeletionFailed Failed to delete all resource types, 1 remaining:"
                + " configmaps \"a\" is forbidden: it is dear to us");
    assertThat(gone()).isFalse();
  }

  @Test
  void wl_GC_09_nothingIsCreatedInATerminatingNamespace() {
    plane.namespace("term");
    delete();
    assertThatThrownBy(() -> configMap("d"))
        .isInstanceOf(ApiException.class)
        .hasMessage(
            "configmaps \"d\" is forbidden: unable to create new content in namespace term because"
                + " it is being terminated");
  }

  @Test
  void wl_GC_07_aFinalizerOfSomebodyElseKeepsTheEmptyNamespace() {
    plane.server.create(
        ResourceType.NAMESPACES,
        KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", "term"))
            .withSpec(KubeMap.of("finalizers", KubeList.of("example.com/last"))));
    delete();
    plane.run(20);
    assertThat(plane.server.get(TERM).spec().get("finalizers"))
        .isEqualTo(KubeList.of("example.com/last"));
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void aNamespaceThatStaysCostsNothing() {
    plane.namespace("term");
    List<String> requests = new ArrayList<>();
    controller.client().listen((verb, key, subresource, sent) -> requests.add(verb));
    plane.run(60);
    assertThat(requests).isEmpty();
    assertThat(plane.simulation.pending()).isZero();
  }
}
