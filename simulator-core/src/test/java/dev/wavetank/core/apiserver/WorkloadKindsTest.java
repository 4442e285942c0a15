package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds that no controller acts on here: what the server fills in and refuses. */
class WorkloadKindsTest {

  private static final String POD = "spec: {containers: [{name: c, image: i}]}";
  private static final String TEMPLATE = "{metadata: {labels: {a: b}}, " + POD + "}";
  private static final String JOB_POD =
      "template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}";

  private final TestCluster cluster = new TestCluster();

  private static KubeObject object(String apiVersion, String kind, String spec) {
    return yaml(
        "{apiVersion: %s, kind: %s, metadata: {name: x, namespace: default}, spec: {%s}}"
            .formatted(apiVersion, kind, spec));
  }

  private static KubeObject apps(String kind, String spec) {
    return object(
        "apps/v1", kind, "selector: {matchLabels: {a: b}}, template: " + TEMPLATE + ", " + spec);
  }

  private static KubeObject job(String spec) {
    return object("batch/v1", "Job", JOB_POD + ", " + spec);
  }

  private static KubeObject autoscaler(String spec) {
    return object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, " + spec);
  }

  private KubeObject created(KubeObject object) {
    return cluster.server.create(cluster.typeOf(object), object);
  }

  private static String reasons(ApiException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return message.substring(message.indexOf(" is invalid: ") + 13);
  }

  private String refused(KubeObject object) {
    return reasons(refusal(() -> cluster.server.create(cluster.typeOf(object), object)));
  }

  private String refusedUpdate(KubeObject object) {
    return reasons(refusal(() -> cluster.server.update(cluster.typeOf(object), object)));
  }

  private String refusedStatus(KubeObject object, String status) {
    KubeMap read = (KubeMap) Json.read(status);
    return reasons(
        refusal(
            () -> cluster.server.updateStatus(cluster.typeOf(object), object.withStatus(read))));
  }

  @Test
  void wl_DEF_11_statefulSets() {
    KubeMap spec =
        created(
                apps(
                    "StatefulSet",
                    "serviceName: s, volumeClaimTemplates: [{metadata: {name: v}, spec:"
                        + " {accessModes: [ReadWriteOnce], resources: {requests: {storage:"
                        + " 1Gi}}}}]"))
            .spec();
    assertThat(spec.get("replicas")).isEqualTo(1L);
    assertThat(spec.get("revisionHistoryLimit")).isEqualTo(10L);
    assertThat(spec.get("podManagementPolicy")).isEqualTo("OrderedReady");
    assertThat(spec.map("updateStrategy"))
        .isEqualTo(
            KubeMap.of("type", "RollingUpdate", "rollingUpdate", KubeMap.of("partition", 0L)));
    assertThat(spec.map("persistentVolumeClaimRetentionPolicy"))
        .isEqualTo(KubeMap.of("whenDeleted", "Retain", "whenScaled", "Retain"));
    KubeMap claim = spec.listOrEmpty("volumeClaimTemplates").map(0);
    assertThat(claim.get("kind")).isEqualTo("PersistentVolumeClaim");
    assertThat(claim.mapOrEmpty("spec").get("volumeMode")).isEqualTo("Filesystem");
  }

  @Test
  void wl_DEF_12_daemonSets() {
    KubeObject set = created(apps("DaemonSet", ""));
    assertThat(set.spec().map("updateStrategy"))
        .isEqualTo(
            KubeMap.of(
                "type",
                "RollingUpdate",
                "rollingUpdate",
                KubeMap.of("maxUnavailable", 1L, "maxSurge", 0L)));
    assertThat(set.spec().get("revisionHistoryLimit")).isEqualTo(10L);
  }

  @Test
  void theGenerationOfADaemonSetsTemplateIsAnAnnotation() {
    KubeObject set = created(apps("DaemonSet", ""));
    String key = "deprecated.daemonset.template.generation";
    assertThat(set.annotations().string(key)).isEqualTo("1");
    KubeObject changed =
        cluster.server.update(
            cluster.typeOf(set), set.with("2", "spec", "template", "metadata", "labels", "v"));
    assertThat(changed.annotations().string(key)).isEqualTo("2");
  }

