package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects of Chaos Mesh, read as they are: NetworkChaos with the actions partition, loss, delay,
 * duplicate, corrupt, bandwidth and netem, and DNSChaos.
 *
 * <p>Faults begin at once and end after their duration. As there, pods are selected once, at the
 * beginning, and without a target a fault concerns all traffic of the selected pods. A corrupted
 * packet fails its checksum and is lost; correlations are read and have no effect.
 */
final class Chaos {

  private static final ImmutableList<String> KINDS = ImmutableList.of("NetworkChaos", "DNSChaos");
  private static final ImmutableList<String> OBJECT =
      ImmutableList.of("apiVersion", "kind", "metadata", "spec");
  private static final ImmutableList<String> NETWORK_ACTIONS =
      ImmutableList.of("partition", "loss", "delay", "duplicate", "corrupt", "bandwidth", "netem");
  private static final ImmutableList<String> NETWORK_SPEC =
      ImmutableList.of(
          "action",
          "mode",
          "value",
          "selector",
          "duration",
          "direction",
          "target",
          "externalTargets",
          "delay",
          "loss",
          "duplicate",
          "corrupt",
          "bandwidth",
          "rate");
  private static final ImmutableList<String> TARGET = ImmutableList.of("selector", "mode", "value");
  private static final ImmutableList<String> DIRECTIONS = ImmutableList.of("to", "from", "both");
  private static final ImmutableList<String> DNS_SPEC =
      ImmutableList.of("action", "mode", "value", "selector", "duration", "patterns");

  private Chaos() {}

  /**
   * The fault of an object.
   *
   * @param file as errors name it
   * @throws dev.wavetank.core.api.ScenarioException when it is wrong
   */
  static Fault read(String file, String text) {
    FileFields object = FileFields.read(file, text).known(OBJECT);
    if (!object.text("apiVersion").equals("chaos-mesh.org/v1alpha1")) {
      throw object.wrong("apiVersion", "expected chaos-mesh.org/v1alpha1");
    }
    String kind = object.word("kind", "", KINDS);
    FileFields metadata = object.requiredMap("metadata");
    String name = kind + " " + metadata.text("name");
    String namespace = metadata.text("namespace", "");
    FileFields spec = object.requiredMap("spec");
    return kind.equals("DNSChaos") ? dns(name, namespace, spec) : network(name, namespace, spec);
  }

  private static Fault network(String name, String namespace, FileFields spec) {
    noScheduler(spec).known(NETWORK_SPEC);
    String action = spec.word("action", "", NETWORK_ACTIONS);
    String direction = spec.word("direction", "to", DIRECTIONS);
    FileFields target = spec.map("target");
    ImmutableList<IpBlock> external = external(spec);
    if (!direction.equals("to") && !action.equals("partition")) {
      if (!external.isEmpty()) {
        throw spec.wrong(
            "direction",
            "external targets cannot be used with `from` and `both` direction in netem action yet");
      }
      if (target == null) {
        throw spec.wrong(
            "direction",
            "`from` and `both` direction cannot be used when targets is empty in netem action");
      }
    }
    return new OfNetwork(
        name,
        namespace,
        effect(spec, action),
        bandwidth(spec, action),
        ChaosSelector.read(spec),
        target == null ? null : ChaosSelector.read(target.known(TARGET)),
        external,
        direction,
        spec.nanos("duration", 0));
  }

  /** Objects of the first version had a schedule in themselves. */
  private static FileFields noScheduler(FileFields spec) {
    if (spec.has("scheduler")) {
      throw spec.wrong(
          "scheduler",
          "Chaos Mesh has none since version 2: repeat the step, with at for its time");
    }
    return spec;
  }

  private static ImmutableList<IpBlock> external(FileFields spec) {
    ImmutableList.Builder<IpBlock> blocks = ImmutableList.builder();
    for (String text : spec.texts("externalTargets")) {
      IpAddress address = IpAddress.parseOrNull(text);
      IpBlock block = address == null ? IpBlock.parseOrNull(text) : IpBlock.of(address);
      if (block == null) {
        throw spec.wrong(
            "externalTargets", text + " is no address or block; names are not looked up here");
      }
      blocks.add(block);
    }
    return blocks.build();
  }

