package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.PacketRule;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Packets between two sides of the network suffer for a while.
 *
 * @param between one side
 * @param and the other side
 * @param direction which packets: {@code to} those from the first side to the second, {@code from}
 *     those back, {@code both}
 * @param forNanos how long; 0 for the rest of the run
 */
record NetworkFault(
    NetworkEffect effect, NetworkSide between, NetworkSide and, String direction, long forNanos)
    implements Fault {

  static final ImmutableList<String> ACTIONS =
      ImmutableList.of("partition", "loss", "delay", "duplicate");
  static final ImmutableList<String> DIRECTIONS = ImmutableList.of("both", "to", "from");
  static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "action", "between", "and", "direction", "percent", "latency", "jitter", "for");

  private static final long PERCENT_MAX = 100;

  /** The fault of a mapping in a scenario file. */
  static NetworkFault read(FileFields parent, String key) {
    FileFields fields = parent.requiredMap(key).known(KEYS);
    String action = fields.word("action", "partition", ACTIONS);
    double percent =
        fields.number("percent", action.equals("loss") ? 10 : PERCENT_MAX, 1, PERCENT_MAX);
    long latency = fields.nanos("latency", 0);
    long jitter = fields.nanos("jitter", 0);
    if (action.equals("delay") && latency + jitter == 0) {
      throw fields.wrong("a delay needs latency or jitter");
    }
    NetworkEffect effect =
        switch (action) {
          case "loss" -> new NetworkEffect(percent, 0, 0, 0);
          case "delay" -> new NetworkEffect(0, latency, jitter, 0);
          case "duplicate" -> new NetworkEffect(0, 0, 0, percent);
          default -> NetworkEffect.PARTITION;
        };
    return new NetworkFault(
        effect,
        side(fields, "between"),
        fields.has("and") ? side(fields, "and") : new NetworkSide.All(),
        fields.word("direction", "both", DIRECTIONS),
        fields.nanos("for", 0));
  }

  private static NetworkSide side(FileFields fields, String key) {
    try {
      return NetworkSide.parse(fields.text(key));
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String words() {
    return effect + " between " + between + " and " + and;
  }

  @Override
  public Optional<String> inject(Cluster cluster, String namespace) {
    AddressSet one = between.addresses(cluster, namespace);
    AddressSet other = and.addresses(cluster, namespace);
    install(cluster, words(), effect, one, other, direction, forNanos);
    return Optional.empty();
  }

  /** Lets packets suffer from now on. */
  static void install(
      Cluster cluster,
      String words,
      PacketEffect effect,
      AddressSet one,
      AddressSet other,
      String direction,
      long forNanos) {
    ChoiceStream choices = cluster.simulation().choices().stream("fault/network");
    boolean to = !direction.equals("from");
    boolean from = !direction.equals("to");
    PacketRule rule =
        new Suffering(words, effect, one, other, to, from, choices, cluster.simulation());
    cluster.simulation().act("fault/network", words, () -> cluster.network().add(rule));
    if (forNanos > 0) {
      cluster
          .simulation()
          .after(forNanos, "fault/network-over", words, () -> cluster.network().remove(rule));
    }
  }

  private record Suffering(
      String words,
      PacketEffect effect,
      AddressSet one,
      AddressSet other,
      boolean to,
      boolean from,
      ChoiceStream choices,
      Simulation simulation)
      implements PacketRule {
    @Override
    public @Nullable Verdict on(Packet packet, @Nullable Trail trail) {
      return on(packet, 0, trail);
    }

    @Override
    public @Nullable Verdict on(Packet packet, long bytes, @Nullable Trail trail) {
      boolean concerned =
          (to && one.contains(packet.source()) && other.contains(packet.destination()))
              || (from && one.contains(packet.destination()) && other.contains(packet.source()));
      return concerned ? effect.next(packet, bytes, simulation.now(), choices, words) : null;
    }
  }
}
