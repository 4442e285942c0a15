package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/**
 * Follows test/e2e/common/node/lease.go, podtemplates.go, runtimeclass.go and sysctl.go, and
 * test/e2e/node/node_lifecycle.go and pods.go (v1.36).
 */
class NodeConformanceTest {

  private final Framework framework = Framework.of("node");
  private final Resource podTemplates = framework.namespaced("v1", "podtemplates");
  private final Resource pods = framework.namespaced("v1", "pods");

  private static String lease(String holder, int seconds, int transitions, int acquired) {
    return "{holderIdentity: "
        + holder
        + ", leaseDurationSeconds: "
        + seconds
        + ", leaseTransitions: "
        + transitions
        + ", acquireTime: '0001-01-01T00:00:"
        + acquired
        + ".000000Z', renewTime: '0001-01-01T00:01:10.000000Z'}";
  }

  @Test
  @Codename("[sig-node] Lease lease API should be available")
  void leases() {
    Resource leases = framework.namespaced("coordination.k8s.io/v1", "leases");
    String first = lease("holder", 30, 0, 12);
    KubeObject made = leases.create("{metadata: {name: lease}, spec: " + first + "}");
    assertThat(leases.get("lease").spec()).isEqualTo(Yaml.map(first));
    String second = lease("holder2", 30, 1, 20);
    leases.update(made.withSpec(Yaml.map(second)));
    assertThat(leases.get("lease").spec()).isEqualTo(Yaml.map(second));
    String third = lease("holder3", 60, 2, 50);
    leases.patch(Resource.STRATEGIC, "lease", "{spec: " + third + "}");
    KubeObject read = leases.get("lease");
    assertThat(read.spec()).isEqualTo(Yaml.map(third));
    assertThat(Long.parseLong(read.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    leases.create(
        "{metadata: {name: lease2, labels: {deletecollection: 'true'}}, spec: " + first + "}");
    assertThat(leases.list("")).hasSize(2);
    leases.deleteCollection("deletecollection=true");
    assertThat(leases.list("")).hasSize(1);
    leases.delete("lease");
    leases.absent("lease");
    assertThat(framework.resource("coordination.k8s.io/v1", "leases").list("")).isNotEmpty();
  }

  private KubeObject createPodTemplate(String name, String label) {
    return podTemplates.create(
        "{metadata: {name: "
            + name
            + ", labels: {podtemplate-set: '"
            + label
            + "'}}, template: {spec: {containers: [{name: nginx, image: nginx}]}}}");
  }

  @Test
  @Codename("[sig-node] PodTemplates should run the lifecycle of PodTemplates")
  void theLifecycleOfPodTemplates() {
    Resource everywhere = framework.resource("v1", "podtemplates");
    assertThat(everywhere.labelled("podtemplate-set=static")).isEmpty();
    KubeObject made = createPodTemplate("nginx", "static");
    assertThat(podTemplates.get("nginx").name()).isEqualTo("nginx");
    KubeObject patched =
        podTemplates.patch(
            Resource.STRATEGIC, "nginx", "{metadata: {labels: {podtemplate: patched}}}");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    assertThat(podTemplates.get("nginx").labels().string("podtemplate")).isEqualTo("patched");
    podTemplates.delete("nginx");
    assertThat(everywhere.labelled("podtemplate-set=static")).isEmpty();
  }

  @Test
  @Codename("[sig-node] PodTemplates should delete a collection of pod templates")
  void aCollectionOfPodTemplates() {
    for (int i = 1; i <= 3; i++) {
      createPodTemplate("test-podtemplate-" + i, "true");
    }
    assertThat(podTemplates.labelled("podtemplate-set=true")).hasSize(3);
    podTemplates.deleteCollection("podtemplate-set=true");
  }

  @Test
  @Codename("[sig-node] PodTemplates should replace a pod template")
  void aPodTemplateIsReplaced() {
    createPodTemplate("podtemplate", "any");
    String annotation = "{metadata: {annotations: {updated: 'true'}}}";
    Yaml.expect(
        podTemplates.retryOnConflict("podtemplate", newest -> Yaml.with(newest, annotation)),
        annotation);
  }

  private Answer createPodWithRuntimeClass(String name) {
    return pods.tryCreate(
        "{metadata: {generateName: test-runtimeclass-}, spec: {runtimeClassName: "
            + name
            + ", automountServiceAccountToken: false, restartPolicy: Never, containers: [{name:"
            + " test, image: busybox, command: ['true']}]}}");
  }

  @Test
  @Codename(
      "[sig-node] RuntimeClass should reject a Pod requesting a non-existent RuntimeClass"
          + " [NodeConformance]")
  void aPodWithARuntimeClassThatIsNot() {
    Answer answer = createPodWithRuntimeClass("nonexistent");
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).contains("pod rejected: RuntimeClass \"nonexistent\" not found");
  }

  @Test
  @Codename(
      "[sig-node] RuntimeClass should reject a Pod requesting a deleted RuntimeClass"
          + " [NodeConformance]")
  void aPodWithARuntimeClassThatIsDeleted() {
    Resource classes = framework.resource("node.k8s.io/v1", "runtimeclasses");
    classes.create("{metadata: {name: delete-me}, handler: runc}");
    assertThat(createPodWithRuntimeClass("delete-me").code()).isEqualTo(201);
    classes.delete("delete-me");
    framework.await(() -> !classes.exists("delete-me"));
    Answer answer = createPodWithRuntimeClass("delete-me");
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).contains("pod rejected: RuntimeClass \"delete-me\" not found");
  }

