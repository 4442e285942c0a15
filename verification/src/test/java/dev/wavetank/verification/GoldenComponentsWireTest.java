package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every kind of request that the real kube-controller-manager and kube-scheduler sent in the
 * recorded stories, sent to our server: each gets the status code that it got then. The recording
 * has no bodies; they are made here, such that what was answered then can be answered.
 */
class GoldenComponentsWireTest {

  private static final String NAMESPACE = "wire";
  private static final String NAME = "sample";
  private static final String STALE = "1";

  @Test
  void requests() {
    GoldenCases.recordings("kubectl/components-wire", GoldenComponentsWireTest::read)
        .every(GoldenComponentsWireTest::check)
        .score();
  }

  private static List<GoldenCase> read(Path directory) {
    Path file = directory.resolve("kubectl/components-wire.json");
    List<GoldenCase> cases = new ArrayList<>();
    if (!Files.exists(file)) {
      return cases;
    }
    try {
      for (JsonNode recorded : GoldenLedger.JSON.readTree(file.toFile())) {
        List<String> words = new ArrayList<>();
        for (String field : List.of("client", "method", "path", "query", "contentType", "status")) {
          words.add(recorded.get(field).asText());
        }
        String accept = recorded.get("accept").asText();
        words.add(
            accept.contains("as=") ? "metadata" : accept.contains("protobuf") ? "any" : "json");
        cases.add(new GoldenCase(String.join(" ", words).replaceAll(" +", " "), recorded));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return cases;
  }

  private static void check(JsonNode recorded) {
    ApiServer server = GoldenMutationsTest.server();
    create(server, ResourceType.NAMESPACES, KubeObject.of(KubeMap.EMPTY), NAMESPACE);
    ApiHandler handler = new ApiHandler(server, GoldenVerdictsTest.NO_LOGS, "127.0.0.1:6443");
    String method = recorded.get("method").asText();
    String path = recorded.get("path").asText();
    int code = recorded.get("status").asInt();
    ResourceType type = type(server, path);
    byte[] body = new byte[0];
    if (type != null) {
      body = prepare(server, type, method, path, code).getBytes(StandardCharsets.UTF_8);
    }
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    headers.put("Accept", recorded.get("accept").asText());
    if (!recorded.get("contentType").asText().isEmpty()) {
      headers.put("Content-Type", recorded.get("contentType").asText());
    }
    boolean namespaces = path.startsWith("/api/v1/namespaces/{name}");
    String target =
        path.replace("{ns}", NAMESPACE).replace("{name}", namespaces ? NAMESPACE : NAME)
            + query(recorded.get("query").asText(), server);
    ApiRequest request = new ApiRequest(method, target, headers.buildOrThrow(), body);
    ApiResponse[] answer = new ApiResponse[1];
    server.simulation().act("client/request", "wire", () -> answer[0] = handler.handle(request));
    String text = new String(answer[0].body(), StandardCharsets.UTF_8);
    assertThat(answer[0].code()).as(target + " " + text).isEqualTo(code);
  }

  /** The recording has the names of parameters, and the values that matter. */
  private static String query(String recorded, ApiServer server) {
    if (recorded.isEmpty()) {
      return "";
    }
    List<String> parameters = new ArrayList<>();
    for (String parameter : recorded.split("&", -1)) {
      parameters.add(
          switch (parameter) {
            case "resourceVersion" -> "resourceVersion=" + server.revision();
            case "timeout" -> "timeout=6m30s";
            case "timeoutSeconds" -> "timeoutSeconds=390";
            case "labelSelector" -> "labelSelector=app%3Dweb";
            case "fieldSelector" ->
                "fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed";
            default -> parameter;
          });
    }
    return "?" + String.join("&", parameters);
  }

  private static @Nullable ResourceType type(ApiServer server, String path) {
    String[] parts = path.substring(1).split("/", -1);
    int head = parts[0].equals("api") ? 2 : 3;
    if (parts.length <= head) {
      return null;
    }
    boolean placed = parts.length > head + 2 && parts[head + 1].equals("{ns}");
    String plural = placed ? parts[head + 2] : parts[head];
    String group = head == 2 ? "" : parts[1];
    for (ResourceType type : server.served().served()) {
      boolean same = type.plural().equals(plural) && type.group().equals(group);
      if (same && type.version().equals(parts[head - 1])) {
        return type;
      }
    }
    return null;
  }

  /** Brings the server into a state in which the request gets its answer, and makes its body. */
  private static String prepare(
      ApiServer server, ResourceType type, String method, String path, int code) {
    boolean named = path.contains("{name}");
    boolean ofNamespace = type.equals(ResourceType.NAMESPACES);
    KubeObject sample = sample(type);
    if (named && code != 404 && !ofNamespace) {
      create(server, type, sample, NAME);
    }
    if (path.endsWith("/binding")) {
      return "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"sample\"},"
          + "\"target\":{\"kind\":\"Node\",\"name\":\"node\"}}";
    }
    if (method.equals("POST") && code == 403) {
      server.delete(ObjectKey.of(ResourceType.NAMESPACES, "", NAMESPACE), DeleteOptions.BACKGROUND);
    }
    return switch (method) {
      case "POST" -> Json.write(named(type, sample, NAME).root());
      case "PUT" -> replacement(server, type, path, code);
      case "PATCH" -> patch(type, sample, path, code);
      case "DELETE" -> "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\"}";
      default -> "";
    };
  }

  private static String replacement(ApiServer server, ResourceType type, String path, int code) {
    String name = type.equals(ResourceType.NAMESPACES) ? NAMESPACE : NAME;
    KubeObject found =
        type.view(server.get(ObjectKey.of(type, type.namespaced() ? NAMESPACE : "", name)));
    if (path.endsWith("/scale")) {
      return "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"name\":\"sample\","
          + "\"namespace\":\"wire\"},\"spec\":{\"replicas\":2}}";
    }
    KubeObject sent = code == 409 ? found.with(STALE, "metadata", "resourceVersion") : found;
    return Json.write(sent.root());
  }

  private static String patch(ResourceType type, KubeObject sample, String path, int code) {
    KubeMap metadata = KubeMap.of("annotations", KubeMap.of("wire", "yes"));
    if (code == 409) {
      metadata = metadata.with("resourceVersion", STALE);
    }
    if (!path.endsWith("/status")) {
      boolean applied = type.equals(ResourceType.CLUSTER_ROLES);
      return Json.write(
          applied ? named(type, sample, NAME).root() : KubeMap.of("metadata", metadata));
    }
    KubeMap ready =
        KubeMap.of(
            "type", "Ready",
            "status", "True",
            "reason", "Sent",
            "message", "",
            "lastTransitionTime", "2026-01-01T00:00:00Z");
    KubeMap status = KubeMap.of("conditions", KubeList.of(ready));
    return Json.write(
        KubeMap.of(
            "apiVersion",
            type.apiVersion(),
            "kind",
            type.kind(),
            "metadata",
            KubeMap.of("name", NAME),
            "status",
            status));
  }

  private static void create(ApiServer server, ResourceType type, KubeObject object, String name) {
    server.create(type, server.decode(type, named(type, object, name), true));
  }

  private static KubeObject named(ResourceType type, KubeObject object, String name) {
    KubeObject kind = object.with(type.apiVersion(), "apiVersion").with(type.kind(), "kind");
    KubeObject made = kind.with(name, "metadata", "name");
    return type.namespaced() ? made.with(NAMESPACE, "metadata", "namespace") : made;
  }

  /** The smallest object of a kind that is valid. */
  private static KubeObject sample(ResourceType type) {
    String pod = "{spec: {containers: [{name: c, image: i}]}, metadata: {labels: {app: web}}}";
    String workload = "{spec: {selector: {matchLabels: {app: web}}, template: " + pod + "}}";
    String job =
        "{spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}";
    String event = "{involvedObject: {kind: Pod, namespace: wire, name: p}, type: Normal}";
    String yaml =
        switch (type.groupResource()) {
          case "pods" -> pod;
          case "podtemplates" -> "{template: " + pod + "}";
          case "replicationcontrollers" -> "{spec: {selector: {app: web}, template: " + pod + "}}";
          case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps" ->
              workload;
          case "controllerrevisions.apps" -> "{revision: 1, data: {a: b}}";
          case "jobs.batch" -> job;
          case "cronjobs.batch" -> "{spec: {schedule: '* * * * *', jobTemplate: " + job + "}}";
          case "horizontalpodautoscalers.autoscaling" ->
              "{spec: {maxReplicas: 3, scaleTargetRef:"
                  + " {kind: Deployment, name: web, apiVersion: apps/v1}}}";
          case "services" -> "{spec: {ports: [{port: 80}]}}";
          case "endpointslices.discovery.k8s.io" -> "{addressType: IPv4, endpoints: []}";
          case "persistentvolumeclaims" ->
              "{spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}";
          case "persistentvolumes" ->
              "{spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path:"
                  + " /a}}}";
          case "servicecidrs.networking.k8s.io" -> "{spec: {cidrs: [10.97.0.0/16]}}";
          case "clusterroles.rbac.authorization.k8s.io" ->
              "{rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}";
          case "poddisruptionbudgets.policy" ->
              "{spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}";
          case "events" -> event;
          case "events.events.k8s.io" ->
              "{regarding: {kind: Pod, namespace: wire, name: p}, type: Normal, eventTime:"
                  + " '2026-01-01T00:00:00.000000Z', action: Run, reason: Ran,"
                  + " reportingController: c, reportingInstance: i}";
          default -> "{}";
        };
    return KubeObject.of((KubeMap) Manifests.value("sample", yaml));
  }
}
