package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import org.junit.jupiter.api.Test;

/** What a container finds in its environment, and what happens when that cannot be made. */
class ContainerEnvironmentTest {

  private final KubeletCluster cluster = new KubeletCluster();

  private KubeMap env(String more) {
    cluster.app(more);
    cluster.until("runs", c -> c.phase().equals("Running"));
    return cluster.running().env();
  }

  @Test
  void literalValuesAndReferencesToWhatIsDeclaredBefore() {
    KubeMap env =
        env(
            """
            env:
            - {name: A, value: one}
            - {name: B, value: "$(A)-$(C)-$$(A)-$(KUBERNETES_SERVICE_PORT)"}
            - {name: C, value: three}
            """);
    assertThat(env.get("B")).isEqualTo("one-$(C)-$(A)-443");
    assertThat(env.keyAt(0)).isEqualTo("A");
  }

  @Test
  void fieldsOfThePod() {
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, labels: {app: web}, annotations: {note: text}}
        spec:
          containers:
          - name: c
            image: app
            imagePullPolicy: IfNotPresent
            env:
            - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: HOST, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: ACCOUNT, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}}
            - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
            - {name: NOTE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['note']"}}}
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    KubeMap env = cluster.running().env();
    assertThat(env.get("NAME")).isEqualTo("p");
    assertThat(env.get("NAMESPACE")).isEqualTo("default");
    assertThat(env.get("IP")).isEqualTo("10.1.0.2");
    assertThat(env.get("HOST")).isEqualTo("192.168.65.10");
    assertThat(env.get("NODE")).isEqualTo("node-1");
    assertThat(env.get("ACCOUNT")).isEqualTo("default");
    assertThat(env.get("LABEL")).isEqualTo("web");
    assertThat(env.get("NOTE")).isEqualTo("text");
  }

  @Test
  void resourcesInUnitsOfTheDivisorRoundedUp() {
    KubeMap env =
        env(
            """
            resources: {requests: {cpu: 250m, memory: 100Mi}}
            env:
            - {name: CPU, valueFrom: {resourceFieldRef: {resource: requests.cpu}}}
            - {name: MILLI, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
            - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: requests.memory}}}
            - {name: GIBI, valueFrom: {resourceFieldRef: {resource: requests.memory, divisor: 1Gi}}}
            - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
            - {name: LIMIT_MI, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
            """);
    assertThat(env.get("CPU")).isEqualTo("1");
    assertThat(env.get("MILLI")).isEqualTo("250");
    assertThat(env.get("MEMORY")).isEqualTo("104857600");
    assertThat(env.get("GIBI")).isEqualTo("1");
    assertThat(env.get("LIMIT")).isEqualTo("4");
    assertThat(env.get("LIMIT_MI")).isEqualTo("16284");
  }

  @Test
  void configMapsAndSecrets() {
    cluster.create(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: cm}
        data: {color: blue, size: "3"}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: s}
        data: {password: aHVudGVyMg==}
        """);
    KubeMap env =
        env(
            """
            envFrom:
            - {configMapRef: {name: cm}, prefix: CM_}
            - {secretRef: {name: s}}
            - {configMapRef: {name: none, optional: true}}
            env:
            - {name: COLOR, valueFrom: {configMapKeyRef: {name: cm, key: color}}}
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: s, key: password}}}
            - {name: NONE, valueFrom: {configMapKeyRef: {name: cm, key: none, optional: true}}}
            """);
    assertThat(env.get("CM_color")).isEqualTo("blue");
    assertThat(env.get("CM_size")).isEqualTo("3");
    assertThat(env.get("password")).isEqualTo("hunter2");
    assertThat(env.get("COLOR")).isEqualTo("blue");
    assertThat(env.get("PASSWORD")).isEqualTo("hunter2");
    assertThat(env.has("NONE")).isFalse();
  }

  @Test
  void wl_KUBELET_14_aConfigMapThatIsNotThereIsACreateContainerConfigError() {
    cluster.app("env: [{name: A, valueFrom: {configMapKeyRef: {name: cm, key: k}}}]");
    cluster.until("error", c -> c.waitingReason("c").equals("CreateContainerConfigError"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message"))
        .isEqualTo("configmap \"cm\" not found");
    assertThat(cluster.events()).contains("Warning Failed Error: configmap \"cm\" not found");
    cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}, data: {k: v}}");
    double created = cluster.now();
    assertThat(cluster.until("runs", c -> c.phase().equals("Running")) - created).isLessThan(11.5);
  }

  @Test
  void wl_EVT_07_aKeyThatIsNotThere() {
    cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}, data: {k: v}}");
    cluster.app("env: [{name: A, valueFrom: {configMapKeyRef: {name: cm, key: other}}}]");
    cluster.until("error", c -> c.waitingReason("c").equals("CreateContainerConfigError"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message"))
        .isEqualTo("couldn't find key other in ConfigMap default/cm");
  }

  @Test
  void wl_EVT_07_aSecretThatIsNotThere() {
    cluster.app("envFrom: [{secretRef: {name: s}}]");
    cluster.until("error", c -> c.waitingReason("c").equals("CreateContainerConfigError"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message"))
        .isEqualTo("secret \"s\" not found");
  }

  private void mounts(String volume) {
    cluster.pod(
        """
        volumes: [%s]
        containers:
        - name: c
          image: app
          imagePullPolicy: IfNotPresent
          volumeMounts: [{name: v, mountPath: /v}]
        """
            .formatted(volume));
  }

  @Test
  void wl_EVT_07_aVolumeOfAConfigMapThatIsNotThereIsNotMounted() {
    mounts("{name: v, configMap: {name: cm}}");
    cluster.run(30);
    assertThat(cluster.events())
        .containsOnly(
            "Warning FailedMount MountVolume.SetUp failed for volume \"v\" : configmap \"cm\" not"
                + " found");
    assertThat(cluster.waitingReason("c")).isEqualTo("ContainerCreating");
    assertThat(cluster.phase()).isEqualTo("Pending");
    cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}, data: {k: v}}");
    // Tried after 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s.
    assertThat(cluster.until("runs", c -> c.phase().equals("Running"))).isBetween(31.5, 33.0);
  }

  @Test
  void wl_EVT_07_aVolumeWithAKeyThatIsNotThere() {
    cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}, data: {k: v}}");
    mounts("{name: v, configMap: {name: cm, items: [{key: x, path: x}]}}");
    cluster.run(1);
    assertThat(cluster.events())
        .containsOnly(
            "Warning FailedMount MountVolume.SetUp failed for volume \"v\" : configmap references"
                + " non-existent config key: x");
  }

  @Test
  void wl_EVT_07_anOptionalConfigMapNeedNotBeThere() {
    mounts("{name: v, configMap: {name: cm, optional: true}}");
    assertThat(cluster.until("runs", c -> c.phase().equals("Running"))).isLessThan(1);
  }

  @Test
  void aPodThatWaitsForAVolumeCanBeDeleted() {
    mounts("{name: v, secret: {secretName: s}}");
    cluster.run(200);
    assertThat(cluster.events())
        .containsOnly(
            "Warning FailedMount MountVolume.SetUp failed for volume \"v\" : secret \"s\" not"
                + " found");
    cluster.delete(-1);
    double asked = cluster.now();
    assertThat(cluster.until("gone", c -> c.find() == null) - asked).isLessThan(3);
  }

  @Test
  void net_V1_to_V3_variablesOfAService() {
    cluster.create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: todo-backend}
        spec:
          clusterIP: 10.96.44.55
          ports:
          - {name: http, port: 80, targetPort: 8000}
          - {name: dns-udp, port: 53, protocol: UDP}
        """);
    KubeMap env = env("");
    assertThat(env.get("TODO_BACKEND_SERVICE_HOST")).isEqualTo("10.96.44.55");
    assertThat(env.get("TODO_BACKEND_SERVICE_PORT")).isEqualTo("80");
    assertThat(env.get("TODO_BACKEND_SERVICE_PORT_HTTP")).isEqualTo("80");
    assertThat(env.get("TODO_BACKEND_SERVICE_PORT_DNS_UDP")).isEqualTo("53");
    assertThat(env.get("TODO_BACKEND_PORT")).isEqualTo("tcp://10.96.44.55:80");
    assertThat(env.get("TODO_BACKEND_PORT_80_TCP")).isEqualTo("tcp://10.96.44.55:80");
    assertThat(env.get("TODO_BACKEND_PORT_80_TCP_PROTO")).isEqualTo("tcp");
    assertThat(env.get("TODO_BACKEND_PORT_80_TCP_PORT")).isEqualTo("80");
    assertThat(env.get("TODO_BACKEND_PORT_80_TCP_ADDR")).isEqualTo("10.96.44.55");
    assertThat(env.get("TODO_BACKEND_PORT_53_UDP")).isEqualTo("udp://10.96.44.55:53");
  }

  @Test
  void net_V4_otherNamespacesAndHeadlessServicesAreLeftOut() {
    cluster.create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: elsewhere, namespace: kube-system}
        spec: {ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: headless}
        spec: {clusterIP: None, ports: [{port: 80}]}
        """);
    KubeMap env = env("");
    assertThat(env.keys())
        .allMatch(name -> name.startsWith("KUBERNETES_"))
        .contains("KUBERNETES_SERVICE_HOST");
  }

  @Test
  void net_V4_withoutServiceLinksOnlyKubernetes() {
    cluster.create(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}");
    cluster.pod(
        """
        enableServiceLinks: false
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    assertThat(cluster.running().env().has("WEB_SERVICE_HOST")).isFalse();
    assertThat(cluster.running().env().get("KUBERNETES_SERVICE_HOST")).isEqualTo("10.96.0.1");
  }

  @Test
  void net_V5_aServiceCreatedLaterIsSeenAfterARestart() {
    KubeMap env = env("");
    cluster.create(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}");
    assertThat(env.has("WEB_SERVICE_HOST")).isFalse();
    cluster.running().kill();
    cluster.until("restarted", c -> c.restarts("c") == 1);
    assertThat(cluster.running().env().has("WEB_SERVICE_HOST")).isTrue();
  }

  @Test
  void variablesInCommandAndArguments() {
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c]
          args: ["echo $(WHO)"]
          env: [{name: WHO, value: me}]
        """);
    cluster.until("over", c -> c.phase().equals("Succeeded"));
    assertThat(cluster.node().containers("default", "p").get(0).log()).containsExactly("me");
  }
}
