package dev.wavetank.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.Protocol;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Bytes that are no question. */
class MalformedQuestionsTest {

  private static final TestCluster CLUSTER = new TestCluster();

  /** Whatever comes, the server stands, and what it says is a message with the question's id. */
  @Property(tries = 2000)
  void anyBytesAreAnsweredWithAMessageOrNotAtAll(@ForAll @Size(max = 80) byte[] bytes)
      throws Exception {
    check(bytes);
  }

  /** The same, near to real questions: some bytes of one are others, or missing. */
  @Property(tries = 2000)
  void questionsWithWrongBytesAreAnsweredWithAMessageOrNotAtAll(
      @ForAll @IntRange(max = 60) int at,
      @ForAll byte value,
      @ForAll @IntRange(max = 60) int other,
      @ForAll byte otherValue,
      @ForAll @IntRange(max = 60) int cut)
      throws Exception {
    byte[] whole = TestCluster.question("web.default.svc.cluster.local.", "A").toWire();
    byte[] bytes = Arrays.copyOf(whole, Math.max(0, whole.length - cut / 10));
    if (at < bytes.length) {
      bytes[at] = value;
    }
    if (other < bytes.length) {
      bytes[other] = otherValue;
    }
    check(bytes);
  }

  private static void check(byte[] bytes) throws Exception {
    for (Protocol protocol : new Protocol[] {Protocol.UDP, Protocol.TCP}) {
      DnsServer.Response response = CLUSTER.server.answer(bytes, protocol, 0);
      boolean isQuestion = bytes.length >= Header.LENGTH && (bytes[2] & 0x80) == 0;
      assertThat(response != null).isEqualTo(isQuestion);
      if (response != null) {
        Message answer = new Message(response.wire());
        assertThat(answer.getHeader().getID())
            .isEqualTo(((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF));
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
      }
    }
  }

  @Test
  void aQuestionThatEndsInItsNameIsAFormatError() throws Exception {
    byte[] whole = TestCluster.question("web.default.svc.cluster.local.", "A").toWire();
    DnsServer.Response response = CLUSTER.server.answer(Arrays.copyOf(whole, 20), Protocol.UDP, 0);
    assertThat(new Message(response.wire()).getRcode()).isEqualTo(Rcode.FORMERR);
  }
}
