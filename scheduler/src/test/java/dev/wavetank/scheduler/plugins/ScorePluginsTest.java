package dev.wavetank.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.TestScheduling;
import dev.wavetank.scheduler.framework.PreBindPlugin;
import dev.wavetank.scheduler.framework.Profile;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the default plugins make of nodes, beyond resources, taints and node affinity. */
class ScorePluginsTest {

  private static final String ONE_CPU =
      "{containers: [{name: c, resources: {requests: {cpu: 1}}}]}";

  private static String node(String name, String labels, String more) {
    return """
        apiVersion: v1
        kind: Node
        metadata: {name: %s, labels: {%s}}
        status: {allocatable: {cpu: '4', memory: 8Gi, pods: '10'}%s}
        """
        .formatted(name, labels, more);
  }

  private static TestScheduling twoZones(String... more) {
    TestScheduling scheduling = new TestScheduling(DefaultPlugins.profile());
    scheduling.with(node("a", "zone: a", "")).with(node("b", "zone: b", ""));
    for (String manifest : more) {
      scheduling.with(manifest);
    }
    return scheduling;
  }

  private static String podOn(String node, String name, String app) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, uid: uid-%s, labels: {app: %s}}
        spec: {nodeName: %s, containers: [{name: c}]}
        """
        .formatted(name, name, app, node);
  }

  private static KubeObject pod(String app, String spec) {
    return Objects.pod("web", spec).with(app, "metadata", "labels", "app");
  }

  /** The score of a plugin by node, as {@code raw normalized}. */
  private static Map<String, String> scores(TestScheduling in, String plugin, KubeObject pod) {
    Map<String, String> scores = new TreeMap<>();
    for (Attempt.Verdict verdict : in.dryRun.attempt(pod).verdicts()) {
      for (Attempt.PluginScore score : verdict.scores()) {
        if (score.plugin().equals(plugin)) {
          scores.put(verdict.node(), score.raw() + " " + score.normalized());
        }
      }
    }
    return scores;
  }

  private static Map<String, String> fitScores(KubeMap strategy, String spec) {
    KubeMap cpu = KubeMap.of("name", "cpu", "weight", 1L);
    Profile profile =
        DefaultPlugins.profile()
            .withArgs(
                "NodeResourcesFit",
                KubeMap.of("scoringStrategy", strategy.with("resources", KubeList.of(cpu))));
    TestScheduling scheduling = new TestScheduling(profile);
    scheduling.with(node("a", "", "")).with(node("b", "", ""));
    return scores(scheduling, "NodeResourcesFit", Objects.pod("web", spec));
  }

  @Test
  void wl_SCHED_12_mostAllocatedIsTheUsedShare() {
    assertThat(fitScores(KubeMap.of("type", "MostAllocated"), ONE_CPU)).containsEntry("a", "25 25");
  }

  @Test
  void wl_SCHED_12_aShapeMapsTheUsedShareToTenths() {
    KubeMap shape =
        KubeMap.of(
            "shape",
            KubeList.of(
                KubeMap.of("utilization", 0L, "score", 0L),
                KubeMap.of("utilization", 50L, "score", 10L),
                KubeMap.of("utilization", 100L, "score", 0L)));
    assertThat(
            fitScores(
                KubeMap.of("type", "RequestedToCapacityRatio", "requestedToCapacityRatio", shape),
                ONE_CPU))
        .containsEntry("a", "50 50");
  }

  @Test
  void wl_SCHED_13_aContainerThatAsksForNothingCountsATenthOfACpuInScores() {
    assertThat(fitScores(KubeMap.of("type", "LeastAllocated"), "{containers: [{name: c}]}"))
        .containsEntry("a", "97 97");
  }

  @Test
  void wl_SCHED_14_balanceIsWhatThePodChangesOfIt() {
    assertThat(scores(twoZones(), "NodeResourcesBalancedAllocation", Objects.pod("web", ONE_CPU)))
        .containsEntry("a", "68 68");
  }

  @Test
  void wl_SCHED_14_aPodThatAsksForNothingIsNotBalanced() {
    assertThat(
            scores(
                twoZones(),
                "NodeResourcesBalancedAllocation",
                Objects.pod("web", "{containers: [{name: c}]}")))
        .isEmpty();
  }

  @Test
  void wl_SCHED_18_preferredAffinityCountsItsWeightForEachPodOfTheDomain() {
    String term =
        """
        {containers: [{name: c}], affinity: {podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{weight: 7, podAffinityTerm:
            {topologyKey: zone, labelSelector: {matchLabels: {app: x}}}}]}}}
        """;
    assertThat(
            scores(
                twoZones(podOn("a", "one", "x"), podOn("a", "two", "x"), podOn("b", "three", "x")),
                "InterPodAffinity",
                pod("web", term)))
        .isEqualTo(Map.of("a", "14 100", "b", "7 0"));
  }

  private static String spread(String when) {
    return """
        {containers: [{name: c}], topologySpreadConstraints: [
          {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: %s,
           labelSelector: {matchLabels: {app: x}}}]}
        """
        .formatted(when);
  }

  @Test
  void wl_SCHED_19_theDomainThatWouldBeOneTooManyIsLeftOut() {
    Attempt attempt =
        twoZones(podOn("a", "one", "x"), node("c", "", ""))
            .dryRun
            .attempt(pod("x", spread("DoNotSchedule")));
    assertThat(attempt.node()).isEqualTo("b");
    Map<String, String> said = new TreeMap<>();
    attempt.verdicts().forEach(v -> said.put(v.node(), v.status().message()));
    assertThat(said)
        .containsEntry("a", "node(s) didn't match pod topology spread constraints")
        .containsEntry(
            "c", "node(s) didn't match pod topology spread constraints (missing required label)");
  }

  @Test
  void wl_SCHED_20_fewerPodsOfTheDomainAreBetter() {
    assertThat(
            scores(
                twoZones(podOn("a", "one", "x"), podOn("a", "two", "x")),
                "PodTopologySpread",
                pod("x", spread("ScheduleAnyway"))))
        .isEqualTo(Map.of("a", "3 0", "b", "0 100"));
  }

  @Test
  void wl_SCHED_22_anImageOnHalfOfTheNodesCountsHalfOfItsSize() {
    TestScheduling scheduling = new TestScheduling(DefaultPlugins.profile());
    scheduling
        .with(node("a", "", ", images: [{names: ['i:1'], sizeBytes: 1048576000}]"))
        .with(node("b", "", ""));
    assertThat(
            scores(
                scheduling,
                "ImageLocality",
                Objects.pod("web", "{containers: [{name: c, image: 'i:1'}]}")))
        .isEqualTo(Map.of("a", "48 48", "b", "0 0"));
  }

  @Test
  void wl_SCHED_25_volumesMayTakeTenMinutesToBeBound() {
    assertThat(twoZones().framework().find("VolumeBinding"))
        .isInstanceOfSatisfying(
            PreBindPlugin.class,
            plugin -> assertThat(plugin.preBindNanosMax()).isEqualTo(600_000_000_000L));
  }

  private static String message(TestScheduling in, KubeObject pod) {
    String message = in.dryRun.attempt(pod).message();
    return message.substring(0, message.indexOf(". ") + 1);
  }

  private static String affinity(String kind) {
    return """
        {containers: [{name: c}], affinity: {%s: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {topologyKey: zone, labelSelector: {matchLabels: {app: x}}}]}}}
        """
        .formatted(kind);
  }

  @Test
  void wl_FAIL_05_podAffinityAndAntiAffinity() {
    assertThat(message(twoZones(), pod("web", affinity("podAffinity"))))
        .isEqualTo("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.");
    assertThat(
            message(
                twoZones(podOn("a", "one", "x"), podOn("b", "two", "x")),
                pod("web", affinity("podAntiAffinity"))))
        .isEqualTo("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.");
  }

  @Test
  void wl_FAIL_05_theAntiAffinityOfThePodsThatAreThere() {
    TestScheduling scheduling = twoZones();
    for (String zone : ImmutableList.of("a", "b")) {
      scheduling.dryRun.put(
          Objects.pod("on-" + zone, affinity("podAntiAffinity")).with(zone, "spec", "nodeName"));
    }
    assertThat(message(scheduling, pod("x", "{containers: [{name: c}]}")))
        .isEqualTo(
            "0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity"
                + " rules.");
  }

  private static final String CLAIMING =
      "{containers: [{name: c}], volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}";

  private static String claim(String storageClass) {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: default}
        spec: {storageClassName: %s, accessModes: [ReadWriteOnce],
               resources: {requests: {storage: 1Gi}}}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: %s}
        provisioner: %s
        volumeBindingMode: %s
        """
        .formatted(
            storageClass,
            storageClass,
            "kubernetes.io/no-provisioner",
            storageClass.equals("late") ? "WaitForFirstConsumer" : "Immediate");
  }

  @Test
  void wl_FAIL_06_aClaimThatIsNotThere() {
    assertThat(message(twoZones(), Objects.pod("web", CLAIMING)))
        .isEqualTo("0/2 nodes are available: persistentvolumeclaim \"data\" not found.");
  }

  @Test
  void wl_FAIL_06_aClaimThatShouldHaveBeenBound() {
    assertThat(message(twoZones(claim("soon")), Objects.pod("web", CLAIMING)))
        .isEqualTo("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
  }

  @Test
  void wl_FAIL_06_noVolumeThatFits() {
    assertThat(message(twoZones(claim("late")), Objects.pod("web", CLAIMING)))
        .isEqualTo(
            "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to"
                + " bind.");
  }
}