  @Test
  @Codename("[sig-node] Sysctls [LinuxOnly] [NodeConformance] should reject invalid sysctls")
  void invalidSysctls() {
    Answer answer =
        pods.tryCreate(
            "{metadata: {name: sysctl}, spec: {securityContext: {sysctls: [{name: foo-, value:"
                + " bar}, {name: kernel.shmmax, value: '100000000'}, {name: safe-and-unsafe, value:"
                + " '100000000'}, {name: bar.., value: '42'}]}, restartPolicy: Never, containers:"
                + " [{name: c, image: busybox}]}}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains("Invalid value: \"foo-\"")
        .contains("Invalid value: \"bar..\"")
        .doesNotContain("safe-and-unsafe")
        .doesNotContain("kernel.shmmax");
  }

  @Test
  @Codename("[sig-node] Node Lifecycle should run through the lifecycle of a node")
  void theLifecycleOfANode() {
    Resource nodes = framework.resource("v1", "nodes");
    KubeObject made =
        nodes.create(
            "{metadata: {name: e2e-fake-node}, spec: {unschedulable: true}, status: {phase:"
                + " Running, conditions: [{type: Ready, status: 'True', reason: E2E, message: Set"
                + " from e2e test}]}}");
    assertThat(nodes.get("e2e-fake-node").uid()).isEqualTo(made.uid());
    KubeObject patched =
        nodes.patch(
            Resource.STRATEGIC, "e2e-fake-node", "{metadata: {labels: {e2e-fake-node: patched}}}");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    assertThat(nodes.labelled("e2e-fake-node=patched")).hasSize(1);
    KubeObject updated =
        nodes.retryOnConflict(
            "e2e-fake-node",
            newest -> Yaml.with(newest, "{metadata: {labels: {e2e-fake-node: updated}}}"));
    assertThat(updated.labels().string("e2e-fake-node")).isEqualTo("updated");
    nodes.delete("e2e-fake-node");
    framework.await(() -> !nodes.exists("e2e-fake-node"));
  }

  @Test
  @Codename(
      "[sig-node] Pods Extended Pods Set QOS Class should be set on Pods with matching resource"
          + " requests and limits for memory and cpu")
  void theQualityOfServiceOfAPodIsInItsStatus() {
    KubeMap resources = Yaml.map("{cpu: 100m, memory: 100Mi}");
    pods.create(
        "{metadata: {name: pod-qos-class}, spec: {containers: [{name: agnhost, image: agnhost,"
            + " resources: {limits: "
            + resources
            + ", requests: "
            + resources
            + "}}]}}");
    assertThat(pods.get("pod-qos-class").status().string("qosClass")).isEqualTo("Guaranteed");
  }
}
