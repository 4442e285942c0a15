package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Two pods that answer {@code web}, their Service, and a pod that asks for them by a proxy. */
final class WebBehindProxy {

  static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: web, image: hashicorp/http-echo, args: [-text=web], ports: [{containerPort: 5678}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: 5678}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        containers:
        - {name: client, image: busybox, command: [sleep, "86400"]}
      """;

  private WebBehindProxy() {}

  /**
   * The answer that the client gets from a proxy.
   *
   * @param proxy name of its Service
   * @param header Host of the request
   */
  static HttpResponse get(Cluster cluster, String proxy, int port, String header, String path) {
    HttpSession session =
        cluster.session("pod/client", proxy, port, header, HttpSession.Reuse.NONE);
    AtomicReference<Reach> reach = new AtomicReference<>();
    cluster
        .simulation()
        .act("user/get", path, () -> session.send(path, Duration.ofSeconds(30), reach::set));
    cluster.runUntil(() -> reach.get() != null, Duration.ofSeconds(60));
    return reach.get().response();
  }
}
