package dev.wavetank.core.container.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import org.junit.jupiter.api.Test;

/** What requests cost a server, and how it ends. */
class ServerWorkTest {

  private static final HttpRequest GET = HttpRequest.get("shop", "/");

  private static TestContainer shop(String more) {
    TestContainer test = new TestContainer();
    test.registry.add(
        PersonalityReader.read(
            "shop.yaml",
            "image: shop\nports: [{port: 80}]\n"
                + "http: [{path: /, latency: 100ms, cpu: 30ms}]\n"
                + more));
    test.run(TestContainer.spec("shop", "/shop"), KubeMap.EMPTY);
    return test;
  }

  @Test
  void requestsUseProcessorTimeOnTopOfWhatTheServerUsesAllTheTime() {
    TestContainer test = shop("cpu: [{at: 0s, amount: 50}, {at: 10s, amount: 100}]\n");
    test.later(20);
    // Ten seconds at a twentieth of a core, ten at a tenth.
    assertThat(test.container.cpuNanos()).isEqualTo(1.5e9);
    test.container.handle(GET, 80, result -> {});
    test.container.handle(GET, 80, result -> {});
    test.later(10);
    assertThat(test.container.cpuNanos()).isEqualTo(2.5e9 + 2 * 30e6);
  }

  @Test
  void aServerThatDrainsEndsWhenItHasAnswered() {
    TestContainer test = shop("terminate: {drain: true}\n");
    HttpResult[] answer = new HttpResult[1];
    test.container.handle(GET, 80, result -> answer[0] = result);
    test.container.stop(30 * TestContainer.SECOND);
    assertThat(test.container.draining()).isTrue();
    assertThat(test.sandbox.listening(Protocol.TCP, 80)).isFalse();
    test.later(0.09);
    assertThat(test.container.running()).isTrue();
    test.later(0.2);
    assertThat(answer[0]).isInstanceOf(HttpResult.Answered.class);
    assertThat(test.container.exitCode()).isZero();
    assertThat(test.container.exited()).isTrue();
  }

  @Test
  void aDrainThatTakesTooLongIsKilled() {
    TestContainer test = shop("terminate: {drain: true, after: 5s, code: 3}\n");
    test.container.handle(new HttpAnswer(HttpResponse.of(200, "", ""), Long.MAX_VALUE), r -> {});
    test.container.stop(30 * TestContainer.SECOND);
    test.later(6);
    assertThat(test.container.exitCode()).isEqualTo(3);
    TestContainer patient = shop("terminate: {drain: true}\n");
    patient.container.handle(new HttpAnswer(HttpResponse.of(200, "", ""), Long.MAX_VALUE), r -> {});
    patient.container.stop(30 * TestContainer.SECOND);
    patient.later(31);
    assertThat(patient.container.exitCode()).isEqualTo(137);
  }
}
