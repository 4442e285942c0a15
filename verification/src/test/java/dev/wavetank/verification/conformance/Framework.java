package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.LaterResponse;
import dev.wavetank.scenarios.cluster.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What each conformance test is given: a cluster, a client of its API server, and a namespace of
 * its own, which is complete when the test begins.
 *
 * <p>Follows test/e2e/framework/framework.go (v1.36).
 */
final class Framework {

  /** How long anything is waited for, in virtual time. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final ApiHandler handler;
  private final String namespace;

  private Framework(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.handler =
        new ApiHandler(
            cluster.api(), cluster.containerLogs(), cluster.podConnections(), "127.0.0.1:6443");
    this.namespace = namespace;
  }

  /** A fresh cluster with a namespace that begins with that name. */
  static Framework of(String baseName) {
    Framework framework =
        new Framework(Cluster.builder().nodes(2).start(), "e2e-" + baseName + "-1");
    framework.createNamespace(framework.namespace);
    return framework;
  }

  /** Creates a namespace and waits for what each namespace has. */
  KubeObject createNamespace(String name) {
    KubeObject created = resource("v1", "namespaces").create("{metadata: {name: " + name + "}}");
    Resource accounts = resourceIn(name, "v1", "serviceaccounts");
    Resource configMaps = resourceIn(name, "v1", "configmaps");
    await(() -> accounts.exists("default") && configMaps.exists("kube-root-ca.crt"));
    return created;
  }

  String namespace() {
    return namespace;
  }

  /** A resource of the cluster, or all objects of one that lives in namespaces. */
  Resource resource(String apiVersion, String plural) {
    return new Resource(this, "", apiVersion, plural);
  }

  /** A resource in the test's namespace. */
  Resource namespaced(String apiVersion, String plural) {
    return resourceIn(namespace, apiVersion, plural);
  }

  Resource resourceIn(String in, String apiVersion, String plural) {
    return new Resource(this, in, apiVersion, plural);
  }

  Answer get(String target, String... headers) {
    return send("GET", target, "", headers);
  }

  Answer send(String method, String target, String body, String... headers) {
    return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Sends a request and waits for its answer. */
  Answer send(String method, String target, byte[] body, String... headers) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    ApiResponse[] response = new ApiResponse[1];
    act(target, () -> response[0] = handler.handle(new ApiRequest(method, target, all, body)));
    LaterResponse later = response[0].later();
    if (later != null) {
      response[0] = null;
      act(target, () -> later.start(answer -> response[0] = answer));
      await(() -> response[0] != null);
    }
    return new Answer(response[0]);
  }

  /** Opens a watch, whose events are gathered from now on. */
  Events watch(String target) {
    Answer answer = get(target);
    assertThat(answer.response().stream()).as(target + " " + answer.text()).isNotNull();
    Events events = new Events(this, answer.response().stream());
    act(target, events::start);
    return events;
  }

  /** Runs the cluster until something holds; it must, before patience ends. */
  void await(BooleanSupplier condition) {
    assertThat(cluster.runUntil(condition, PATIENCE)).as("within " + PATIENCE).isTrue();
  }

  void run(Duration time) {
    cluster.run(time);
  }

  private void act(String target, Runnable action) {
    cluster.simulation().act("client/request", target, action);
  }

  /** An answer, read. */
  record Answer(ApiResponse response) {

    int code() {
      return response.code();
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    KubeMap json() {
      return Yaml.json(text());
    }

    String message() {
      return json().string("message", "");
    }

    String reason() {
      return json().string("reason", "");
    }

    String header(String name) {
      return String.join(", ", response.headers().get(name));
    }

    /** The object of an answer that grants the request with that code. */
    KubeObject object(int code) {
      assertThat(code()).as(text()).isEqualTo(code);
      return KubeObject.of(json());
    }
  }
}
