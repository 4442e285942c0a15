package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class RuntimeClassTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final HttpClient client = new HttpClient();

  private void runtimeClass(String name, String rest) {
    String body = "{\"metadata\":{\"name\":\"" + name + "\"},\"handler\":\"runc\"" + rest + "}";
    Answer answer = client.post("/apis/node.k8s.io/v1/runtimeclasses", body);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  private Answer pod(String runtimeClass, String spec) {
    client.post(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    return client.post(
        PODS,
        "{\"metadata\":{\"name\":\"rt\"},\"spec\":{"
            + runtimeClass
            + spec
            + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
  }

  private static String named(String name) {
    return "\"runtimeClassName\":\"" + name + "\",";
  }

  @Test
  void api_A_200_aPodOfAnUnknownClassIsForbidden() {
    Answer answer = pod(named("nope"), "");
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo("pods \"rt\" is forbidden: pod rejected: RuntimeClass \"nope\" not found");
  }

  @Test
  void api_A_200_overheadAndSchedulingComeFromTheClass() {
    runtimeClass(
        "kata",
        ",\"overhead\":{\"podFixed\":{\"cpu\":\"250m\"}},\"scheduling\":{\"nodeSelector\":"
            + "{\"kata\":\"yes\"},\"tolerations\":[{\"key\":\"kata\",\"operator\":\"Exists\"}]}");
    String own =
        "\"nodeSelector\":{\"disk\":\"ssd\"},\"tolerations\":[{\"key\":\"kata\",\"operator\":"
            + "\"Equal\",\"value\":\"a\"},{\"key\":\"other\",\"operator\":\"Exists\"}],";
    KubeMap spec = KubeObject.of(pod(named("kata"), own).json()).spec();
    assertThat(spec.mapOrEmpty("overhead")).isEqualTo(KubeMap.of("cpu", "250m"));
    assertThat(spec.mapOrEmpty("nodeSelector")).isEqualTo(KubeMap.of("disk", "ssd", "kata", "yes"));
    assertThat(spec.listOrEmpty("tolerations").find("key", "other")).isNotNull();
    assertThat(spec.listOrEmpty("tolerations").find("key", "kata"))
        .isEqualTo(KubeMap.of("key", "kata", "operator", "Exists"));
  }

  @Test
  void whatContradictsTheClassIsForbidden() {
    runtimeClass(
        "kata",
        ",\"overhead\":{\"podFixed\":{\"cpu\":\"250m\"}},\"scheduling\":{\"nodeSelector\":"
            + "{\"disk\":\"hdd\"}}");
    assertThat(pod(named("kata"), "\"overhead\":{\"cpu\":\"1\"},").message())
        .endsWith("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    assertThat(pod(named("kata"), "\"nodeSelector\":{\"disk\":\"ssd\"},").message())
        .endsWith(
            "conflict: runtimeClass.scheduling.nodeSelector[disk] = hdd;"
                + " pod.spec.nodeSelector[disk] = ssd");
    assertThat(pod("", "\"overhead\":{\"cpu\":\"1\"},").message())
        .endsWith(
            "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  }
}
