package dev.wavetank.core.controller.garbagecollector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.DeleteOptions.Propagation;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.deployment.DeploymentController;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {

  private static final ResourceType MAPS = ResourceType.CONFIG_MAPS;

  private final ControlPlane plane = new ControlPlane();

  private static ObjectKey key(String name) {
    return ObjectKey.of(MAPS, "default", name);
  }

  private KubeObject create(String name, KubeMap... owners) {
    return create("default", name, owners);
  }

  private KubeObject create(String namespace, String name, KubeMap... owners) {
    return plane.server.create(
        MAPS,
        KubeObject.of(
            MAPS,
            KubeMap.of(
                "name",
                name,
                "namespace",
                namespace,
                "ownerReferences",
                owners.length == 0 ? null : KubeList.of((Object[]) owners))));
  }

  private static KubeMap owner(KubeObject owner) {
    return owner(owner, false);
  }

  private static KubeMap blocking(KubeObject owner) {
    return owner(owner, true);
  }

  private static KubeMap owner(KubeObject owner, boolean blocks) {
    return KubeMap.of(
        "apiVersion", owner.apiVersion(),
        "kind", owner.kind(),
        "name", owner.name(),
        "uid", owner.uid(),
        "blockOwnerDeletion", blocks ? true : null);
  }

  private GarbageCollector start() {
    return new GarbageCollector(plane.server);
  }

  private void delete(KubeObject object, Propagation propagation) {
    ResourceType type = plane.server.typeOf(object.apiVersion(), object.kind());
    assertThat(type).isNotNull();
    plane.server.delete(object.key(type), DeleteOptions.BACKGROUND.withPropagation(propagation));
  }

  private List<String> names() {
    return plane.list(MAPS).stream().map(KubeObject::name).toList();
  }

  private List<Object> owners(String name) {
    List<Object> names = new ArrayList<>();
    for (KubeMap reference : plane.server.get(key(name)).ownerReferences().maps()) {
      names.add(reference.get("name"));
    }
    return names;
  }

  @Test
  void wl_GC_01_dependentsGoAfterTheirOwner() {
    KubeObject owner = create("owner");
    create("dependent", owner(owner));
    create("stranger");
    start();
    plane.run(1);
    delete(owner, Propagation.BACKGROUND);
    assertThat(names()).containsExactly("dependent", "stranger");
    plane.run(1);
    assertThat(names()).containsExactly("stranger");
  }

  @Test
  void wl_GC_01_aDeletedDeploymentTakesItsReplicaSetsAndPodsAlong() {
    plane.withKubelets();
    new DeploymentController(plane.server);
    new ReplicaSetController(plane.server);
    GarbageCollector collector = start();
    KubeObject deployment = plane.deployment(3, 1L, 0L);
    plane.run(5);
    plane.image("img:2");
    plane.run(20);
    delete(deployment, Propagation.BACKGROUND);
    plane.run(10);
    assertThat(plane.list(ResourceType.REPLICA_SETS)).isEmpty();
    assertThat(plane.list(ResourceType.PODS)).isEmpty();
    assertThat(collector.graphSize()).isZero();
  }

  @Test
  void wl_GC_01_aDependentWithAnotherOwnerOnlyLosesTheReference() {
    KubeObject one = create("one");
    KubeObject two = create("two");
    create("dependent", owner(one), owner(two));
    start();
    plane.run(1);
    delete(one, Propagation.BACKGROUND);
    plane.run(1);
    assertThat(owners("dependent")).containsExactly("two");
    delete(two, Propagation.BACKGROUND);
    plane.run(1);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_02_inTheForegroundTheOwnerWaitsForItsBlockingDependents() {
    KubeObject owner = create("owner");
    KubeObject dependent = create("dependent", blocking(owner));
    plane.server.patch(
        MAPS,
        key("dependent"),
        found -> found.with(KubeList.of("example.com/hold"), "metadata", "finalizers"));
    start();
    plane.run(1);
    delete(owner, Propagation.FOREGROUND);
    plane.run(5);
    assertThat(plane.server.get(key("owner")).finalizers())
        .isEqualTo(KubeList.of("foregroundDeletion"));
    assertThat(plane.server.get(key("dependent")).terminating()).isTrue();
    plane.server.patch(
        MAPS, dependent.key(MAPS), found -> found.with(null, "metadata", "finalizers"));
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_02_aDependentThatDoesNotBlockIsDeletedButNotWaitedFor() {
    KubeObject owner = create("owner");
    create("dependent", owner(owner));
    plane.server.patch(
        MAPS,
        key("dependent"),
        found -> found.with(KubeList.of("example.com/hold"), "metadata", "finalizers"));
    start();
    plane.run(1);
    delete(owner, Propagation.FOREGROUND);
    plane.run(5);
    assertThat(names()).containsExactly("dependent");
    assertThat(plane.server.get(key("dependent")).terminating()).isTrue();
  }

  @Test
  void wl_GC_02_dependentsWithDependentsAreDeletedInTheForegroundToo() {
    plane.withKubelets();
    plane.stopNanos = 20 * ControlPlane.SECOND;
    new DeploymentController(plane.server);
    new ReplicaSetController(plane.server);
    start();
    KubeObject deployment = plane.deployment(3, 1L, 0L);
    plane.run(10);
    delete(deployment, Propagation.FOREGROUND);
    plane.run(10);
    KubeObject replicaSet = plane.list(ResourceType.REPLICA_SETS).get(0);
    assertThat(plane.deployment().terminating()).isTrue();
    assertThat(replicaSet.finalizers()).isEqualTo(KubeList.of("foregroundDeletion"));
    assertThat(plane.pods(KubeObject::terminating)).hasSize(3);
    plane.run(20);
    assertThat(plane.list(ResourceType.PODS)).isEmpty();
    assertThat(plane.list(ResourceType.REPLICA_SETS)).isEmpty();
    assertThat(plane.list(ResourceType.DEPLOYMENTS)).isEmpty();
  }

  @Test
  void wl_GC_02_aDependentWithAnotherOwnerIsReleasedAndHoldsNothingUp() {
    KubeObject one = create("one");
    KubeObject two = create("two");
    create("dependent", blocking(one), blocking(two));
    start();
    plane.run(1);
    delete(one, Propagation.FOREGROUND);
    plane.run(5);
    assertThat(names()).containsExactly("dependent", "two");
    assertThat(owners("dependent")).containsExactly("two");
  }

  @Test
  void wl_GC_02_aDependentThatComesDuringTheDeletionIsFoundWhenAnotherOneGoes() {
    KubeObject owner = create("owner");
    KubeObject first = create("first", blocking(owner));
    plane.server.patch(
        MAPS,
        key("first"),
        found -> found.with(KubeList.of("example.com/hold"), "metadata", "finalizers"));
    start();
    plane.run(1);
    delete(owner, Propagation.FOREGROUND);
    plane.run(5);
    create("second", blocking(owner));
    plane.run(5);
    assertThat(names()).containsExactly("first", "owner", "second");
    plane.server.patch(MAPS, first.key(MAPS), found -> found.with(null, "metadata", "finalizers"));
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_02_aCycleOfBlockingOwnersIsBroken() {
    KubeObject one = create("one");
    KubeObject two = create("two", blocking(one));
    plane.server.patch(
        MAPS,
        key("one"),
        found -> found.with(KubeList.of(blocking(two)), "metadata", "ownerReferences"));
    start();
    plane.run(1);
    delete(one, Propagation.FOREGROUND);
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  /** As upstream: each is taken for one that already does what it can. */
  @Test
  void wl_GC_02_twoForegroundDeletionsInOneCycleWaitForEachOtherWhenTheyAreSeenAtOnce() {
    KubeObject one = create("one");
    KubeObject two = create("two", blocking(one));
    plane.server.patch(
        MAPS,
        key("one"),
        found -> found.with(KubeList.of(blocking(two)), "metadata", "ownerReferences"));
    delete(one, Propagation.FOREGROUND);
    delete(two, Propagation.FOREGROUND);
    start();
    plane.run(3_600);
    assertThat(names()).containsExactly("one", "two");
    assertThat(plane.simulation.pending()).isZero();
    plane.server.patch(MAPS, key("one"), found -> found.with(null, "metadata", "ownerReferences"));
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_03_orphansStayAndForgetTheirOwner() {
    KubeObject owner = create("owner");
    KubeObject other = create("other");
    create("orphan", blocking(owner));
    create("shared", owner(owner), owner(other));
    start();
    plane.run(1);
    delete(owner, Propagation.ORPHAN);
    assertThat(plane.server.get(key("owner")).finalizers()).isEqualTo(KubeList.of("orphan"));
    plane.run(5);
    assertThat(names()).containsExactly("orphan", "other", "shared");
    assertThat(owners("orphan")).isEmpty();
    assertThat(owners("shared")).containsExactly("other");
  }

  @Test
  void wl_GC_03_podsOfAnOrphanedReplicaSetStay() {
    plane.withKubelets();
    new ReplicaSetController(plane.server);
    start();
    KubeObject replicaSet = plane.replicaSet("web", 3);
    plane.run(5);
    delete(replicaSet, Propagation.ORPHAN);
    plane.run(20);
    assertThat(plane.list(ResourceType.REPLICA_SETS)).isEmpty();
    assertThat(plane.activePods()).hasSize(3).allMatch(pod -> pod.ownerReferences().isEmpty());
  }

  private static KubeMap absent(String name) {
    return KubeMap.of("apiVersion", "v1", "kind", "ConfigMap", "name", name, "uid", "gone");
  }

  @Test
  void wl_GC_04_anObjectWhoseOwnerNeverWasIsDeleted() {
    create("dependent", absent("ghost"));
    start();
    plane.run(1);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_04_anOwnerOfTheSameNameWithAnotherUidIsAbsent() {
    create("owner");
    create("dependent", absent("owner"));
    start();
    plane.run(1);
    assertThat(names()).containsExactly("owner");
  }

  @Test
  void wl_GC_04_anOwnerThatTheWatchHasNotShownYetIsLookedForOnTheServer() {
    start();
    plane.run(1);
    KubeObject owner = create("owner");
    create("dependent", owner(owner));
    plane.run(30);
    assertThat(names()).containsExactly("dependent", "owner");
  }

  @Test
  void wl_GC_04_theDependentsOwnFinalizersDecideHowItIsDeleted() {
    KubeObject dependent = create("dependent", absent("ghost"));
    create("below", owner(dependent));
    plane.server.patch(
        MAPS,
        key("dependent"),
        found -> found.with(KubeList.of("orphan"), "metadata", "finalizers"));
    start();
    plane.run(5);
    assertThat(names()).containsExactly("below");
    assertThat(owners("below")).isEmpty();
  }

  @Test
  void wl_GC_04_anOwnerInAnotherNamespaceIsAbsentAndReported() {
    KubeObject owner = create("owner");
    start();
    plane.run(1);
    create("other", "dependent", owner(owner));
    plane.run(1);
    assertThat(plane.events)
        .containsExactly(
            "Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: other, name:"
                + " owner, uid: "
                + owner.uid()
                + "] does not exist in namespace \"other\"");
    assertThat(names()).containsExactly("owner");
  }

  @Test
  void wl_GC_04_anOwnerInAnotherNamespaceThatIsSeenLaterIsReportedToo() {
    KubeObject owner = create("owner");
    KubeObject dependent = create("other", "dependent", owner(owner));
    // The informers list in the order of creation; a graph that met the dependent first:
    List<Node> looked = new ArrayList<>();
    ReferenceCache absent = new ReferenceCache();
    GraphBuilder graph =
        new GraphBuilder(
            new Recording(looked),
            new dev.wavetank.core.record.EventRecorder(plane.server, "test", ""),
            absent);
    graph.changed("v1", null, dependent);
    assertThat(looked).map(Node::toString).containsExactly("ConfigMap/other/owner");
    graph.changed("v1", null, owner);
    assertThat(looked)
        .map(Node::toString)
        .containsExactly("ConfigMap/other/owner", "ConfigMap/other/dependent");
    assertThat(plane.events).hasSize(1).allMatch(e -> e.contains("OwnerRefInvalidNamespace"));
    Node observed = graph.find(owner.uid());
    assertThat(observed).isNotNull();
    assertThat(observed.observed()).isTrue();
    assertThat(observed.identity.namespace()).isEqualTo("default");
  }

  private record Recording(List<Node> looked) implements GraphBuilder.Attempts {
    @Override
    public void delete(Node node) {
      looked.add(node);
    }

    @Override
    public void deleteRateLimited(Node node) {
      looked.add(node);
    }

    @Override
    public void orphan(Node node) {
      looked.add(node);
    }
  }

  @Test
  void wl_GC_04_dependentsThatDisagreeOnTheirOwnersNameAreJudgedOneByOne() {
    KubeObject owner = create("owner");
    KubeMap wrong = owner(owner).with("name", "misspelt");
    create("right", owner(owner));
    create("wrong", wrong);
    start();
    plane.run(5);
    assertThat(names()).containsExactly("owner", "right");
    delete(owner, Propagation.BACKGROUND);
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void wl_GC_04_anAbsentOwnerIsTriedUnderEachNameThatIsSaidOfIt() {
    create("one", absent("a"));
    create("two", absent("b"));
    create("three", absent("c"));
    GarbageCollector collector = start();
    plane.run(30);
    assertThat(names()).isEmpty();
    assertThat(collector.graphSize()).isZero();
  }

  @Test
  void wl_GC_04_anOwnerOfTheWholeClusterMayOwnInAnyNamespace() {
    KubeObject node =
        plane.server.create(
            ResourceType.NODES, KubeObject.of(ResourceType.NODES, KubeMap.of("name", "node-1")));
    create("dependent", owner(node));
    start();
    plane.run(5);
    assertThat(names()).containsExactly("dependent");
    assertThat(plane.events).isEmpty();
    delete(node, Propagation.BACKGROUND);
    plane.run(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void anObjectOfTheWholeClusterWithANamespacedOwnerIsLeftAlone() {
    plane.server.create(
        ResourceType.NODES,
        KubeObject.of(
            ResourceType.NODES,
            KubeMap.of("name", "node-1", "ownerReferences", KubeList.of(absent("ghost")))));
    start();
    plane.run(5);
    assertThat(plane.list(ResourceType.NODES)).hasSize(1);
  }

  @Test
  void anOwnerOfAnUnknownKindKeepsItsDependent() {
    KubeMap unknown =
        KubeMap.of("apiVersion", "example.com/v1", "kind", "Thing", "name", "t", "uid", "u");
    create("dependent", unknown);
    start();
    plane.run(3_600);
    assertThat(names()).containsExactly("dependent");
  }

  @Test
  void eventsAreNotWatched() {
    KubeMap event =
        KubeMap.of(
            "name", "e", "namespace", "default", "ownerReferences", KubeList.of(absent("x")));
    plane.server.create(ResourceType.EVENTS, KubeObject.of(ResourceType.EVENTS, event));
    GarbageCollector collector = start();
    plane.run(5);
    assertThat(plane.list(ResourceType.EVENTS)).hasSize(1);
    assertThat(collector.graphSize()).isZero();
  }

  @Test
  void aTypeThatIsServedLaterIsWatchedAfterASync() {
    GarbageCollector collector = start();
    ResourceType things = new ResourceType("example.com", "v1", "Thing", "things", "thing", true);
    plane.server.serve(things, new dev.wavetank.core.apiserver.ResourceStrategy() {});
    KubeObject owner = create("owner");
    plane.server.create(
        things,
        KubeObject.of(
            things,
            KubeMap.of(
                "name",
                "t",
                "namespace",
                "default",
                "ownerReferences",
                KubeList.of(owner(owner)))));
    collector.syncMonitors();
    plane.run(1);
    delete(owner, Propagation.BACKGROUND);
    plane.run(1);
    assertThat(plane.list(things)).isEmpty();
  }

  @Test
  void aTypeThatIsServedLaterIsWatchedFromTheNextRoundOn() {
    start();
    ResourceType things = new ResourceType("example.com", "v1", "Thing", "things", "thing", true);
    plane.server.serve(things, new dev.wavetank.core.apiserver.ResourceStrategy() {});
    KubeObject owner = create("owner");
    KubeMap metadata =
        KubeMap.of(
            "name", "t", "namespace", "default", "ownerReferences", KubeList.of(owner(owner)));
    plane.server.create(things, KubeObject.of(things, metadata));
    plane.run(31);
    delete(owner, Propagation.BACKGROUND);
    plane.run(1);
    assertThat(plane.list(things)).isEmpty();
  }

  @Test
  void podsThatComeAndGoCostNoLookAtAll() {
    List<String> looks = new ArrayList<>();
    plane.simulation.listen(
        (number, time, what, subject, cause) -> {
          if (what.startsWith("garbage-collector-controller") && !what.endsWith("/observe")) {
            looks.add(what + " " + subject);
          }
        });
    plane.withKubelets();
    new ReplicaSetController(plane.server);
    GarbageCollector collector = start();
    plane.replicaSet("web", 400);
    plane.run(60);
    assertThat(collector.graphSize()).isEqualTo(401);
    plane.server.patch(
        ResourceType.REPLICA_SETS,
        ObjectKey.of(ResourceType.REPLICA_SETS, "default", "web"),
        found -> found.with(0L, "spec", "replicas"));
    plane.run(60);
    assertThat(collector.graphSize()).isEqualTo(1);
    assertThat(looks).isEmpty();
  }

  @Test
  void aQuietClusterHasNoEvents() {
    KubeObject owner = create("owner");
    create("dependent", owner(owner));
    start();
    plane.run(60);
    assertThat(plane.simulation.pending()).isZero();
  }
}
