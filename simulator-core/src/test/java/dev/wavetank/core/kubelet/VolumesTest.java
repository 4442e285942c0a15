package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramOutput;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What containers find in the volumes of their pods. */
class VolumesTest {

  private static final long SECOND = KubeletCluster.SECOND;

  private final KubeletCluster cluster = new KubeletCluster();

  private void busybox(String pod, String volumes, String mounts) {
    String container =
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, 1d]
          volumeMounts:
        """;
    cluster.pod(pod, container + mounts.indent(2) + "volumes:\n" + volumes.stripTrailing());
    cluster.simulation.runUntil(cluster.simulation.now() + 5 * SECOND);
  }

  private Container container(String pod) {
    KubeObject object = cluster.server.get(KubeletCluster.key(pod));
    for (Kubelet kubelet : cluster.kubelets.all()) {
      for (PodWorker worker : kubelet.workers()) {
        if (worker.uid().equals(object.uid()) && worker.sandbox() != null) {
          return worker.sandbox().running().get(0);
        }
      }
    }
    throw new AssertionError("pod " + pod + " does not run: " + object.status());
  }

  private String sh(String pod, String script) {
    ProgramOutput[] output = new ProgramOutput[1];
    container(pod).exec(List.of("sh", "-c", script), end -> output[0] = end);
    return output[0].combined();
  }

  private void later(long seconds) {
    cluster.simulation.runUntil(cluster.simulation.now() + seconds * SECOND);
  }

  private void configMap(String data) {
    String head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n";
    cluster.create(head + data.indent(2));
  }

  private void change(String key, String value) {
    ObjectKey conf = ObjectKey.of(ResourceType.CONFIG_MAPS, "default", "conf");
    cluster.server.update(conf.type(), cluster.server.get(conf).with(value, "data", key));
  }

  @Test
  void emptyDirIsSharedInThePodAndGoesWithIt() {
    cluster.pod(
        """
        initContainers:
        - name: i
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, echo hello > /job/f]
          volumeMounts: [{name: v, mountPath: /job}]
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, 1d]
          volumeMounts: [{name: v, mountPath: /data, readOnly: true}, {name: m, mountPath: /m}]
        volumes:
        - {name: v, emptyDir: {}}
        - {name: m, emptyDir: {medium: Memory}}
        """);
    later(8);
    assertThat(sh("p", "cat /data/f; echo x > /data/g; mount | grep -c tmpfs.on./m"))
        .isEqualTo("hello\n1\nsh: can't create /data/g: Read-only file system\n");
  }

  @Test
  void configMapVolumesShowKeysOrItemsWithTheirModes() {
    configMap("a.txt: one\nb.txt: two\n");
    busybox(
        "all",
        "- {name: v, configMap: {name: conf, defaultMode: 0400}}",
        "- {name: v, mountPath: /etc/conf}");
    assertThat(sh("all", "ls -l /etc/conf | cut -c1-10; cat /etc/conf/*"))
        .isEqualTo("total 8\n-r--------\n-r--------\nonetwo");
    assertThat(sh("all", "touch /etc/conf/new"))
        .isEqualTo("touch: /etc/conf/new: Read-only file system\n");
    busybox(
        "some",
        """
        - name: v
          configMap:
            name: conf
            items: [{key: b.txt, path: deep/b.conf, mode: 0755}]
        """,
        "- {name: v, mountPath: /c}");
    assertThat(sh("some", "find /c; stat -c %a /c/deep/b.conf"))
        .isEqualTo("/c\n/c/deep\n/c/deep/b.conf\n755\n");
  }

  @Test
  void secretsAreDecoded() {
    String encoded = Base64.getEncoder().encodeToString("s3cr3t".getBytes(StandardCharsets.UTF_8));
    cluster.create(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\ndata: {password: " + encoded + "}\n");
    busybox("p", "- {name: v, secret: {secretName: key}}", "- {name: v, mountPath: /etc/secret/}");
    assertThat(sh("p", "cat /etc/secret/password")).isEqualTo("s3cr3t");
  }

  @Test
  void updatesArriveWithTheNextSyncButNotThroughASubPath() {
    configMap("a: one\nb: two\n");
    busybox(
        "p",
        "- {name: v, configMap: {name: conf}}",
        "- {name: v, mountPath: /whole}\n- {name: v, mountPath: /single, subPath: a}");
    change("a", "new");
    assertThat(sh("p", "cat /whole/a /single")).isEqualTo("oneone");
    later(VolumeFiles.RESYNC_SECONDS_MAX + 1);
    assertThat(sh("p", "cat /whole/a /single")).isEqualTo("newone");
  }

  @Test
  void whatIsOptionalNeedNotBeThere() {
    busybox(
        "p",
        "- {name: v, configMap: {name: absent, optional: true}}",
        "- {name: v, mountPath: /etc/conf}");
    assertThat(sh("p", "ls -A /etc/conf | wc -l")).isEqualTo("0\n");
  }

  @Test
  void whatIsRequiredIsWaitedFor() {
    busybox("p", "- {name: v, configMap: {name: conf}}", "- {name: v, mountPath: /c}");
    assertThat(cluster.server.get(KubeletCluster.key("p")).status().string("phase", ""))
        .isEqualTo("Pending");
    configMap("a: one\n");
    later(10);
    assertThat(sh("p", "cat /c/a")).isEqualTo("one");
  }

  @Test
  void projectedVolumeOfTheServiceAccount() {
    cluster.create("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n");
    cluster.create(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: root}\ndata: {ca.crt: CERTIFICATE}\n");
    busybox(
        "p",
        """
        - name: v
          projected:
            sources:
            - serviceAccountToken: {path: token, expirationSeconds: 600, audience: vault}
            - configMap: {name: root, items: [{key: ca.crt, path: ca.crt}]}
            - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
        """,
        "- {name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}");
    String place = "cd /var/run/secrets/kubernetes.io/serviceaccount; ";
    assertThat(sh("p", place + "ls; cat namespace ca.crt"))
        .isEqualTo("ca.crt\nnamespace\ntoken\ndefaultCERTIFICATE");
    String claims = sh("p", place + "cut -d. -f2 token").trim();
    String text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\"aud\":[\"vault\"]", "\"sub\":\"system:serviceaccount:default:default\"");
  }

  @Test
  void downwardApiTellsOfThePodAndFollowsIt() {
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: p
          labels: {tier: front, app: web}
          annotations: {note: "say \\"hi\\""}
        spec:
          containers:
          - name: c
            image: busybox
            imagePullPolicy: IfNotPresent
            command: [sleep, 1d]
            resources: {limits: {cpu: 1500m, memory: 64Mi}}
            volumeMounts: [{name: v, mountPath: /info}]
          volumes:
          - name: v
            downwardAPI:
              items:
              - {path: labels, fieldRef: {fieldPath: metadata.labels}}
              - {path: notes, fieldRef: {fieldPath: metadata.annotations}}
              - {path: name, fieldRef: {fieldPath: metadata.name}}
              - path: cpu
                resourceFieldRef: {containerName: c, resource: limits.cpu, divisor: 1m}
              - path: memory
                resourceFieldRef: {containerName: c, resource: limits.memory, divisor: 1Mi}
        """);
    later(5);
    assertThat(
            sh(
                "p",
                "cd /info; cat labels; echo; cat notes; echo; cat name; echo; cat cpu; echo; cat memory"))
        .isEqualTo("app=\"web\"\ntier=\"front\"\nnote=\"say \\\"hi\\\"\"\np\n1500\n64");
    KubeObject pod = cluster.get();
    cluster.server.update(ResourceType.PODS, pod.with("db", "metadata", "labels", "app"));
    later(2);
    assertThat(sh("p", "head -n 1 /info/labels")).isEqualTo("app=\"db\"\n");
  }

  @Test
  void hostPathIsTheNodesAndOutlivesThePod() {
    String volume = "- {name: v, hostPath: {path: /data, type: DirectoryOrCreate}}";
    busybox("one", volume, "- {name: v, mountPath: /d}");
    sh("one", "echo kept > /d/f");
    busybox("two", volume, "- {name: v, mountPath: /x, subPath: f}");
    assertThat(sh("two", "cat /x")).isEqualTo("kept\n");
    busybox("logs", "- {name: v, hostPath: {path: /var/log}}", "- {name: v, mountPath: /host/log}");
    assertThat(sh("logs", "ls /host/log")).isEqualTo("pods\n");
  }

  @Test
  void hostPathOfAnotherTypeIsNotMounted() {
    busybox(
        "p", "- {name: v, hostPath: {path: /nope, type: Directory}}", "- {name: v, mountPath: /d}");
    assertThat(cluster.events())
        .anyMatch(
            line ->
                line.contains("FailedMount")
                    && line.contains(
                        "MountVolume.SetUp failed for volume \"v\" : hostPath type check failed:"
                            + " /nope is not a directory"));
  }

  @Test
  void contentOfAClaimSurvivesThePod() {
    String volume = "- {name: v, persistentVolumeClaim: {claimName: data}}";
    busybox("one", volume, "- {name: v, mountPath: /data}");
    sh("one", "echo kept > /data/f");
    busybox("two", volume, "- {name: v, mountPath: /data}");
    assertThat(sh("two", "cat /data/f")).isEqualTo("kept\n");
  }

  @Test
  void subPathExpressionsUseTheEnvironment() {
    cluster.pod(
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, "echo x > /logs/f; sleep 1d"]
          env: [{name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          volumeMounts:
          - {name: v, mountPath: /logs, subPathExpr: "of-$(NAME)"}
          - {name: v, mountPath: /all}
        volumes: [{name: v, emptyDir: {}}]
        """);
    later(5);
    assertThat(sh("p", "find /all -type f")).isEqualTo("/all/of-p/f\n");
  }
}
