package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RemoteStreamsTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final HttpClient client = new HttpClient();

  private void pod(String containers) {
    client.post(
        PODS, "{\"metadata\":{\"name\":\"e2\"},\"spec\":{\"containers\":[" + containers + "]}}");
  }

  @Test
  void api_A_160_aPodWithoutANodeHasNoStreams() {
    pod("{\"name\":\"c\",\"image\":\"i\"}");
    for (String stream :
        new String[] {"/exec?stdout=1&command=ls", "/attach?stdout=1", "/portforward"}) {
      HttpClient.Answer answer = client.post(PODS + "/e2" + stream, "");
      assertThat(answer.code()).as(stream).isEqualTo(400);
      assertThat(answer.message()).isEqualTo("pod e2 does not have a host assigned");
    }
    assertThat(client.get(PODS + "/e2/proxy/").message()).isEqualTo("address not allowed");
  }

  @Test
  void oneOfSeveralContainersHasToBeNamed() {
    pod("{\"name\":\"a\",\"image\":\"i\"},{\"name\":\"b\",\"image\":\"i\"}");
    assertThat(client.post(PODS + "/e2/exec?stdout=1&command=ls", "").message())
        .isEqualTo("a container name must be specified for pod e2, choose one of: [a b]");
  }

  @Test
  void onlyGetAndPostConnect() {
    assertThat(client.send("PUT", PODS + "/e2/exec?stdout=1", "").code()).isEqualTo(405);
  }
}