  @Test
  void wl_DEF_13_jobs() {
    KubeMap spec = created(job("")).spec();
    assertThat(spec.get("completions")).isEqualTo(1L);
    assertThat(spec.get("parallelism")).isEqualTo(1L);
    assertThat(spec.get("backoffLimit")).isEqualTo(6L);
    assertThat(spec.get("completionMode")).isEqualTo("NonIndexed");
    assertThat(spec.get("suspend")).isEqualTo(false);
    assertThat(spec.get("podReplacementPolicy")).isEqualTo("TerminatingOrFailed");
    assertThat(
            created(job("parallelism: 2").with("y", "metadata", "name")).spec().get("completions"))
        .isNull();
    KubeObject indexed = job("completionMode: Indexed, completions: 2, backoffLimitPerIndex: 1");
    assertThat(created(indexed.with("z", "metadata", "name")).spec().get("backoffLimit"))
        .isEqualTo((long) Integer.MAX_VALUE);
  }

  @Test
  void wl_DEF_13_aJobHasTheLabelsOfItsTemplate() {
    KubeObject job =
        created(
            object(
                "batch/v1",
                "Job",
                "template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers:"
                    + " [{name: c, image: i}]}}"));
    assertThat(job.labels().string("a")).isEqualTo("b");
  }

  @Test
  void aJobSelectsThePodsThatBearItsUid() {
    KubeObject job = created(job(""));
    String key = "batch.kubernetes.io/controller-uid";
    assertThat(job.spec().mapOrEmpty("selector").map("matchLabels"))
        .isEqualTo(KubeMap.of(key, job.uid()));
    KubeMap labels = job.spec().mapOrEmpty("template").mapOrEmpty("metadata").mapOrEmpty("labels");
    assertThat(labels.string(key)).isEqualTo(job.uid());
    assertThat(labels.string("batch.kubernetes.io/job-name")).isEqualTo("x");
  }

  @Test
  void wl_DEF_14_cronJobs() {
    KubeMap spec =
        created(
                object(
                    "batch/v1",
                    "CronJob",
                    "schedule: '@daily', jobTemplate: {spec: {" + JOB_POD + "}}"))
            .spec();
    assertThat(spec.get("concurrencyPolicy")).isEqualTo("Allow");
    assertThat(spec.get("suspend")).isEqualTo(false);
    assertThat(spec.get("successfulJobsHistoryLimit")).isEqualTo(3L);
    assertThat(spec.get("failedJobsHistoryLimit")).isEqualTo(1L);
  }

  @Test
  void wl_DEF_15_autoscalers() {
    KubeMap spec = created(autoscaler("maxReplicas: 3")).spec();
    assertThat(spec.get("minReplicas")).isEqualTo(1L);
    KubeMap metric = spec.listOrEmpty("metrics").map(0).mapOrEmpty("resource");
    assertThat(metric.get("name")).isEqualTo("cpu");
    assertThat(metric.mapOrEmpty("target").get("averageUtilization")).isEqualTo(80L);
    assertThat(spec.has("behavior")).isFalse();
  }

  @Test
  void wl_DEF_15_aBehaviorIsFilledInWhereThereIsOne() {
    KubeMap behavior =
        created(autoscaler("maxReplicas: 3, behavior: {scaleDown: {selectPolicy: Min}}"))
            .spec()
            .mapOrEmpty("behavior");
    KubeMap up = behavior.mapOrEmpty("scaleUp");
    assertThat(up.get("stabilizationWindowSeconds")).isEqualTo(0L);
    assertThat(up.get("selectPolicy")).isEqualTo("Max");
    assertThat(up.listOrEmpty("policies").size()).isEqualTo(2);
    KubeMap down = behavior.mapOrEmpty("scaleDown");
    assertThat(down.has("stabilizationWindowSeconds")).isFalse();
    assertThat(down.get("selectPolicy")).isEqualTo("Min");
    assertThat(down.listOrEmpty("policies").map(0).get("type")).isEqualTo("Percent");
  }

  @Test
  void wl_DEF_16_disruptionBudgetsHaveNoDefaults() {
    KubeObject budget =
        created(object("policy/v1", "PodDisruptionBudget", "selector: {matchLabels: {a: b}}"));
    assertThat(budget.spec())
        .isEqualTo(KubeMap.of("selector", KubeMap.of("matchLabels", KubeMap.of("a", "b"))));
  }

