package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server refuses, and in which words. */
class ValidationTest {

  private static final String TEMPLATE =
      "{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";

  private final TestCluster cluster = new TestCluster();

  private static KubeObject workload(String kind, String spec) {
    return yaml(
        "{apiVersion: apps/v1, kind: %s, metadata: {name: x, namespace: default}, spec: {%s}}"
            .formatted(kind, spec));
  }

  private static KubeObject deployment(String spec) {
    return workload(
        "Deployment", "selector: {matchLabels: {a: b}}, template: " + TEMPLATE + ", " + spec);
  }

  private static KubeObject pod(String spec) {
    return yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {%s}}"
            .formatted(spec));
  }

  private static KubeObject podOf(String container) {
    return pod("containers: [{name: c, image: i, " + container + "}]");
  }

  private @Nullable String refused(KubeObject object) {
    String message =
        refusal(() -> cluster.server.create(cluster.typeOf(object), object)).getMessage();
    return message == null ? null : message.substring(message.indexOf(" is invalid: ") + 13);
  }

  private @Nullable String refusedUpdate(KubeObject object) {
    String message =
        refusal(() -> cluster.server.update(cluster.typeOf(object), object)).getMessage();
    return message == null ? null : message.substring(message.indexOf(" is invalid: ") + 13);
  }

  private KubeObject created(KubeObject object) {
    return cluster.server.create(cluster.typeOf(object), object);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "ReplicaSet"})
  void wl_VAL_01_theSelectorMatchesTheTemplate(String kind) {
    assertThat(
            refused(
                workload(
                    kind,
                    "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}},"
                        + " spec: {containers: [{name: c, image: i}]}}")))
        .isEqualTo(
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match"
                + " template `labels`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "ReplicaSet"})
  void wl_VAL_02_anEmptySelectorIsRefused(String kind) {
    assertThat(refused(workload(kind, "selector: {}, template: " + TEMPLATE)))
        .isEqualTo("spec.selector: Invalid value: {}: empty selector is invalid for deployment");
  }

  @Test
  void wl_VAL_02_aMissingSelectorIsTwoErrors() {
    assertThat(refused(workload("Deployment", "template: " + TEMPLATE)))
        .isEqualTo(
            "[spec.selector: Required value, spec.template.metadata.labels: Invalid value:"
                + " {\"a\":\"b\"}: `selector` does not match template `labels`]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "ReplicaSet"})
  void wl_VAL_03_theSelectorIsImmutable(String kind) {
    KubeObject object =
        created(
            workload(
                kind,
                "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b, c: d}},"
                    + " spec: {containers: [{name: c, image: i}]}}"));
    assertThat(refusedUpdate(object.with(KubeMap.of("c", "d"), "spec", "selector", "matchLabels")))
        .isEqualTo(
            "spec.selector: Invalid value: {\"matchLabels\":{\"c\":\"d\"}}: field is immutable");
  }

  @Test
  void wl_VAL_04_aRolloutNeedsRoomToMove() {
    assertThat(refused(deployment("strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 0%}}")))
        .isEqualTo(
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when"
                + " `maxSurge` is 0");
    assertThat(refused(deployment("strategy: {rollingUpdate: {maxUnavailable: 101%}}")))
        .isEqualTo(
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be"
                + " greater than 100%");
    assertThat(refused(deployment("strategy: {rollingUpdate: {maxSurge: x}}")))
        .isEqualTo(
            "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string"
                + " must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex"
                + " used for validation is '[0-9]+%')");
  }

  @Test
  void wl_VAL_05_recreateHasNoRollingUpdate() {
    assertThat(refused(deployment("strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}")))
        .isEqualTo(
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is"
                + " 'Recreate'");
  }

  @Test
  void wl_VAL_06_theDeadlineIsLaterThanReadiness() {
    assertThat(refused(deployment("progressDeadlineSeconds: 5, minReadySeconds: 5")))
        .isEqualTo(
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds");
  }

  @Test
  void wl_VAL_07_podsOfAWorkloadRestartAlways() {
    String template =
        "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}},"
            + " spec: {%s, containers: [{name: c, image: i}]}}";
    assertThat(refused(workload("Deployment", template.formatted("restartPolicy: Never"))))
        .isEqualTo(
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values:"
                + " \"Always\"");
    assertThat(refused(workload("Deployment", template.formatted("activeDeadlineSeconds: 5"))))
        .isEqualTo(
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in"
                + " ReplicaSet is not Supported");
  }

  @Test
  void wl_VAL_12_littleOfAPodMayChange() {
    KubeObject pod = created(podOf("command: [x]"));
    KubeMap container = pod.spec().listOrEmpty("containers").map(0);
    KubeObject image = pod.with(KubeList.of(container.with("image", "j")), "spec", "containers");
    assertThat(cluster.server.update(cluster.typeOf(pod), image, true).spec())
        .isEqualTo(image.spec());
    KubeObject command =
        pod.with(KubeList.of(container.with("command", KubeList.of("y"))), "spec", "containers");
    assertThat(refusedUpdate(command))
        .startsWith(
            "spec: Forbidden: pod updates may not change fields other than"
                + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
                + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it"
                + " was previously negative)");
  }

  @Test
  void wl_VAL_12_aDeadlineMayOnlyShrink() {
    KubeObject pod = created(pod("activeDeadlineSeconds: 10, containers: [{name: c, image: i}]"));
    KubeObject shorter = pod.with(5L, "spec", "activeDeadlineSeconds");
    assertThat(cluster.server.update(cluster.typeOf(pod), shorter, true).spec())
        .isEqualTo(shorter.spec());
    assertThat(refusedUpdate(pod.with(11L, "spec", "activeDeadlineSeconds")))
        .isEqualTo(
            "spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous"
                + " value");
  }

  @Test
  void wl_VAL_13_probes() {
    assertThat(refused(podOf("livenessProbe: {exec: {command: [x]}, successThreshold: 2}")))
        .isEqualTo(
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1");
    assertThat(
            refused(
                podOf("livenessProbe: {exec: {command: [x]}, terminationGracePeriodSeconds: 0}")))
        .isEqualTo(
            "spec.containers[0].livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must"
                + " be greater than 0");
    assertThat(
            refused(
                podOf("readinessProbe: {exec: {command: [x]}, terminationGracePeriodSeconds: 5}")))
        .isEqualTo(
            "spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must"
                + " not be set for readinessProbes");
    assertThat(refused(podOf("startupProbe: {exec: {command: [x]}, periodSeconds: -1}")))
        .isEqualTo(
            "spec.containers[0].startupProbe.periodSeconds: Invalid value: -1: must be greater than"
                + " or equal to 0");
  }

  @Test
  void api_A_182_anImmutableConfigMapStaysAsItIs() {
    KubeObject map =
        created(
            yaml(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: default},"
                    + " immutable: true, data: {a: b}}"));
    assertThat(refusedUpdate(map.with("c", "data", "a")))
        .isEqualTo("data: Forbidden: field is immutable when `immutable` is set");
    assertThat(refusedUpdate(map.with(false, "immutable")))
        .isEqualTo("immutable: Forbidden: field is immutable when `immutable` is set");
  }

  @Test
  void api_A_184_samplesOfPodValidation() {
    assertThat(refused(pod("containers: [{name: c}]")))
        .isEqualTo("spec.containers[0].image: Required value");
    assertThat(refused(pod("containers: [{name: c, image: i}], volumes: [{name: v}, {name: v}]")))
        .isEqualTo("spec.volumes[1].name: Duplicate value: \"v\"");
    assertThat(refused(podOf("volumeMounts: [{name: q, mountPath: /q}]")))
        .isEqualTo("spec.containers[0].volumeMounts[0].name: Not found: \"q\"");
    assertThat(refused(podOf("resources: {limits: {cpu: 1}, requests: {cpu: 2}}")))
        .isEqualTo(
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal"
                + " to cpu limit of 1");
    assertThat(refused(pod("restartPolicy: Foo, containers: [{name: c, image: i}]")))
        .isEqualTo(
            "spec.restartPolicy: Unsupported value: \"Foo\": supported values: \"Always\","
                + " \"OnFailure\", \"Never\"");
  }

  @Test
  void api_A_084_stringDataBecomesData() {
    KubeObject secret =
        created(
            yaml(
                "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default},"
                    + " stringData: {a: hello}}"));
    assertThat(secret.root().get("data")).isEqualTo(KubeMap.of("a", "aGVsbG8="));
    assertThat(secret.root().has("stringData")).isFalse();
    assertThat(secret.root().get("type")).isEqualTo("Opaque");
  }

  @Test
  void api_A_168_quantitiesAreKeptInCanonicalForm() {
    KubeObject sent = podOf("resources: {requests: {cpu: 0.1, memory: 1000Ki}}");
    KubeObject decoded = cluster.server.decode(cluster.typeOf(sent), sent, true);
    assertThat(created(decoded).spec().listOrEmpty("containers").map(0).at("resources", "requests"))
        .isEqualTo(KubeMap.of("cpu", "100m", "memory", "1000Ki"));
  }

  @Test
  void api_A_170_aClusterIpIsGivenOnce() {
    String service =
        "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: default},"
            + " spec: {clusterIP: %s, ports: [{port: 80}]}}";
    assertThat(refused(yaml(service.formatted("10.96.0.1"))))
        .isEqualTo(
            "spec.clusterIPs: Invalid value: [\"10.96.0.1\"]: failed to allocate IP 10.96.0.1:"
                + " provided IP is already allocated");
  }

  @Test
  void api_A_180_aClusterIpNeverChanges() {
    KubeObject service =
        created(
            yaml(
                "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: default},"
                    + " spec: {ports: [{port: 80}]}}"));
    KubeObject changed =
        service
            .with("10.96.77.77", "spec", "clusterIP")
            .with(KubeList.of("10.96.77.77"), "spec", "clusterIPs");
    assertThat(refusedUpdate(changed))
        .isEqualTo("spec.clusterIPs[0]: Invalid value: [\"10.96.77.77\"]: may not change once set");
  }

  @Test
  void api_A_188_aServiceAccountMustExist() {
    KubeObject pod = pod("serviceAccountName: nope, containers: [{name: c, image: i}]");
    assertThat(refusal(() -> created(pod)))
        .hasMessage(
            "pods \"p\" is forbidden: error looking up service account default/nope: serviceaccount"
                + " \"nope\" not found");
  }

  @Test
  void api_A_191_priorityComesFromTheClass() {
    assertThat(
            refusal(
                () -> created(pod("priorityClassName: nope, containers: [{name: c, image: i}]"))))
        .hasMessage("pods \"p\" is forbidden: no PriorityClass with name nope was found");
    assertThat(refusal(() -> created(pod("priority: 5, containers: [{name: c, image: i}]"))))
        .hasMessage(
            "pods \"p\" is forbidden: the integer value of priority (5) must not be provided in pod"
                + " spec; priority admission controller computed 0 from the given PriorityClass"
                + " name");
  }

  @Test
  void api_A_199_aNewNodeTakesNoPodsYet() {
    KubeObject node = created(yaml("{apiVersion: v1, kind: Node, metadata: {name: n1}}"));
    assertThat(node.spec().get("taints"))
        .isEqualTo(
            KubeList.of(KubeMap.of("key", "node.kubernetes.io/not-ready", "effect", "NoSchedule")));
  }
}