  private static @Nullable Bandwidth bandwidth(FileFields spec, String action) {
    if (action.equals("bandwidth")) {
      return Bandwidth.read(spec);
    }
    return action.equals("netem") && spec.has("rate") ? Bandwidth.ofLink(spec) : null;
  }

  private static NetworkEffect effect(FileFields spec, String action) {
    if (action.equals("partition")) {
      return NetworkEffect.PARTITION;
    }
    boolean all = action.equals("netem");
    long latency = 0;
    long jitter = 0;
    if (action.equals("delay") || (all && spec.has("delay"))) {
      FileFields delay =
          spec.requiredMap("delay").known(ImmutableList.of("latency", "jitter", "correlation"));
      latency = delay.nanos("latency", 0);
      jitter = delay.nanos("jitter", 0);
    }
    double kept = 1;
    for (String lossy : ImmutableList.of("loss", "corrupt")) {
      if (action.equals(lossy) || (all && spec.has(lossy))) {
        kept *= 1 - percent(spec, lossy) / NetworkEffect.ALL;
      }
    }
    double duplicate =
        action.equals("duplicate") || (all && spec.has("duplicate"))
            ? percent(spec, "duplicate")
            : 0;
    return new NetworkEffect((1 - kept) * NetworkEffect.ALL, latency, jitter, duplicate);
  }

  /** Percentages are texts there. */
  private static double percent(FileFields spec, String key) {
    FileFields fields = spec.requiredMap(key).known(ImmutableList.of(key, "correlation"));
    try {
      double percent = Double.parseDouble(String.valueOf(fields.value(key)));
      if (percent >= 0 && percent <= NetworkEffect.ALL) {
        return percent;
      }
    } catch (NumberFormatException e) {
      throw fields.wrong(key, "expected a percentage such as \"25\"");
    }
    throw fields.wrong(key, "expected a percentage from 0 to 100");
  }

  private static Fault dns(String name, String namespace, FileFields spec) {
    noScheduler(spec).known(DNS_SPEC);
    String action = spec.word("action", "", ImmutableList.of("error", "random"));
    for (String pattern : spec.texts("patterns")) {
      int star = pattern.indexOf('*');
      if (star >= 0 && star < pattern.length() - 1) {
        throw spec.wrong("patterns", "the wildcard * must be at the end of " + pattern);
      }
    }
    return new DnsFault(
        name,
        namespace,
        action.equals("random"),
        ChaosSelector.read(spec),
        spec.texts("patterns"),
        spec.nanos("duration", 0));
  }

  private record OfNetwork(
      String name,
      String namespace,
      NetworkEffect effect,
      @Nullable Bandwidth bandwidth,
      ChaosSelector selector,
      @Nullable ChaosSelector target,
      ImmutableList<IpBlock> external,
      String direction,
      long forNanos)
      implements Fault {
    @Override
    public String words() {
      boolean slow = bandwidth != null && effect.equals(NetworkEffect.NONE);
      return name + ": " + (slow ? "bandwidth" : effect);
    }

    @Override
    public Optional<String> inject(Cluster cluster, String defaultNamespace) {
      String where = namespace.isEmpty() ? defaultNamespace : namespace;
      AddressSet one = NetworkSide.addressesOf(selector.in(cluster, where));
      AddressSet other = other(cluster, where);
      if (!effect.equals(NetworkEffect.NONE)) {
        NetworkFault.install(cluster, words(), effect, one, other, direction, forNanos);
      }
      if (bandwidth != null) {
        TrafficShaper shaper = new TrafficShaper(bandwidth);
        NetworkFault.install(cluster, words(), shaper, one, other, direction, forNanos);
      }
      return Optional.empty();
    }

    private AddressSet other(Cluster cluster, String where) {
      if (target == null && external.isEmpty()) {
        return AddressSet.ANY;
      }
      AddressSet pods =
          target == null ? address -> false : NetworkSide.addressesOf(target.in(cluster, where));
      return address ->
          pods.contains(address) || external.stream().anyMatch(block -> block.contains(address));
    }
  }
}
