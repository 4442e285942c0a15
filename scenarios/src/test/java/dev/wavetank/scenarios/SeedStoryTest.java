package dev.wavetank.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.container.image.PersonalityReader;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.Balancer;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.ClusterBuilder;
import dev.wavetank.scenarios.cluster.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the book chapter behind this project shows, on its one-node cluster, row by row. */
class SeedStoryTest {

  private static final String IMAGE =
      "385605022855.dkr.ecr.us-east-1.amazonaws.com/docker-in-aws/todobackend";
  private static final Pattern POD_NAME =
      Pattern.compile("todobackend-7bd78578bd-([bcdfghjklmnpqrstvwxz2456789]{5})");

  private final Cluster cluster = start(Balancer.ROUND_ROBIN);

  private static Cluster start(Balancer balancer) {
    ClusterBuilder builder =
        Cluster.builder().dockerDesktop().seed(1).uptime(Duration.ofHours(8)).balancer(balancer);
    Cluster cluster = builder.start();
    Kubelet kubelet = cluster.kubelets().find("docker-desktop");
    assertThat(kubelet).isNotNull();
    kubelet.nextPodIp(IpAddress.parse("10.1.0.27"));
    kubelet.runtime().preload(IMAGE);
    return cluster;
  }

  private static String manifest(String name) {
    try {
      return new String(Library.read("manifests/" + name), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Output kubectl(String line, String stdin) {
    return cluster.kubectl(line, stdin, "default", FileSource.NONE);
  }

  private String kubectl(String line) {
    return cluster.kubectl(line).stdout();
  }

  private String apply(String text) {
    return kubectl("apply -f -", text).stdout();
  }

  private void image(String yaml) {
    cluster.images().add(PersonalityReader.read("image.yaml", yaml));
  }

  private void run(long seconds) {
    cluster.run(Duration.ofSeconds(seconds));
  }

  private void until(String line, String part) {
    assertThat(cluster.runUntil(() -> kubectl(line).contains(part), Duration.ofMinutes(5)))
        .as(line + " prints " + part)
        .isTrue();
  }

  private void deployed() {
    apply(manifest("todobackend.yaml"));
    until("get deployments", "2/2");
    run(5);
  }

  private void pod() {
    assertThat(apply(manifest("todobackend-pod.yaml"))).isEqualTo("pod/todobackend created\n");
  }

  @Test
  void seed_S_01_aPodBecomesRunning() {
    pod();
    assertThat(kubectl("get pods"))
        .isEqualTo(
            """
            NAME          READY   STATUS    RESTARTS   AGE
            todobackend   0/1     Pending   0          0s
            """);
    run(46);
    assertThat(kubectl("get pods"))
        .isEqualTo(
            """
            NAME          READY   STATUS    RESTARTS   AGE
            todobackend   1/1     Running   0          46s
            """);
  }

  @Test
  void seed_S_02_theContainerEngineShowsTheContainer() {
    pod();
    until("get pods", "1/1");
    run(16);
    String printed =
        cluster.dockerPs("docker-desktop", "{{ .ID }}: {{ .Command }} ({{ .Status }})");
    String id =
        kubectl("get pod todobackend -o jsonpath={.status.containerStatuses[0].containerID}")
            .replaceFirst("^[a-z]+://", "");
    assertThat(printed.lines().findFirst())
        .hasValue(id.substring(0, 12) + ": \"uwsgi --http=0.0.0.…\" (Up 16 seconds)");
  }

  @Test
  void seed_S_03_aContainerOfAPodPublishesNoPorts() {
    pod();
    until("get pods", "1/1");
    assertThat(cluster.dockerPs("docker-desktop", "Ports: {{ .Ports }}").lines())
        .isNotEmpty()
        .allMatch("Ports: "::equals);
    assertThat(cluster.connect("outside", "192.168.65.3", 8000).ok()).isFalse();
  }

  @Test
  void seed_S_07_theApplicationIsOnlyHalfAlive() {
    pod();
    until("get pods", "1/1");
    run(2);
    assertThat(status("10.1.0.27", 8000, "/")).isEqualTo(200);
    assertThat(status("10.1.0.27", 8000, "/static/x.css")).isEqualTo(404);
    assertThat(status("10.1.0.27", 8000, "/todos/1")).isGreaterThanOrEqualTo(500);
  }

  private int status(String host, int port, String path) {
    return cluster.get("node/docker-desktop", host, port, path).response().status();
  }

  @Test
  void seed_S_09_aBarePodIsNotReplaced() {
    pod();
    until("get pods", "1/1");
    assertThat(kubectl("delete pods/todobackend --wait=false"))
        .isEqualTo("pod \"todobackend\" deleted from default namespace\n");
    assertThat(kubectl("get pods")).contains("1/1     Terminating");
    run(30);
    assertThat(kubectl("get pods")).isEmpty();
    run(600);
    assertThat(kubectl("get pods")).isEmpty();
  }

  @Test
  void seed_S_10_theDeploymentIsApplied() {
    Output output = kubectl("apply -f -", manifest("todobackend-deployment.yaml"));
    assertThat(output.stdout()).isEqualTo("deployment.apps/todobackend created\n");
    assertThat(output.exitCode()).isZero();
  }

  @Test
  void seed_S_11_replicasBecomeReadyOneAfterTheOther() {
    apply(manifest("todobackend-deployment.yaml"));
    TreeSet<String> rows = new TreeSet<>();
    cluster.runUntil(
        () -> {
          String row = kubectl("get deployments --no-headers").replaceAll(" +", " ");
          rows.add(row.replaceFirst(" [^ ]+\\n$", ""));
          return row.contains(" 2/2 ");
        },
        Duration.ofMinutes(1));
    assertThat(rows).contains("todobackend 0/2 2 0", "todobackend 1/2 2 1", "todobackend 2/2 2 2");
    run(100);
    assertThat(kubectl("get deployments"))
        .startsWith("NAME          READY   UP-TO-DATE   AVAILABLE   AGE\n")
        .containsPattern("todobackend   2/2     2            2           10[01]s\n");
  }

  @Test
  void seed_S_12_podsHaveOneHashAndNamesOfTheirOwn() {
    deployed();
    TreeSet<String> suffixes = new TreeSet<>();
    POD_NAME.matcher(kubectl("get pods")).results().forEach(name -> suffixes.add(name.group(1)));
    assertThat(suffixes).hasSize(2);
    assertThat(kubectl("get replicasets"))
        .startsWith("NAME                     DESIRED   CURRENT   READY   AGE\n")
        .contains("todobackend-7bd78578bd   2         2         2");
  }

  @Test
  void seed_S_13_podsAreMatchedByLabels() {
    deployed();
    assertThat(kubectl("get pods --show-labels"))
        .contains("app=todobackend,pod-template-hash=7bd78578bd");
    String mismatch =
        manifest("todobackend-deployment.yaml")
            .replace("name: todobackend\n  labels", "name: other\n  labels")
            .replace("matchLabels:\n      app: todobackend", "matchLabels:\n      app: other");
    assertThat(kubectl("apply -f -", mismatch).stderr())
        .contains(
            "spec.template.metadata.labels: Invalid value: {\"app\":\"todobackend\"}:"
                + " `selector` does not match template `labels`");
  }

  @Test
  void seed_S_14_theReplicaCountIsKept() {
    deployed();
    String pod = kubectl("get pods -o name").lines().findFirst().orElseThrow();
    kubectl("delete " + pod + " --wait=false");
    run(1);
    assertThat(kubectl("get pods").lines()).filteredOn(line -> line.contains("Running")).hasSize(2);
    assertThat(kubectl("scale deploy/todobackend --replicas=3"))
        .isEqualTo("deployment.apps/todobackend scaled\n");
    until("get deployments", "3/3");
    kubectl("scale deploy/todobackend --replicas=0");
    until("get deployments", "0/0");
  }

  @Test
  void seed_S_15_readinessGatesTraffic() {
    image(
        """
            image: slow
            ports: [{port: 8000, after: 25s}]
            http: [{path: /, body: ok}]
            """);
    apply(
        manifest("todobackend.yaml")
            .replace(IMAGE, "slow")
            .replaceFirst("(?s)livenessProbe:.*?command:", "command:")
            .replaceFirst("(?s)command:.*?env:", "env:"));
    run(24);
    assertThat(kubectl("get pods")).contains("0/1     Running");
    assertThat(kubectl("get endpoints todobackend")).doesNotContain(":8000");
    assertThat(cluster.connect("node/docker-desktop", "10.103.210.17", 80).ok()).isFalse();
    until("get deployments", "2/2");
    run(5);
    assertThat(cluster.connect("node/docker-desktop", "10.103.210.17", 80).ok()).isTrue();
  }

  @Test
  void seed_S_16_aContainerThatHangsIsRestartedByItsLivenessProbe() {
    image(
        """
            image: hangs
            ports: [{port: 8000}]
            http: [{path: /, body: ok, until: 30s}, {path: /, latency: 1h}]
            """);
    apply(
        manifest("todobackend-deployment.yaml")
            .replace(IMAGE, "hangs")
            .replaceFirst("(?s)command:.*?env:", "env:"));
    until("get pods", "1/1");
    run(30);
    assertThat(kubectl("get pods")).contains("Running   0");
    run(35);
    assertThat(kubectl("get pods")).contains("Running   1 (");
    assertThat(kubectl("get events"))
        .contains("Container todobackend failed liveness probe, will be restarted");
  }

  @Test
  void seed_S_17_aBrokenVersionKeepsTheOldPodsServingUntilItIsUndone() {
    deployed();
    kubectl("set image deployment/todobackend todobackend=" + IMAGE + ":broken");
    run(60);
    assertThat(kubectl("get deployments")).contains("2/2     1            2");
    assertThat(cluster.get("node/docker-desktop", "10.103.210.17", 80, "/").ok()).isTrue();
    run(600);
    assertThat(kubectl("describe deployment todobackend"))
        .containsPattern("Progressing +False +ProgressDeadlineExceeded");
    assertThat(kubectl("rollout undo deployment/todobackend"))
        .isEqualTo("deployment.apps/todobackend rolled back\n");
    assertThat(kubectl("rollout status deployment/todobackend"))
        .endsWith("deployment \"todobackend\" successfully rolled out\n");
    assertThat(kubectl("get replicasets")).contains("todobackend-7bd78578bd   2         2");
  }

  @Test
  void seed_S_21_severalObjectsOfAFileAreAppliedInItsOrder() {
    apply(manifest("todobackend-deployment.yaml"));
    assertThat(apply(manifest("todobackend.yaml")))
        .isEqualTo("service/todobackend created\ndeployment.apps/todobackend unchanged\n");
    assertThat(apply(manifest("todobackend.yaml")))
        .isEqualTo("service/todobackend unchanged\ndeployment.apps/todobackend unchanged\n");
  }

  @Test
  void seed_S_22_servicesAreListed() {
    apply(manifest("todobackend.yaml"));
    run(6);
    assertThat(kubectl("get svc"))
        .isEqualTo(
            """
            NAME          TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)   AGE
            kubernetes    ClusterIP   10.96.0.1       <none>        443/TCP   8h
            todobackend   ClusterIP   10.103.210.17   <none>        80/TCP    6s
            """);
  }

  private static String service(String name, String more) {
    return "apiVersion: v1\nkind: Service\nmetadata: {name: "
        + name
        + "}\nspec: {ports: [{port: 80}]"
        + more
        + "}\n---\n";
  }

  @Test
  void seed_S_23_eachServiceHasItsOwnVirtualIpForEver() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      many.append(service("s" + i, ""));
    }
    apply(many.toString());
    TreeSet<IpAddress> addresses = new TreeSet<>();
    kubectl("get svc -o jsonpath={.items[*].spec.clusterIP}")
        .transform(text -> ImmutableList.copyOf(text.trim().split(" ")))
        .forEach(text -> addresses.add(IpAddress.parse(text)));
    assertThat(addresses).hasSize(1001);
    assertThat(addresses)
        .allMatch(ip -> ip.toString().matches("10\\.(9[6-9]|10[0-9]|11[01])\\..*"));
    apply(manifest("todobackend.yaml"));
    assertThat(
            kubectl(
                    "apply -f -",
                    manifest("todobackend.yaml").replace("10.103.210.17", "10.103.210.18"))
                .stderr())
        .contains(
            "spec.clusterIPs[0]: Invalid value: [\"10.103.210.18\"]: may not change once set");
    assertThat(kubectl("apply -f -", service("other", ", clusterIP: 10.103.210.17")).stderr())
        .contains("failed to allocate IP 10.103.210.17: provided IP is already allocated");
  }

  @Test
  void seed_S_24_endpointsAreTheReadyPods() {
    deployed();
    Output endpoints = cluster.kubectl("get endpoints");
    assertThat(endpoints.stdout())
        .startsWith("NAME          ENDPOINTS                       AGE\n")
        .contains("kubernetes    192.168.65.3:6443               8h\n")
        .contains("todobackend   10.1.0.27:8000,10.1.0.28:8000   ");
    assertThat(endpoints.stderr())
        .isEqualTo(
            "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1"
                + " EndpointSlice\n");
    assertThat(kubectl("get endpointslices"))
        .containsPattern("NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\n")
        .containsPattern("todobackend-.{5} +IPv4 +8000 +10.1.0.2[78],10.1.0.2[78] ");
    kubectl("scale deploy/todobackend --replicas=0");
    until("get deployments", "0/0");
    run(40);
    assertThat(kubectl("get endpoints todobackend")).contains("todobackend   <none>");
    assertThat(kubectl("get endpointslices"))
        .containsPattern("todobackend-.{5} +IPv4 +<unset> +<unset> ");
  }

  @Test
  void seed_S_25_aServiceIsDescribed() {
    deployed();
    assertThat(kubectl("describe svc todobackend"))
        .isEqualTo(
            """
            Name:                     todobackend
            Namespace:                default
            Labels:                   <none>
            Annotations:              <none>
            Selector:                 app=todobackend
            Type:                     ClusterIP
            IP Family Policy:         SingleStack
            IP Families:              IPv4
            IP:                       10.103.210.17
            IPs:                      10.103.210.17
            Port:                     <unset>  80/TCP
            TargetPort:               8000/TCP
            Endpoints:                10.1.0.27:8000,10.1.0.28:8000
            Session Affinity:         None
            Internal Traffic Policy:  Cluster
            Events:                   <none>
            """);
  }

  private static Map<String, Integer> spread(Cluster cluster, int connections) {
    Map<String, Integer> spread = new TreeMap<>();
    for (int i = 0; i < connections; i++) {
      Reach reach = cluster.connect("node/docker-desktop", "10.103.210.17", 80);
      assertThat(reach.ok()).isTrue();
      spread.merge(reach.endpoint(), 1, Integer::sum);
    }
    return spread;
  }

  @Test
  void seed_S_27_roundRobinAlternates() {
    deployed();
    String last = "";
    for (int i = 0; i < 100; i++) {
      String endpoint = cluster.connect("node/docker-desktop", "10.103.210.17", 80).endpoint();
      assertThat(endpoint).isNotEmpty().isNotEqualTo(last);
      last = endpoint;
    }
  }

  @Test
  void seed_S_27_randomIsEvenInTheLongRunOnly() {
    Cluster random = start(Balancer.RANDOM);
    random.kubectl("apply -f -", manifest("todobackend.yaml"), "default", FileSource.NONE);
    random.run(Duration.ofSeconds(60));
    Map<String, Integer> spread = spread(random, 10_000);
    assertThat(spread).hasSize(2);
    double chiSquare = 0;
    for (int count : spread.values()) {
      chiSquare += (count - 5000.0) * (count - 5000.0) / 5000.0;
    }
    // One degree of freedom, at 0.001.
    assertThat(chiSquare).isLessThan(10.83).isGreaterThan(0);
  }

  @Test
  void seed_S_34_aNodePortIsAnEntryOnEveryNode() {
    deployed();
    String type = "{\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":%d}]}}";
    assertThat(kubectl("patch svc todobackend -p '" + type.formatted(31543) + "'", "").exitCode())
        .isZero();
    run(5);
    assertThat(kubectl("get svc todobackend --no-headers"))
        .startsWith("todobackend   NodePort   10.103.210.17   <none>   80:31543/TCP");
    assertThat(cluster.get("outside", "192.168.65.3", 31543, "/").response().status())
        .isEqualTo(200);
    assertThat(kubectl("patch svc todobackend -p '" + type.formatted(80) + "'", "").stderr())
        .contains(
            "provided port is not in the valid range. The range of valid ports is 30000-32767");
  }

  @Test
  void seed_S_34_aNodeWithoutAPodIsAnEntryToo() {
    Cluster three = Cluster.builder().nodes(3).seed(1).start();
    String onOneNode =
        manifest("todobackend.yaml")
            .replace("replicas: 2", "replicas: 1")
            .replace("  clusterIP:", "  type: NodePort\n  clusterIP:")
            .replace("targetPort: 8000", "targetPort: 8000\n    nodePort: 31543");
    three.kubectl("apply -f -", onOneNode, "default", FileSource.NONE);
    three.run(Duration.ofSeconds(60));
    for (String node : ImmutableList.of("172.18.0.3", "172.18.0.4", "172.18.0.5")) {
      assertThat(three.get("outside", node, 31543, "/").ok()).as(node).isTrue();
    }
    three.crashNode("node-2");
    assertThat(three.connect("outside", "172.18.0.4", 31543).ok()).isFalse();
  }

  @Test
  void seed_S_35_aLoadBalancerWaitsForAProvider() {
    deployed();
    kubectl("patch svc todobackend -p '{\"spec\":{\"type\":\"LoadBalancer\"}}'", "");
    run(60);
    assertThat(kubectl("get svc todobackend"))
        .containsPattern("todobackend   LoadBalancer   10.103.210.17   <pending>     80:3[0-2]");
  }
}
