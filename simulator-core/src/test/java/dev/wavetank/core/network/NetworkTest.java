package dev.wavetank.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final long SECOND = 1_000_000_000L;
  private static final IpAddress NODE_1 = IpAddress.parse("192.168.65.3");
  private static final IpAddress NODE_2 = IpAddress.parse("192.168.65.4");
  private static final IpAddress CLIENT = IpAddress.parse("10.1.0.5");
  private static final IpAddress SERVER = IpAddress.parse("10.1.1.27");
  private static final IpAddress VIP = IpAddress.parse("10.103.210.17");
  private static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.10");

  private final Simulation simulation = new Simulation(Choices.seeded(7));
  private final Network network = new Network(simulation, NetworkLatencies.DEFAULT);
  private final List<String> outcomes = new ArrayList<>();
  private final List<Connection> accepted = new ArrayList<>();

  private final class Port implements Listeners {
    private final int open;

    Port(int open) {
      this.open = open;
    }

    @Override
    public boolean listening(Protocol protocol, int port) {
      return port == open;
    }

    @Override
    public void accepted(Connection connection) {
      accepted.add(connection);
    }

    @Override
    public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
      reply.accept(
          ("re:" + new String(payload, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }
  }

  private final class Outcome implements Connection.Client {
    @Override
    public void established(Connection connection) {
      outcomes.add("established");
    }

    @Override
    public void failed(Connection connection, Connection.Failure failure, String detail) {
      outcomes.add(failure + ": " + detail);
    }
  }

  @BeforeEach
  void twoNodesWithAPodEach() {
    network.addNode("node-1", NODE_1, new Port(10250));
    network.addNode("node-2", NODE_2, new Port(10250));
    network.attach(CLIENT, "node-1", new Port(-1));
    network.attach(SERVER, "node-2", new Port(8000));
  }

  private Connection connect(Source source, IpAddress to, int port) {
    Connection connection = network.connect(source, to, port, SECOND, null, new Outcome());
    simulation.runUntil(simulation.now() + 2 * SECOND);
    return connection;
  }

  private static DataPath translating(IpAddress vip, IpAddress to, int port) {
    return new DataPath() {
      @Override
      public Verdict route(Packet packet, Entry entry, @Nullable Trail trail) {
        return packet.destination().equals(vip)
            ? new Verdict.Forward(packet.to(to, port))
            : new Verdict.Forward(packet);
      }

      @Override
      public void closed(Packet packet) {
        // Keeps no connections.
      }
    };
  }

  @Test
  void aPodReachesAnOpenPortOfAnotherNodesPod() {
    Connection connection = connect(new Source.Pod(CLIENT), SERVER, 8000);
    assertThat(outcomes).containsExactly("established");
    assertThat(connection.delivered().source()).isEqualTo(CLIENT);
    assertThat(accepted).containsExactly(connection);
  }

  @Test
  void aClosedPortRefuses() {
    connect(new Source.Pod(CLIENT), SERVER, 80);
    assertThat(outcomes).containsExactly("REFUSED: nobody listens on 10.1.1.27:80");
  }

  @Test
  void anAddressOfNobodyTimesOutAfterTheClientsPatience() {
    long start = simulation.now();
    network.connect(new Source.Pod(CLIENT), VIP, 80, SECOND, null, new Outcome());
    simulation.runUntil(() -> !outcomes.isEmpty(), 10 * SECOND);
    assertThat(simulation.now() - start).isEqualTo(SECOND);
    assertThat(outcomes.get(0)).startsWith("TIMEOUT: no pod or node has the address 10.103.210.17");
  }

  @Test
  void theSourceNodesDataPathTranslatesAClusterIp() {
    network.dataPath("node-1", translating(VIP, SERVER, 8000));
    Connection connection = connect(new Source.Pod(CLIENT), VIP, 80);
    assertThat(outcomes).containsExactly("established");
    assertThat(connection.delivered().destination()).isEqualTo(SERVER);
    assertThat(connection.asked().destination()).isEqualTo(VIP);
  }

  @Test
  void seed_S_29_aClusterIpIsNotReachableFromOutsideAndTheAnswerSaysWhy() {
    network.dataPath("node-1", translating(VIP, SERVER, 8000));
    connect(new Source.Outside(OUTSIDE), VIP, 80);
    assertThat(outcomes.get(0))
        .startsWith("TIMEOUT")
        .contains("a ClusterIP exists only in the rules of the cluster's nodes");
  }

  @Test
  void seed_S_03_aPodAddressIsNotReachableFromOutside() {
    connect(new Source.Outside(OUTSIDE), SERVER, 8000);
    assertThat(outcomes.get(0)).contains("routed inside the cluster only");
  }

  @Test
  void aNodeThatIsDownLosesEveryPacket() {
    network.power("node-2", false);
    connect(new Source.Pod(CLIENT), SERVER, 8000);
    assertThat(outcomes).containsExactly("TIMEOUT: node node-2 is down");
  }

  @Test
  void aRuleMayDropRefuseOrDelay() {
    PacketRule drop =
        (packet, trail) ->
            packet.destination().equals(SERVER) ? new Verdict.Drop("by a rule") : null;
    network.add(drop);
    connect(new Source.Pod(CLIENT), SERVER, 8000);
    network.remove(drop);
    network.add((packet, trail) -> new Verdict.Delay(SECOND / 10));
    long start = simulation.now();
    network.connect(new Source.Pod(CLIENT), SERVER, 8000, SECOND, null, new Outcome());
    simulation.runUntil(() -> outcomes.size() == 2, start + SECOND);
    assertThat(outcomes).containsExactly("TIMEOUT: by a rule", "established");
    assertThat(simulation.now() - start).isGreaterThanOrEqualTo(SECOND / 5);
  }

  @Test
  void aFirstPacketThatIsLostIsSentAgainAfterOneSecondAndThenAfterTwo() {
    PacketRule drop = (packet, trail) -> new Verdict.Drop("lost");
    network.add(drop);
    simulation.after(3 * SECOND / 2, "test/heal", "", () -> network.remove(drop));
    network.connect(new Source.Pod(CLIENT), SERVER, 8000, 10 * SECOND, null, new Outcome());
    simulation.runUntil(() -> !outcomes.isEmpty(), 20 * SECOND);
    assertThat(outcomes).containsExactly("established");
    assertThat(simulation.now()).isBetween(3 * SECOND, 3 * SECOND + SECOND / 100);
  }

  @Test
  void anAnswerThatIsLostIsAsGoodAsNone() {
    network.add(
        (packet, trail) -> packet.source().equals(SERVER) ? new Verdict.Drop("one-way") : null);
    connect(new Source.Pod(CLIENT), SERVER, 8000);
    assertThat(outcomes).containsExactly("TIMEOUT: one-way, on the way back");
  }

  @Test
  void aSegmentThatIsLostIsSentAgainAndAtLastTheConnectionFails() {
    Connection connection = connect(new Source.Pod(CLIENT), SERVER, 8000);
    PacketRule drop = (packet, trail) -> new Verdict.Drop("lost");
    network.add(drop);
    simulation.after(SECOND, "test/heal", "", () -> network.remove(drop));
    network.segment(connection, true, 0, "test/segment", "", () -> outcomes.add("arrived"));
    simulation.runUntil(simulation.now() + 2 * SECOND);
    assertThat(outcomes).containsExactly("established", "arrived");
    network.add(drop);
    network.segment(connection, false, 0, "test/segment", "", () -> outcomes.add("arrived again"));
    simulation.runUntil(simulation.now() + 2_000 * SECOND);
    assertThat(outcomes).containsExactly("established", "arrived", "TIMEOUT: lost");
  }

  @Test
  void aRuleForFirstPacketsDoesNotSeeWhatFollows() {
    Connection connection = connect(new Source.Pod(CLIENT), SERVER, 8000);
    network.add(
        new PacketRule() {
          @Override
          public Verdict on(Packet packet, @Nullable Trail trail) {
            return new Verdict.Drop("no");
          }

          @Override
          public boolean firstPacketsOnly() {
            return true;
          }
        });
    network.segment(connection, true, 0, "test/segment", "", () -> outcomes.add("arrived"));
    simulation.runUntil(simulation.now() + SECOND);
    assertThat(outcomes).containsExactly("established", "arrived");
  }

  @Test
  void aDatagramMayArriveTwice() {
    network.add(
        (packet, trail) -> packet.destination().equals(SERVER) ? new Verdict.Duplicate() : null);
    List<String> replies = new ArrayList<>();
    network.datagram(
        new Source.Pod(CLIENT),
        SERVER,
        8000,
        "hi".getBytes(StandardCharsets.UTF_8),
        null,
        answer -> replies.add(new String(answer, StandardCharsets.UTF_8)),
        replies::add);
    simulation.runUntil(SECOND);
    assertThat(replies).containsExactly("re:hi", "re:hi");
  }

  @Test
  void theServersDeathResetsTheConnection() {
    Connection connection = connect(new Source.Pod(CLIENT), SERVER, 8000);
    connection.reset("container was killed");
    assertThat(outcomes).containsExactly("established", "RESET: container was killed");
    assertThat(connection.state()).isEqualTo(Connection.State.FAILED);
  }

  @Test
  void aDatagramGetsItsReply() {
    List<String> replies = new ArrayList<>();
    network.datagram(
        new Source.Pod(CLIENT),
        SERVER,
        8000,
        "hi".getBytes(StandardCharsets.UTF_8),
        null,
        answer -> replies.add(new String(answer, StandardCharsets.UTF_8)),
        replies::add);
    network.datagram(
        new Source.Pod(CLIENT), SERVER, 53, new byte[0], null, answer -> {}, replies::add);
    simulation.runUntil(SECOND);
    assertThat(replies).containsExactlyInAnyOrder("re:hi", "nobody listens on 10.1.1.27:53");
  }
}
