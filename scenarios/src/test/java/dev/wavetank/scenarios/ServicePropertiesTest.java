package dev.wavetank.scenarios;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * Laws of Services in clusters to which many things happen: a ready endpoint is a Ready pod within
 * the modelled lag; once nothing happens any more every connection succeeds, and round robin is
 * even to within one.
 */
class ServicePropertiesTest {

  private static final String CLUSTER =
      """
      scenario: A random cluster
      cluster: {nodes: 3, uptime: 20s, preloaded: [todobackend, busybox]}
      invariants: [replicas-within-bounds, ready-endpoints-are-ready-pods, pod-ips-are-unique]
      steps:
      - kubectl: run client --image=busybox --image-pull-policy=IfNotPresent -- sleep 1d
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec:
            type: NodePort
            selector: {app: web}
            ports: [{port: 80, targetPort: http, nodePort: 30080}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web}
          spec:
            replicas: %d
            selector: {matchLabels: {app: web}}
            template:
              metadata: {labels: {app: web}}
              spec:
                terminationGracePeriodSeconds: 5
                containers:
                - name: web
                  image: todobackend
                  imagePullPolicy: IfNotPresent
                  ports: [{name: http, containerPort: 8000}]
                  readinessProbe: {httpGet: {port: http}, periodSeconds: 2}
                  livenessProbe: {tcpSocket: {port: http}, periodSeconds: 3}
      """;

  /** Longer than any back-off, grace period or lag that the steps can begin. */
  private static final String QUIET = "- run: 6m\n";

  /**
   * What people and faults do. Changes of the template are a second apart: within the lag of its
   * informers the Deployment controller does not see the ReplicaSet that it has just created, and
   * creates the next one beside it at full surge, as upstream's does.
   */
  @Provide
  Arbitrary<List<String>> happenings() {
    Arbitrary<String> scale =
        Arbitraries.integers().between(1, 6).map(n -> "- scale: {deployment/web: " + n + "}\n");
    Arbitrary<String> rollout =
        Arbitraries.integers()
            .between(1, 1000)
            .map(n -> "- run: 1s\n- kubectl: set env deployment/web VERSION=" + n + "\n");
    Arbitrary<String> kill =
        Arbitraries.just(
            """
            - run: 10s
            - kubectl: rollout status deployment/web --timeout=10m
            - fault: {kill-container: "pods -l app=web"}
            - run: 1s
            """);
    Arbitrary<String> delete =
        Arbitraries.of("", " --force --grace-period=0")
            .map(how -> "- kubectl: delete pods -l app=web --wait=false" + how + "\n");
    Arbitrary<String> restart =
        Arbitraries.just("- run: 1s\n- kubectl: rollout restart deployment/web\n");
    Arbitrary<String> service =
        Arbitraries.of("Local", "Cluster")
            .map(
                policy ->
                    "- kubectl: patch service web -p '{\"spec\":{\"sessionAffinity\":\"None\","
                        + "\"internalTrafficPolicy\":\"Cluster\",\"externalTrafficPolicy\":\""
                        + policy
                        + "\"}}'\n");
    Arbitrary<String> pause =
        Arbitraries.integers().between(0, 8000).map(millis -> "- run: " + millis + "ms\n");
    return Arbitraries.frequencyOf(
            Tuple.of(3, scale),
            Tuple.of(2, rollout),
            Tuple.of(2, kill),
            Tuple.of(1, delete),
            Tuple.of(1, restart),
            Tuple.of(1, service),
            Tuple.of(4, pause))
        .list()
        .ofMaxSize(10);
  }

  private static void run(String text, long seed) {
    PassedRun.of("random.yaml", text, seed);
  }

  @Property(tries = 40)
  void inAQuietClusterEveryConnectionSucceedsAndRoundRobinIsEven(
      @ForAll("happenings") List<String> happenings,
      @ForAll @IntRange(min = 1, max = 5) int replicas) {
    String connections =
        """
        - wait-for: {ready: {deployment/web: ">= 1", pod/client: 1}}
        - connect: {from: pod/client, to: "web:80", path: /, status: 200, times: 13, spread: even}
        - kubectl: patch service web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'
        - run: 5s
        - connect: {from: outside, to: "172.18.0.4:30080", path: /, status: 200, times: 7}
        - connect: {from: node/node-3, to: "10.96.0.10:9153", times: 7}
        """;
    run(
        CLUSTER.formatted(replicas) + String.join("", happenings) + QUIET + connections,
        happenings.size());
  }
}
