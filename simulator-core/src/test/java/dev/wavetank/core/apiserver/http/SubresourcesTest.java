package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SubresourcesTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

  private final HttpClient client = new HttpClient();

  private void pod(String name, String... containers) {
    StringBuilder list = new StringBuilder();
    for (String container : containers) {
      list.append(list.length() == 0 ? "" : ",");
      list.append("{\"name\":\"").append(container).append("\",\"image\":\"i\"}");
    }
    String body =
        "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"containers\":[" + list + "]}}";
    Answer made = client.post(PODS, body);
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private void deployment() {
    client.post(
        DEPLOYMENTS,
        "{\"metadata\":{\"name\":\"d1\"},\"spec\":{\"replicas\":2,"
            + "\"selector\":{\"matchLabels\":{\"app\":\"a\"}},\"template\":{\"metadata\":"
            + "{\"labels\":{\"app\":\"a\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
            + "\"image\":\"i\"}]}}}}");
  }

  private Answer bind(String pod, String target) {
    return client.post(PODS + "/" + pod + "/binding", "{\"target\":" + target + "}");
  }

  @Test
  void api_A_156_scaleShowsSizeAndSelector() {
    deployment();
    KubeMap scale = client.get(DEPLOYMENTS + "/d1/scale").json();
    assertThat(scale.string("kind", "")).isEqualTo("Scale");
    assertThat(scale.at("spec", "replicas")).isEqualTo(2L);
    assertThat(scale.at("status", "selector")).isEqualTo("app=a");
    client.patch(DEPLOYMENTS + "/d1/scale", "merge-patch+json", "{\"spec\":{\"replicas\":5}}");
    assertThat(client.get(DEPLOYMENTS + "/d1").json().at("spec", "replicas")).isEqualTo(5L);
  }

  @Test
  void api_A_156_theSizeIsItsWriters() {
    deployment();
    client.patch(
        DEPLOYMENTS + "/d1/scale?fieldManager=sizer",
        "merge-patch+json",
        "{\"spec\":{\"replicas\":5}}");
    KubeMap owned =
        client
            .get(DEPLOYMENTS + "/d1")
            .json()
            .mapOrEmpty("metadata")
            .listOrEmpty("managedFields")
            .find("manager", "sizer");
    assertThat(owned).isNotNull();
    assertThat(owned.get("subresource")).isEqualTo("scale");
    assertThat(Json.write(owned.mapOrEmpty("fieldsV1")))
        .isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
  }

  @Test
  void api_A_156_aScaleBelowZeroIsRefused() {
    deployment();
    String body = "{\"metadata\":{\"name\":\"d1\"},\"spec\":{\"replicas\":-1}}";
    assertThat(client.send("PUT", DEPLOYMENTS + "/d1/scale", body).message())
        .isEqualTo(
            "Scale.autoscaling \"d1\" is invalid: spec.replicas: Invalid value: -1: must be greater"
                + " than or equal to 0");
  }

  @Test
  void api_A_157_aPodIsBoundOnce() {
    pod("b1", "c");
    Answer bound = bind("b1", "{\"kind\":\"Node\",\"name\":\"n1\"}");
    assertThat(bound.code()).isEqualTo(201);
    assertThat(bound.text()).contains("\"status\":\"Success\",\"code\":201");
    Answer again = bind("b1", "{\"name\":\"n2\"}");
    assertThat(again.code()).isEqualTo(409);
    assertThat(again.message())
        .isEqualTo(
            "Operation cannot be fulfilled on pods/binding \"b1\": pod b1 is already assigned to"
                + " node \"n1\"");
  }

  @Test
  void api_A_157_aBadTargetIsAnInternalError() {
    pod("b1", "c");
    Answer wrong = bind("b1", "{\"kind\":\"Foo\"}");
    assertThat(wrong.code()).isEqualTo(500);
    assertThat(wrong.message())
        .isEqualTo(
            "[target.kind: Unsupported value: \"Foo\": supported values: \"Node\", \"<empty>\","
                + " target.name: Required value]");
  }

  @Test
  void api_A_158_anEvictionDeletesThePodThatItNames() {
    pod("e1", "c");
    assertThat(client.post(PODS + "/e1/eviction", "{\"metadata\":{\"name\":\"other\"}}").message())
        .isEqualTo("name in URL does not match name in Eviction object");
    Answer evicted = client.post(PODS + "/e1/eviction", "{\"metadata\":{\"name\":\"e1\"}}");
    assertThat(evicted.code()).isEqualTo(201);
    assertThat(client.get(PODS + "/e1").code()).isEqualTo(404);
  }

  @Test
  void api_A_159_aLogNeedsItsContainer() {
    pod("two", "c", "c2");
    assertThat(client.get(PODS + "/two/log").message())
        .isEqualTo("a container name must be specified for pod two, choose one of: [c c2]");
    assertThat(client.get(PODS + "/two/log?container=zz").message())
        .isEqualTo("container zz is not valid for pod two");
    assertThat(client.get(PODS + "/two/log?container=c").code()).isEqualTo(204);
  }

  /** A pod whose container runs. */
  private void runningPod() {
    pod("p", "c");
    bind("p", "{\"name\":\"n1\"}");
    client.patch(
        PODS + "/p/status",
        "merge-patch+json",
        "{\"status\":{\"containerStatuses\":[{\"name\":\"c\",\"ready\":true,\"restartCount\":0,"
            + "\"image\":\"i\",\"imageID\":\"\",\"state\":{\"running\":{}}}]}}");
  }

  @Test
  void api_A_159_aContainerThatWaitsHasNoLog() {
    pod("p", "c");
    bind("p", "{\"name\":\"n1\"}");
    assertThat(client.get(PODS + "/p/log").message())
        .isEqualTo("container \"c\" in pod \"p\" is waiting to start: ContainerCreating");
  }

  @Test
  void api_A_159_aLogIsTextAndCanBeCut() {
    runningPod();
    client.log.add("one");
    client.log.add("two");
    assertThat(client.get(PODS + "/p/log").text()).isEqualTo("one\ntwo\n");
    assertThat(client.get(PODS + "/p/log?tailLines=1").text()).isEqualTo("two\n");
    assertThat(client.get(PODS + "/p/log?limitBytes=5").text()).isEqualTo("one\nt");
    assertThat(client.get(PODS + "/p/log?tailLines=-1").code()).isEqualTo(422);
    assertThat(client.get(PODS + "/p/log?sinceSeconds=0").code()).isEqualTo(422);
    assertThat(client.get(PODS + "/p/log?tailLines=1&timestamps=true").text())
        .isEqualTo("2026-01-01T00:00:00.000000000Z two\n");
    assertThat(client.get(PODS + "/p/log?sinceTime=2026-01-01T00:00:01Z").text()).isEmpty();
  }

  @Test
  void aFollowedLogGoesOnUntilItsContainerEnds() {
    runningPod();
    client.log.add("one");
    StringBuilder written = new StringBuilder();
    boolean[] ended = new boolean[1];
    ResponseStream stream = client.get(PODS + "/p/log?follow=true").response().stream();
    assertThat(stream).isNotNull();
    stream.start(
        new ResponseStream.Sink() {
          @Override
          public void write(byte[] piece) {
            written.append(new String(piece, StandardCharsets.UTF_8));
          }

          @Override
          public void end() {
            ended[0] = true;
          }
        });
    client.log.add("two");
    stream.poll();
    assertThat(written).hasToString("one\ntwo\n");
    assertThat(ended[0]).isFalse();
    client.log.add("end");
    stream.poll();
    assertThat(written).hasToString("one\ntwo\nend\n");
    assertThat(ended[0]).isTrue();
  }

  @Test
  void api_A_165_aNamespaceIsFinalizedByUpdateOnly() {
    assertThat(client.get("/api/v1/namespaces/default/finalize").code()).isEqualTo(405);
  }

  @Test
  void api_A_138_aPatchOfTheStatusLeavesTheSpecAlone() {
    deployment();
    client.patch(
        DEPLOYMENTS + "/d1/status",
        "merge-patch+json",
        "{\"spec\":{\"replicas\":9},\"status\":{\"replicas\":1}}");
    KubeObject object = KubeObject.of(client.get(DEPLOYMENTS + "/d1").json());
    assertThat(object.spec().number("replicas", 0)).isEqualTo(2);
    assertThat(object.status().number("replicas", 0)).isEqualTo(1);
  }

  private Answer resize(String containers) {
    return client.patch(
        PODS + "/web/resize",
        "strategic-merge-patch+json",
        "{\"spec\":{\"containers\":" + containers + "}}");
  }

  private void sizedPod() {
    client.post(
        PODS,
        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\","
            + "\"resources\":{\"requests\":{\"cpu\":\"100m\"}}}]}}");
  }

  @Test
  void aResizeChangesCpuAndMemoryAndCounts() {
    sizedPod();
    Answer resized =
        resize(
            "[{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":\"200m\"}},\"image\":\"j\"}]");
    assertThat(resized.code()).as(resized.text()).isEqualTo(200);
    KubeObject pod = KubeObject.of(resized.json());
    assertThat(pod.generation()).isEqualTo(2);
    KubeMap container = pod.spec().listOrEmpty("containers").map(0);
    assertThat(container.at("resources", "requests", "cpu")).isEqualTo("200m");
    assertThat(container.get("image")).isEqualTo("i");
  }

  @Test
  void aResizeKeepsTheQosClassAndWhatWasAskedFor() {
    sizedPod();
    assertThat(
            resize(
                    "[{\"name\":\"c\",\"resources\":{\"requests\":{\"memory\":\"1Gi\"},\"limits\":"
                        + "{\"cpu\":\"100m\",\"memory\":\"1Gi\"}}}]")
                .message())
        .endsWith("Pod QOS Class may not change as a result of resizing");
    assertThat(
            resize(
                    "[{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":null,\"memory\":\"1Gi\"}}}]")
                .message())
        .contains(
            "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed");
  }

  private Answer apply(String spec) {
    return client.patch(
        PODS + "/web/resize?fieldManager=sizer",
        "apply-patch+yaml",
        "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [" + spec + "]}}");
  }

  @Test
  void anApplyToASubresourceCreatesNothing() {
    assertThat(apply("{name: c, resources: {requests: {cpu: 300m}}}").code()).isEqualTo(404);
  }

  @Test
  void whoResizesByApplyOwnsTheSize() {
    sizedPod();
    Answer resized =
        client.patch(
            PODS + "/web/resize?fieldManager=sizer&force=true",
            "apply-patch+yaml",
            "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: c,"
                + " resources: {requests: {cpu: 300m}}}]}}");
    assertThat(resized.code()).as(resized.text()).isEqualTo(200);
    KubeObject pod = KubeObject.of(resized.json());
    assertThat(pod.spec().listOrEmpty("containers").map(0).at("resources", "requests", "cpu"))
        .isEqualTo("300m");
    assertThat(pod.metadata().listOrEmpty("managedFields").find("subresource", "resize"))
        .isNotNull();
  }
}
