package dev.wavetank.proxy.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import org.junit.jupiter.api.Test;

class ConntrackTest {

  private static final long SECOND = 1_000_000_000L;

  private final Conntrack conntrack = new Conntrack(100);

  private static Packet packet(Protocol protocol, int port) {
    return new Packet(
        protocol, IpAddress.parse("10.244.1.5"), port, IpAddress.parse("10.96.0.10"), 53);
  }

  private static Packet answer(Packet packet) {
    return packet.to(IpAddress.parse("10.244.2.2"), 53).reply();
  }

  private Conntrack.Entry add(Protocol protocol, int port, long now) {
    Packet packet = packet(protocol, port);
    return conntrack.add(packet, answer(packet), now);
  }

  @Test
  void aConnectionIsKnownInBothDirections() {
    Conntrack.Entry entry = add(Protocol.UDP, 1, 0);
    assertThat(conntrack.find(packet(Protocol.UDP, 1), 0)).isSameAs(entry);
    assertThat(conntrack.find(answer(packet(Protocol.UDP, 1)), 0)).isSameAs(entry);
    assertThat(entry.destinationTranslated()).isTrue();
    assertThat(entry.sourceTranslated()).isFalse();
  }

  @Test
  void udpIsForgottenAfter30SecondsAnd120WhenAnswered() {
    Conntrack.Entry answered = add(Protocol.UDP, 1, 0);
    add(Protocol.UDP, 2, 0);
    conntrack.answered(answered, 0);
    assertThat(conntrack.find(packet(Protocol.UDP, 2), 30 * SECOND - 1)).isNotNull();
    assertThat(conntrack.find(packet(Protocol.UDP, 2), 30 * SECOND)).isNull();
    assertThat(conntrack.find(packet(Protocol.UDP, 1), 120 * SECOND - 1)).isNotNull();
    assertThat(conntrack.find(packet(Protocol.UDP, 1), 120 * SECOND)).isNull();
    assertThat(conntrack.size()).isZero();
  }

  @Test
  void net_P_20_establishedTcpIsKeptFor24Hours() {
    conntrack.answered(add(Protocol.TCP, 1, 0), 0);
    assertThat(conntrack.find(packet(Protocol.TCP, 1), 86_400 * SECOND - 1)).isNotNull();
    assertThat(conntrack.find(packet(Protocol.TCP, 1), 86_400 * SECOND)).isNull();
  }

  @Test
  void atTheBoundExpiredAndUnansweredOnesMakeRoom() {
    for (int port = 0; port < 100; port++) {
      Conntrack.Entry entry = add(Protocol.TCP, port, 0);
      if (port != 7) {
        conntrack.answered(entry, 0);
      }
    }
    assertThat(add(Protocol.TCP, 1_000, 1)).isNotNull();
    assertThat(conntrack.find(packet(Protocol.TCP, 7), 1)).isNull();
    conntrack.answered(conntrack.find(packet(Protocol.TCP, 1_000), 1), 1);
    assertThat(add(Protocol.TCP, 1_001, 2)).isNull();
    assertThat(add(Protocol.TCP, 1_002, 90_000 * SECOND)).isNotNull();
    assertThat(conntrack.entries(90_000 * SECOND)).hasSize(1);
  }

  @Test
  void expiredOnesAreSweptByNewOnes() {
    Conntrack busy = new Conntrack();
    long now = 0;
    for (int i = 0; i < 50_000; i++) {
      now += SECOND / 10;
      Packet packet = packet(Protocol.UDP, i);
      assertThat(busy.add(packet, answer(packet), now)).isNotNull();
    }
    assertThat(busy.size()).isLessThan(1_000);
    assertThat(busy.entries(now)).hasSize(300);
  }
}
