package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server fills in. */
class DefaultsTest {

  private final TestCluster cluster = new TestCluster();

  private KubeObject pod(String spec) {
    return cluster.create(
        "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: " + spec + "}");
  }

  private KubeMap container(String container) {
    return first(pod("{containers: [" + container + "]}").spec(), "containers");
  }

  private static KubeMap first(KubeMap map, String list) {
    return map.listOrEmpty(list).map(0);
  }

  private KubeObject deployment(String podSpec) {
    return cluster.create(
        """
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: default},
         spec: {selector: {matchLabels: {a: b}},
                template: {metadata: {labels: {a: b}}, spec: %s}}}
        """
            .formatted(podSpec));
  }

  private static KubeMap json(String text) {
    return (KubeMap) Json.read(text);
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, Always",
    "nginx:latest, Always",
    "reg:5000/x, Always",
    "nginx:1.27, IfNotPresent",
    "nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, IfNotPresent"
  })
  void wl_DEF_01_thePullPolicyFollowsTheTag(String image, String policy) {
    assertThat(container("{name: c, image: '" + image + "'}").get("imagePullPolicy"))
        .isEqualTo(policy);
  }

  @Test
  void wl_DEF_02_theTerminationMessageOfAContainer() {
    KubeMap container = container("{name: c, image: i}");
    assertThat(container.get("terminationMessagePath")).isEqualTo("/dev/termination-log");
    assertThat(container.get("terminationMessagePolicy")).isEqualTo("File");
    assertThat(container.get("resources")).isEqualTo(KubeMap.EMPTY);
  }

  @Test
  void wl_DEF_03_thePodSpecInATemplate() {
    KubeMap template =
        (KubeMap) deployment("{containers: [{name: c, image: i}]}").at("spec", "template", "spec");
    assertThat(template.without("containers"))
        .isEqualTo(
            json(
                """
                {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "securityContext": {},
                 "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler"}
                """));
  }

  @Test
  void wl_DEF_04_aPodHasMoreDefaultsThanATemplate() {
    String containers =
        """
        {containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi},
                                                      requests: {cpu: 500m}}}],
         initContainers: [{name: init, image: i, resources: {limits: {cpu: 2}}}]}
        """;
    KubeMap pod = pod(containers).spec();
    assertThat(pod.get("enableServiceLinks")).isEqualTo(true);
    assertThat(first(pod, "containers").at("resources", "requests"))
        .isEqualTo(KubeMap.of("cpu", "500m", "memory", "1Gi"));
    assertThat(first(pod, "initContainers").at("resources", "requests"))
        .isEqualTo(KubeMap.of("cpu", "2"));
    KubeMap template = (KubeMap) deployment(containers).at("spec", "template", "spec");
    assertThat(template.has("enableServiceLinks")).isFalse();
    assertThat(first(template, "initContainers").at("resources", "requests")).isNull();
  }

  @Test
  void wl_DEF_05_onTheHostsNetworkAPortIsTheHosts() {
    KubeMap pod =
        pod("{hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}")
            .spec();
    assertThat(first(first(pod, "containers"), "ports"))
        .isEqualTo(KubeMap.of("containerPort", 80L, "hostPort", 80L, "protocol", "TCP"));
  }

  @Test
  void wl_DEF_06_quantitiesAreRoundedUpToThousandths() {
    assertThat(
            container("{name: c, image: i, resources: {requests: {cpu: 0.0001}}}")
                .at("resources", "requests", "cpu"))
        .isEqualTo("1m");
  }

  @Test
  void wl_DEF_07_probes() {
    KubeMap container = container("{name: c, image: i, readinessProbe: {httpGet: {port: 80}}}");
    assertThat(container.get("readinessProbe"))
        .isEqualTo(
            json(
                """
                {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1,
                 "failureThreshold": 3, "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}}
                """));
  }

  @Test
  void wl_DEF_08_volumes() {
    KubeList volumes =
        pod("""
                {automountServiceAccountToken: false,
                 containers: [{name: c, image: i}],
                 volumes: [{name: a},
                           {name: b, secret: {secretName: s}},
                           {name: c, configMap: {name: m}},
                           {name: d, downwardAPI: {}},
                           {name: e, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}
                """)
            .spec()
            .listOrEmpty("volumes");
    assertThat(volumes)
        .isEqualTo(
            Json.read(
                """
                [{"name": "a", "emptyDir": {}},
                 {"name": "b", "secret": {"secretName": "s", "defaultMode": 420}},
                 {"name": "c", "configMap": {"name": "m", "defaultMode": 420}},
                 {"name": "d", "downwardAPI": {"defaultMode": 420}},
                 {"name": "e", "projected": {"defaultMode": 420,
                   "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}}]
                """));
  }

  @Test
  void wl_DEF_09_deployments() {
    KubeMap spec = deployment("{containers: [{name: c, image: i}]}").spec();
    assertThat(spec.without("selector").without("template"))
        .isEqualTo(
            json(
                """
                {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
                 "strategy": {"type": "RollingUpdate",
                              "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}}
                """));
  }

  @Test
  void wl_DEF_10_replicaSets() {
    KubeObject replicaSet =
        cluster.create(
            """
            {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: r, namespace: default},
             spec: {selector: {matchLabels: {a: b}},
                    template: {metadata: {labels: {a: b}},
                               spec: {containers: [{name: c, image: i}]}}}}
            """);
    assertThat(replicaSet.spec().get("replicas")).isEqualTo(1L);
    assertThat(replicaSet.status()).isEqualTo(KubeMap.of("replicas", 0L));
  }

  @Test
  void wl_DEF_17_aNewPodIsPendingWithItsQualityOfService() {
    KubeObject pod = pod("{containers: [{name: c, image: i}]}");
    assertThat(pod.status()).isEqualTo(KubeMap.of("phase", "Pending", "qosClass", "BestEffort"));
    assertThat(pod.generation()).isEqualTo(1);
    KubeList containers =
        pod.spec()
            .listOrEmpty("containers")
            .with(0, first(pod.spec(), "containers").with("image", "j"));
    KubeObject changed =
        cluster.server.update(cluster.typeOf(pod), pod.with(containers, "spec", "containers"));
    assertThat(changed.generation()).isEqualTo(2);
  }

  @Test
  void wl_DEF_18_aPodBearsABadNodeForFiveMinutes() {
    KubeMap pod = pod("{containers: [{name: c, image: i}]}").spec();
    assertThat(pod.get("tolerations"))
        .isEqualTo(
            Json.read(
                """
                [{"key": "node.kubernetes.io/not-ready", "operator": "Exists",
                  "effect": "NoExecute", "tolerationSeconds": 300},
                 {"key": "node.kubernetes.io/unreachable", "operator": "Exists",
                  "effect": "NoExecute", "tolerationSeconds": 300}]
                """));
  }

  @Test
  void wl_DEF_18_unlessItToleratesTheKeyAlready() {
    KubeMap pod =
        pod("""
                {containers: [{name: c, image: i}],
                 tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists}]}
                """)
            .spec();
    assertThat(pod.listOrEmpty("tolerations").maps())
        .extracting(toleration -> toleration.get("key"))
        .containsExactly("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
  }

  @Test
  void wl_DEF_19_aPodMountsTheTokenOfItsServiceAccount() {
    KubeMap pod = pod("{containers: [{name: c, image: i}]}").spec();
    KubeMap volume = first(pod, "volumes");
    assertThat(pod.get("serviceAccountName")).isEqualTo("default");
    assertThat(pod.get("serviceAccount")).isEqualTo("default");
    assertThat(volume.string("name", ""))
        .matches("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(volume.get("projected"))
        .isEqualTo(
            json(
                """
                {"defaultMode": 420, "sources": [
                  {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                  {"configMap": {"name": "kube-root-ca.crt",
                                 "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                  {"downwardAPI": {"items": [{"path": "namespace", "fieldRef":
                    {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]}
                """));
    assertThat(first(first(pod, "containers"), "volumeMounts"))
        .isEqualTo(
            KubeMap.of(
                "name",
                volume.get("name"),
                "readOnly",
                true,
                "mountPath",
                "/var/run/secrets/kubernetes.io/serviceaccount"));
  }

  @Test
  void api_A_189_aPodOrItsAccountMayDoWithoutTheToken() {
    String containers = "containers: [{name: c, image: i}]";
    assertThat(pod("{automountServiceAccountToken: false, " + containers + "}").spec())
        .matches(spec -> !spec.has("volumes"));
    cluster.create(
        """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: shy, namespace: default},
         automountServiceAccountToken: false}
        """);
    KubeObject sent =
        yaml(
            "{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: default}, spec: {%s}}"
                .formatted("serviceAccountName: shy, " + containers));
    assertThat(cluster.server.create(cluster.typeOf(sent), sent).spec().has("volumes")).isFalse();
  }

  @Test
  void wl_DEF_20_aPodWithoutClassHasPriorityZero() {
    KubeMap pod = pod("{containers: [{name: c, image: i}]}").spec();
    assertThat(pod.get("priority")).isEqualTo(0L);
    assertThat(pod.get("preemptionPolicy")).isEqualTo("PreemptLowerPriority");
  }

  @ParameterizedTest
  @CsvSource({"system-cluster-critical, 2000000000", "system-node-critical, 2000001000"})
  void wl_DEF_20_theClassesOfTheSystem(String name, long priority) {
    KubeMap pod =
        pod("{priorityClassName: " + name + ", containers: [{name: c, image: i}]}").spec();
    assertThat(pod.get("priority")).isEqualTo(priority);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{limits: {cpu: 1, memory: 1Gi}} | {limits: {cpu: 1, memory: 1Gi}} | Guaranteed",
        "{limits: {cpu: 1, memory: 1Gi}} | {} | Burstable",
        "{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m}} | {limits: {cpu: 1, memory: 1Gi}}"
            + " | Burstable",
        "{limits: {cpu: 1}} | {limits: {cpu: 1}} | Burstable",
        "{requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}} | {} | BestEffort",
        "{} | {} | BestEffort"
      })
  void wl_DEF_21_theQualityOfServiceOfAPod(String one, String other, String qosClass) {
    KubeObject pod =
        pod(
            """
            {initContainers: [{name: init, image: i, resources: %s}],
             containers: [{name: c, image: i, resources: %s}]}
            """
                .formatted(one, other));
    assertThat(pod.status().get("qosClass")).isEqualTo(qosClass);
  }
}
