package dev.wavetank.core.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.KubeObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProtobufReaderTest {

  /** Writes messages field by field. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message bytes(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }

    Message number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7FL) != 0) {
        out.write((int) ((left & 0x7F) | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }
  }

  private static byte[] body(String apiVersion, String kind, Message object) {
    Message type = new Message().text(1, apiVersion).text(2, kind);
    Message envelope = new Message().message(1, type).message(2, object);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    body.writeBytes(envelope.out.toByteArray());
    return body.toByteArray();
  }

  private static String read(String apiVersion, String kind, Message object) throws Exception {
    return ProtobufReader.read(body(apiVersion, kind, object)).toString();
  }

  @Test
  void mapsNumbersAndListsAreRead() throws Exception {
    Message labels = new Message().text(1, "app").text(2, "web");
    Message selector = new Message().message(1, labels);
    Message container = new Message().text(1, "c").text(2, "nginx");
    Message pod = new Message().message(2, container).message(2, container);
    Message template = new Message().message(2, pod);
    Message spec =
        new Message().number(1, 3).message(2, selector).message(3, template).number(7, 0);
    Message metadata = new Message().text(1, "web").message(11, labels);
    assertThat(read("apps/v1", "Deployment", new Message().message(1, metadata).message(2, spec)))
        .isEqualTo(
            "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"web\","
                + "\"labels\":{\"app\":\"web\"}},\"spec\":{\"replicas\":3,\"selector\":"
                + "{\"matchLabels\":{\"app\":\"web\"}},\"template\":{\"spec\":{\"containers\":"
                + "[{\"name\":\"c\",\"image\":\"nginx\"},{\"name\":\"c\",\"image\":\"nginx\"}]}},"
                + "\"paused\":false}}");
  }

  @Test
  void valuesWithAFormOfTheirOwnInJson() throws Exception {
    Message port =
        new Message().number(3, 80).message(4, new Message().number(1, 1).text(3, "http"));
    Message service = new Message().message(2, new Message().message(1, port));
    assertThat(read("v1", "Service", service)).contains("{\"port\":80,\"targetPort\":\"http\"}");
    Message time = new Message().message(8, new Message().number(1, 1_767_225_600L));
    Message data = new Message().text(1, "k").bytes(2, new byte[] {1, 2});
    assertThat(read("v1", "Secret", new Message().message(1, time).message(2, data)))
        .contains("\"creationTimestamp\":\"2026-01-01T00:00:00Z\"")
        .contains("\"data\":{\"k\":\"AQI=\"}");
  }

  @Test
  void messagesInThePlaceOfAnotherAreNotSeen() throws Exception {
    Message emptyDir = new Message().message(2, new Message());
    Message volume = new Message().text(1, "v").message(2, emptyDir);
    Message pod = new Message().message(2, new Message().message(1, volume));
    assertThat(read("v1", "Pod", pod)).contains("\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]");
  }

  @Test
  void optionsBelongToEveryVersion() throws Exception {
    assertThat(read("policy/v1", "DeleteOptions", new Message().number(1, 5)))
        .contains("\"gracePeriodSeconds\":5");
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> ProtobufReader.read(new byte[] {1, 2}))
        .isInstanceOf(ProtobufException.class)
        .hasMessageContaining("expected prefix [107 56 115 0]");
    assertThatThrownBy(() -> read("v1", "Foo", new Message()))
        .hasMessage("no kind \"Foo\" is registered for version \"v1\"");
  }

  /** Damage is a refusal or an object, and nothing else. */
  @Property(tries = 500)
  void damagedBodies(@ForAll byte[] noise, @ForAll short at) throws Exception {
    Message metadata = new Message().text(1, "web");
    byte[] body = body("v1", "Pod", new Message().message(1, metadata));
    for (int i = 0; i < noise.length; i++) {
      body[4 + Math.floorMod(at + i, body.length - 4)] ^= noise[i];
    }
    try {
      KubeObject read = ProtobufReader.read(body);
      assertThat(read).isNotNull();
    } catch (ProtobufException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
