package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.JsonTexts;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WatchEncoderTest {

  private static KubeObject pod(String name, int bytes) {
    KubeMap container = KubeMap.of("name", "web", "image", "nginx:" + "1".repeat(bytes));
    KubeMap metadata =
        KubeMap.of("name", name, "namespace", "default", "labels", KubeMap.of("app", "web"));
    return KubeObject.of(ResourceType.PODS, metadata)
        .withSpec(KubeMap.of("containers", KubeList.of(container)));
  }

  private static KubeObject revised(KubeObject pod, String revision) {
    return pod.withMetadata(pod.metadata().with("resourceVersion", revision));
  }

  private static String plain(String event, KubeObject object) {
    String json = Json.write(ObjectResponses.ordered(ResourceType.PODS, object));
    return "{\"type\":\"" + event + "\",\"object\":" + json + "}\n";
  }

  private static String line(WatchEncoder encoder, String event, KubeObject object) {
    return new String(encoder.whole(event, ResourceType.PODS, object), StandardCharsets.UTF_8);
  }

  @Test
  void everyStateOfAnObjectIsWrittenWhole() {
    WatchEncoder encoder = new WatchEncoder();
    KubeObject pod = revised(pod("a", 1), "5");
    KubeObject bound =
        revised(pod.withSpec(pod.spec().with("nodeName", "node-1")), "6")
            .withStatus(KubeMap.of("phase", "Pending"));
    KubeObject running = revised(bound.withStatus(KubeMap.of("phase", "Running")), "7");
    assertThat(line(encoder, "ADDED", pod)).isEqualTo(plain("ADDED", pod));
    assertThat(line(encoder, "MODIFIED", bound)).isEqualTo(plain("MODIFIED", bound));
    assertThat(line(encoder, "MODIFIED", running)).isEqualTo(plain("MODIFIED", running));
    assertThat(line(encoder, "DELETED", running)).isEqualTo(plain("DELETED", running));
    assertThat(line(encoder, "ADDED", pod)).isEqualTo(plain("ADDED", pod));
  }

  @Test
  void allWhoWatchGetTheSameBytes() {
    WatchEncoder encoder = new WatchEncoder();
    KubeObject pod = pod("a", 1);
    byte[] first = encoder.whole("ADDED", ResourceType.PODS, pod);
    assertThat(encoder.whole("ADDED", ResourceType.PODS, pod)).isSameAs(first);
    assertThat(encoder.whole("MODIFIED", ResourceType.PODS, pod)).isNotSameAs(first);
  }

  @Test
  void textsAreForgottenAboveTheirBoundAndWrittenAnew() {
    WatchEncoder encoder = new WatchEncoder();
    KubeObject first = pod("a", 1);
    line(encoder, "ADDED", first);
    line(encoder, "MODIFIED", first);
    assertThat(encoder.keptBytes()).isPositive();
    for (int i = 0; i < 24; i++) {
      KubeObject large = pod("large-" + i / 2, 1 << 20);
      line(encoder, "ADDED", large);
      line(encoder, "MODIFIED", large);
      assertThat(encoder.keptBytes()).isLessThanOrEqualTo(JsonTexts.BYTES_MAX);
    }
    KubeObject changed = revised(first, "9");
    assertThat(line(encoder, "MODIFIED", changed)).isEqualTo(plain("MODIFIED", changed));
  }
}
