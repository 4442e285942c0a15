package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Watches of all objects of a type, in all namespaces. */
class WholeWatchesTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String ALL = "/api/v1/configmaps?watch=1&resourceVersion=";

  private final HttpClient client = new HttpClient();

  private String now() {
    return Long.toString(client.server.revision());
  }

  private ResponseStream stream(String target) {
    ResponseStream stream = client.get(target).response().stream();
    assertThat(stream).isNotNull();
    return stream;
  }

  /** Takes lines and does something at each. */
  private record Doing(List<byte[]> lines, Runnable then) implements ResponseStream.Sink {
    @Override
    public void write(byte[] piece) {
      lines.add(piece);
      then.run();
    }

    @Override
    public void end() {}
  }

  @Test
  void eachIsToldOfWhatIsAddedModifiedAndDeleted() {
    HttpClient.Watch first = client.new Watch(ALL + now());
    HttpClient.Watch second = client.new Watch(ALL + now());
    client.configMap("a");
    client.patch(CONFIG_MAPS + "/a", "merge-patch+json", "{\"data\":{\"k\":\"v\"}}");
    client.send("DELETE", CONFIG_MAPS + "/a", "");
    assertThat(first.told()).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    assertThat(second.told()).isEqualTo(first.told());
    assertThat(
            first
                .events
                .get(2)
                .mapOrEmpty("object")
                .mapOrEmpty("metadata")
                .string("resourceVersion", ""))
        .isEqualTo(now());
  }

  @Test
  void allGetTheSameBytes() {
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      stream(ALL + now()).start(new Doing(lines, () -> {}));
    }
    client.configMap("a");
    assertThat(lines).hasSize(6).allSatisfy(line -> assertThat(line).isSameAs(lines.get(0)));
  }

  @Test
  void oneThatEndsWhileOthersAreToldHearsNothingMore() {
    List<byte[]> ending = new ArrayList<>();
    AtomicReference<ResponseStream> last = new AtomicReference<>();
    stream(ALL + now()).start(new Doing(new ArrayList<>(), () -> last.get().stop()));
    last.set(stream(ALL + now()));
    last.get().start(new Doing(ending, () -> {}));
    client.configMap("a");
    client.configMap("b");
    assertThat(ending).isEmpty();
  }

  @Test
  void oneThatBeginsWhileOthersAreToldHearsOfEachChangeOnce() {
    List<byte[]> beginning = new ArrayList<>();
    List<ResponseStream> begun = new ArrayList<>();
    stream(ALL + now())
        .start(
            new Doing(
                new ArrayList<>(),
                () -> {
                  if (begun.isEmpty()) {
                    begun.add(stream(ALL + "0"));
                    begun.get(0).start(new Doing(beginning, () -> {}));
                    beginning.clear();
                  }
                }));
    client.configMap("a");
    assertThat(beginning).isEmpty();
    client.configMap("b");
    assertThat(beginning).hasSize(1);
  }

  @Test
  void theOthersAreStillToldAfterOneHasEnded() {
    HttpClient.Watch first = client.new Watch(ALL + now());
    HttpClient.Watch second = client.new Watch(ALL + now());
    first.stream.stop();
    first.stream.stop();
    client.configMap("a");
    second.stream.stop();
    HttpClient.Watch third = client.new Watch(ALL + now());
    client.configMap("b");
    assertThat(first.told()).isEmpty();
    assertThat(second.told()).containsExactly("ADDED a");
    assertThat(third.told()).containsExactly("ADDED b");
  }

  @Test
  void oneThatBeginsAtAnOldRevisionHearsOfEachChangeSinceOnce() {
    String then = now();
    client.configMap("a");
    HttpClient.Watch late = client.new Watch(ALL + then);
    client.configMap("b");
    assertThat(late.told()).containsExactly("ADDED a", "ADDED b");
  }
}