  @Test
  void anAutoscalerIsServedInBothVersions() {
    created(
        autoscaler(
            "maxReplicas: 3, metrics: [{type: Pods, pods: {metric: {name: hits}, target: {type:"
                + " AverageValue, averageValue: '10'}}}, {type: Resource, resource: {name: cpu,"
                + " target: {type: Utilization, averageUtilization: 60}}}]"));
    ResourceType old = ResourceType.HORIZONTAL_POD_AUTOSCALERS_V1;
    KubeObject stored = cluster.server.get(ObjectKey.of(old, "default", "x"));
    KubeObject seen = old.view(stored);
    assertThat(seen.apiVersion()).isEqualTo("autoscaling/v1");
    assertThat(seen.spec().get("targetCPUUtilizationPercentage")).isEqualTo(60L);
    assertThat(seen.annotations().string("autoscaling.alpha.kubernetes.io/metrics"))
        .isEqualTo(
            "[{\"type\":\"Pods\",\"pods\":{\"metricName\":\"hits\",\"targetAverageValue\":\"10\"}}]");
    assertThat(ResourceType.HORIZONTAL_POD_AUTOSCALERS.view(seen).spec().listOrEmpty("metrics"))
        .isEqualTo(stored.spec().listOrEmpty("metrics"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics", "current-metrics", "behavior", "conditions"})
  void aDamagedAnnotationOfTheOldVersionIsNoError(String annotation) {
    for (String text : List.of("[1]", "{", "{\"ScaleUp\":{\"Policies\":[1]}}", "\"x\"")) {
      KubeObject old =
          object(
                  "autoscaling/v1",
                  "HorizontalPodAutoscaler",
                  "maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}")
              .with(
                  KubeMap.of("autoscaling.alpha.kubernetes.io/" + annotation, text),
                  "metadata",
                  "annotations");
      try {
        cluster.server.create(cluster.typeOf(old), old, true);
      } catch (ApiException refused) {
        assertThat(refused.code()).isEqualTo(422);
      }
    }
  }

  @Test
  void wl_VAL_08_aJobsPodsDoNotRestartAlways() {
    String pod = "template: {spec: {restartPolicy: %s, containers: [{name: c, image: i}]}}";
    String required =
        "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"";
    assertThat(refused(object("batch/v1", "Job", "template: {" + POD + "}"))).isEqualTo(required);
    assertThat(refused(object("batch/v1", "Job", pod.formatted("Always")))).isEqualTo(required);
    assertThat(refused(object("batch/v1", "Job", pod.formatted("Bogus"))))
        .isEqualTo(
            "[spec.template.spec.restartPolicy: Unsupported value: \"Bogus\": supported values:"
                + " \"Always\", \"OnFailure\", \"Never\", spec.template.spec.restartPolicy:"
                + " Unsupported value: \"Bogus\": supported values: \"OnFailure\", \"Never\"]");
  }

  @Test
  void wl_VAL_09_indexedJobs() {
    assertThat(created(job("completionMode: Indexed")).spec().get("completions")).isEqualTo(1L);
    assertThat(refused(job("backoffLimitPerIndex: 1")))
        .isEqualTo("spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode");
    assertThat(refused(job("completionMode: Indexed, completions: 3, parallelism: 100001")))
        .isEqualTo(
            "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when"
                + " completion mode is Indexed");
  }

  @Test
  void wl_VAL_09_exitCodesAreOrderedAndUnique() {
    String codes =
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [%s]}}]}";
    String path = "spec.podFailurePolicy.rules[0].onExitCodes.values";
    assertThat(refused(job(codes.formatted("3, 2"))))
        .isEqualTo(path + ": Invalid value: [3,2]: must be ordered");
    assertThat(refused(job(codes.formatted("3, 3")))).isEqualTo(path + "[1]: Duplicate value: 3");
    assertThat(refused(job(codes.formatted("0"))))
        .isEqualTo(path + "[0]: Invalid value: 0: must not be 0 for the In operator");
  }

  @Test
  void wl_VAL_10_littleOfAStatefulSetMayChange() {
    KubeObject set = created(apps("StatefulSet", "serviceName: s"));
    assertThat(cluster.server.update(cluster.typeOf(set), set.with(3L, "spec", "replicas")).spec())
        .isEqualTo(set.spec().with("replicas", 3L));
    assertThat(
            refusedUpdate(
                set.with(null, "metadata", "resourceVersion").with("t", "spec", "serviceName")))
        .isEqualTo(
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas',"
                + " 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit',"
                + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
  }

  @Test
  void wl_VAL_11_aDaemonSetSurgesOrLeavesGaps() {
    String rolling = "updateStrategy: {rollingUpdate: {maxUnavailable: %s, maxSurge: %s}}";
    String path = "spec.updateStrategy.rollingUpdate.";
    assertThat(refused(apps("DaemonSet", rolling.formatted("1", "1"))))
        .isEqualTo(
            path + "maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero");
    assertThat(refused(apps("DaemonSet", rolling.formatted("0", "0"))))
        .isEqualTo(path + "maxUnavailable: Required value: cannot be 0 when maxSurge is 0");
  }

  @Test
  void wl_VAL_14_autoscalers() {
    assertThat(refused(autoscaler("maxReplicas: 0, minReplicas: null")))
        .startsWith("[spec.maxReplicas: Required value: must be set and greater than 0");
    assertThat(refused(autoscaler("minReplicas: 4, maxReplicas: 3")))
        .isEqualTo(
            "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`");
    assertThat(refused(autoscaler("minReplicas: 0, maxReplicas: 3")))
        .isEqualTo(
            "[spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, spec.metrics:"
                + " Forbidden: must specify at least one Object or External metric to support"
                + " scaling to zero replicas]");
    assertThat(
            refused(
                autoscaler(
                    "maxReplicas: 3, behavior: {scaleUp: {policies: [{type: Pods, value: 1,"
                        + " periodSeconds: 1801}]}}")))
        .isEqualTo(
            "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less"
                + " than or equal to 1800");
  }

  @Test
  void wl_VAL_15_aBudgetHasOneOfTwoBounds() {
    assertThat(
            refused(
                object("policy/v1", "PodDisruptionBudget", "minAvailable: 1, maxUnavailable: 1")))
        .isEqualTo(
            "spec: Invalid value: {\"maxUnavailable\":1,\"minAvailable\":1}: minAvailable and"
                + " maxUnavailable cannot be both set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Failed|cannot set Failed=True condition without the FailureTarget=true condition",
        "Complete|cannot set Complete=True condition without the SuccessCriteriaMet=true condition"
      })
  void wl_VAL_16_aJobEndsWithItsReason(String type, String why) {
    KubeObject job = created(job(""));
    assertThat(
            refusedStatus(
                job,
                "{\"startTime\":\"2026-01-01T00:00:00Z\",\"conditions\":[{\"type\":\""
                    + type
                    + "\",\"status\":\"True\"}]}"))
        .contains("status.conditions: Invalid value: " + why);
  }

  @Test
  void wl_VAL_16_aFinishedJobHasNoPods() {
    String conditions =
        "\"conditions\":[{\"type\":\"FailureTarget\",\"status\":\"True\"},{\"type\":\"Failed\","
            + "\"status\":\"True\"}]";
    assertThat(refusedStatus(created(job("")), "{\"active\":1," + conditions + "}"))
        .isEqualTo(
            "[status.active: Invalid value: 1: active>0 is invalid for finished job,"
                + " status.startTime: Required value: startTime is required for finished job]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * *|expected exactly 5 fields, found 4: [* * * *]",
        "60 * * * *|end of range (60) above maximum (59): 60",
        "5-1 * * * *|beginning of range (5) beyond end of range (1): 5-1",
        "*/0 * * * *|step of range should be a positive number: */0",
        "@reboot|unrecognized descriptor: @reboot"
      })
  void aScheduleIsChecked(String schedule, String why) {
    assertThat(
            refused(
                object(
                    "batch/v1",
                    "CronJob",
                    "schedule: '" + schedule + "', jobTemplate: {spec: {" + JOB_POD + "}}")))
        .isEqualTo("spec.schedule: Invalid value: \"" + schedule + "\": " + why);
  }

  @Test
  void api_A_198_anIngressGetsTheDefaultClass() {
    created(
        yaml(
            """
            {apiVersion: networking.k8s.io/v1, kind: IngressClass,
             metadata: {name: main,
                        annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}},
             spec: {controller: example.com/ingress}}
            """));
    KubeObject ingress =
        created(
            object(
                "networking.k8s.io/v1",
                "Ingress",
                "defaultBackend: {service: {name: s, port: {number: 80}}}"));
    assertThat(ingress.spec().get("ingressClassName")).isEqualTo("main");
    assertThat(ingress.status()).isEqualTo(KubeMap.of("loadBalancer", KubeMap.EMPTY));
  }

  @Test
  void aReplicationControllerSelectsByItsTemplatesLabels() {
    KubeObject controller = created(object("v1", "ReplicationController", "template: " + TEMPLATE));
    assertThat(controller.spec().map("selector")).isEqualTo(KubeMap.of("a", "b"));
    assertThat(controller.spec().get("replicas")).isEqualTo(1L);
    assertThat(controller.labels()).isEqualTo(KubeMap.of("a", "b"));
  }

  @Test
  void whatARevisionHoldsNeverChanges() {
    KubeObject revision =
        created(
            yaml(
                "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: x, namespace:"
                    + " default}, revision: 1, data: {a: 1}}"));
    assertThat(refusedUpdate(revision.with(KubeList.of("b"), "data")))
        .isEqualTo("data: Invalid value: [\"b\"]: field is immutable");
  }
}
