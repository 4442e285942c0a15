package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;

/** PriorityClasses, what pods get of them, and PodDisruptionBudgets. */
class PriorityTest {

  private final TestCluster cluster = new TestCluster();

  private KubeObject priorityClass(String name, String fields) {
    return cluster.create(
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, %s}"
            .formatted(name, fields));
  }

  private KubeObject pod(String fields) {
    return cluster.create(
        ("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {%s"
                + "containers: [{name: c, image: i}]}}")
            .formatted(fields));
  }

  @Test
  void aClusterHasTheTwoClassesOfTheSystem() {
    assertThat(cluster.server.list(ResourceType.PRIORITY_CLASSES))
        .extracting(KubeObject::name)
        .containsExactly("system-cluster-critical", "system-node-critical");
  }

  @Test
  void aPodHasTheValueAndThePolicyOfItsClass() {
    priorityClass("high", "value: 1000, preemptionPolicy: Never");
    KubeObject pod = pod("priorityClassName: high, ");
    assertThat(pod.spec().get("priority")).isEqualTo(1000L);
    assertThat(pod.spec().get("preemptionPolicy")).isEqualTo("Never");
  }

  @Test
  void aPodWithoutAClassGetsTheDefaultOne() {
    priorityClass("usual", "value: 7, globalDefault: true");
    KubeObject pod = pod("");
    assertThat(pod.spec().get("priority")).isEqualTo(7L);
    assertThat(pod.spec().get("priorityClassName")).isEqualTo("usual");
  }

  @Test
  void aPodWithoutAnyClassHasPriorityZero() {
    assertThat(pod("").spec().get("priority")).isEqualTo(0L);
  }

  @Test
  void aPodOfAClassThatDoesNotExistIsRefused() {
    assertThat(refusal(() -> pod("priorityClassName: none, ")))
        .hasMessage("pods \"p\" is forbidden: no PriorityClass with name none was found");
  }

  @Test
  void aPodMayNotSayAnotherPriorityThanItsClass() {
    priorityClass("high", "value: 1000");
    assertThat(refusal(() -> pod("priorityClassName: high, priority: 5, ")))
        .hasMessage(
            "pods \"p\" is forbidden: the integer value of priority (5) must not be provided in"
                + " pod spec; priority admission controller computed 1000 from the given"
                + " PriorityClass name");
  }

  @Test
  void aPodKeepsThePriorityThatItGot() {
    KubeObject usual = priorityClass("usual", "value: 7, globalDefault: true");
    KubeObject pod = pod("");
    cluster.server.delete(cluster.key(usual), DeleteOptions.BACKGROUND);
    KubeObject labelled =
        cluster.server.update(ResourceType.PODS, pod.with("b", "metadata", "labels", "a"));
    assertThat(labelled.spec().get("priority")).isEqualTo(7L);
  }

  @Test
  void onlyOneClassIsTheDefault() {
    priorityClass("usual", "value: 7, globalDefault: true");
    assertThat(refusal(() -> priorityClass("other", "value: 8, globalDefault: true")))
        .hasMessage(
            "priorityclasses.scheduling.k8s.io \"other\" is forbidden: PriorityClass usual is"
                + " already marked as default. Only one default can exist");
  }

  @Test
  void aClassOfUsersIsBelowThoseOfTheSystem() {
    assertThat(refusal(() -> priorityClass("high", "value: 1000000001")))
        .hasMessageEndingWith(
            "value: Forbidden: maximum allowed value of a user defined priority is 1000000000");
    assertThat(refusal(() -> priorityClass("system-mine", "value: 5")))
        .hasMessageEndingWith(
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for"
                + " system use only. error: system-mine is not a known system priority class");
  }

  @Test
  void theValueOfAClassStays() {
    KubeObject high = priorityClass("high", "value: 1000");
    assertThat(
            refusal(
                () -> cluster.server.update(ResourceType.PRIORITY_CLASSES, high.with(5L, "value"))))
        .hasMessageEndingWith("value: Forbidden: may not be changed in an update.");
  }

  @Test
  void aBudgetHasOneOfTwoBounds() {
    KubeObject budget =
        yaml(
            "{apiVersion: policy/v1, kind: PodDisruptionBudget,"
                + " metadata: {name: b, namespace: default},"
                + " spec: {minAvailable: 101%, maxUnavailable: -1, selector: {matchLabels: {a: b}}}}");
    assertThat(refusal(() -> cluster.server.create(ResourceType.POD_DISRUPTION_BUDGETS, budget)))
        .hasMessageContaining("minAvailable and maxUnavailable cannot be both set")
        .hasMessageContaining(
            "spec.minAvailable: Invalid value: \"101%\": must not be greater than 100%")
        .hasMessageContaining(
            "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0");
  }
}
