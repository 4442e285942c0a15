package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The container runtime of one node: image store, sandboxes, containers. How long it takes to pull,
 * to set up a sandbox and to start a container are choices of the node's own streams.
 */
public final class ContainerRuntime {

  /** Hears what happens to containers without the runtime being asked. */
  public interface Listener {
    /** The process of a container ended. */
    void exited(Container container);

    /** Answers of a running container changed in another way than with time. */
    void changed(Container container);
  }

  /**
   * How a pull ended.
   *
   * @param error the runtime's error, empty when the image is there now
   * @param nanos time of the pull itself
   * @param totalNanos time with waiting for other pulls
   */
  public record Pulled(String error, long nanos, long totalNanos, long sizeBytes) {}

  private record Pull(String image, long askedNanos, Consumer<Pulled> then) {}

  private static final Listener SILENT =
      new Listener() {
        @Override
        public void exited(Container container) {}

        @Override
        public void changed(Container container) {}
      };

  private static final long MILLI = 1_000_000L;
  private static final long PULL_SET_UP_NANOS = 500 * MILLI;
  private static final long BYTES_PER_SECOND_MIN = 20_000_000L;
  private static final long BYTES_PER_SECOND_MAX = 50_000_000L;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Simulation simulation;
  private final String node;
  private final Images registry;
  private final ProgramNetwork network;
  private final ChoiceStream ids;
  private final ChoiceStream pullSpeed;
  private final ChoiceStream sandboxLatency;
  private final ChoiceStream startLatency;
  private final Set<String> images = new LinkedHashSet<>();
  private final ArrayDeque<Pull> pulls = new ArrayDeque<>(1);
  private Listener listener = SILENT;
  private boolean pulling;
  private long slowDown = 1;
  private long generation;
  private long counter;

  public ContainerRuntime(
      Simulation simulation, String node, Images registry, ProgramNetwork network) {
    this.simulation = simulation;
    this.node = node;
    this.registry = registry;
    this.network = network;
    this.ids = simulation.choices().stream("runtime/" + node + "/id");
    this.pullSpeed = simulation.choices().stream("runtime/" + node + "/pull");
    this.sandboxLatency = simulation.choices().stream("runtime/" + node + "/sandbox");
    this.startLatency = simulation.choices().stream("runtime/" + node + "/start");
  }

  public Simulation simulation() {
    return simulation;
  }

  public String node() {
    return node;
  }

  /** The images that it can pull. */
  public Images registry() {
    return registry;
  }

  public ProgramNetwork network() {
    return network;
  }

  Listener listener() {
    return listener;
  }

  /** Sets who hears of exits; there is one listener. */
  public void listen(Listener newListener) {
    listener = newListener;
  }

  /** Whether the image is on the node. */
  public boolean present(String image) {
    return images.contains(ImageReference.of(image).canonical());
  }

  /** Puts an image on the node without a pull. */
  public void preload(String image) {
    images.add(ImageReference.of(image).canonical());
  }

  /** Removes an image from the node. */
  public void removeImage(String image) {
    images.remove(ImageReference.of(image).canonical());
  }

  /** A fault: pulls take that many times as long; 1 is the normal speed. */
  public void slowPulls(long factor) {
    slowDown = factor;
  }

  /** Pulls an image; pulls of a node run one at a time, in the order in which they were asked. */
  public void pull(String image, Consumer<Pulled> then) {
    pulls.addLast(new Pull(image, simulation.now(), then));
    nextPull();
  }

  private void nextPull() {
    if (pulling || pulls.isEmpty()) {
      return;
    }
    pulling = true;
    Pull pull = pulls.removeFirst();
    long begun = simulation.now();
    String error = registry.pullError(pull.image());
    long size = registry.sizeBytes(pull.image());
    long nanos = PULL_SET_UP_NANOS;
    if (error.isEmpty() && !present(pull.image())) {
      long speed = pullSpeed.between(BYTES_PER_SECOND_MIN, BYTES_PER_SECOND_MAX);
      nanos += size / (speed / 1_000_000L) * 1_000L;
    }
    long alive = generation;
    simulation.after(
        nanos * slowDown,
        "runtime/pulled",
        pull.image(),
        () -> {
          if (alive != generation) {
            return;
          }
          pulling = false;
          if (error.isEmpty()) {
            images.add(ImageReference.of(pull.image()).canonical());
          }
          pull.then()
              .accept(
                  new Pulled(
                      error, simulation.now() - begun, simulation.now() - pull.askedNanos(), size));
          nextPull();
        });
  }

  /** How long the next sandbox takes to set up, its network included. */
  public long drawSandboxNanos() {
    return sandboxLatency.between(200 * MILLI, 700 * MILLI);
  }

  /** How long the next container takes to create and start. */
  public long drawStartNanos() {
    return startLatency.between(50 * MILLI, 300 * MILLI);
  }

  /** How long the next change of containers' resources takes. */
  public long drawResizeNanos() {
    return simulation.choices().between("runtime/" + node + "/resize", 10 * MILLI, 100 * MILLI);
  }

  /** A new sandbox with one address. */
  public PodSandbox runSandbox(
      String namespace, String pod, String uid, KubeMap podSpec, IpAddress ip, int attempt) {
    return runSandbox(namespace, pod, uid, podSpec, ip, null, attempt);
  }

  /**
   * A new sandbox.
   *
   * @param ip its address
   * @param secondaryIp its address of the other family, or null
   */
  public PodSandbox runSandbox(
      String namespace,
      String pod,
      String uid,
      KubeMap podSpec,
      IpAddress ip,
      @Nullable IpAddress secondaryIp,
      int attempt) {
    return new PodSandbox(this, namespace, pod, uid, podSpec, ip, secondaryIp, attempt, drawId());
  }

  /** Kills what runs in the sandbox and takes its address down. */
  public void removeSandbox(PodSandbox sandbox) {
    sandbox.running().forEach(Container::kill);
    sandbox.tearDown();
  }

  /** What a container of that spec does. */
  ContainerBehavior behavior(KubeMap spec) {
    return registry.behavior(spec);
  }

  /** Creates a container without volumes; it does nothing yet. */
  public Container create(PodSandbox sandbox, KubeMap spec, KubeMap env, int attempt) {
    return create(sandbox, spec, env, attempt, ImmutableList.of());
  }

  /** Creates a container; it does nothing yet. */
  public Container create(
      PodSandbox sandbox, KubeMap spec, KubeMap env, int attempt, ImmutableList<Mount> mounts) {
    return new Container(
        sandbox,
        spec,
        env,
        registry.behavior(spec),
        "containerd://" + hexId(drawId()),
        attempt,
        mounts);
  }

  /**
   * Starts a created container.
   *
   * @return the runtime's error, with which it counts as exited, or null when it runs (or ran: it
   *     may have exited at once)
   */
  public @Nullable String start(Container container) {
    String error = StartErrors.of(container);
    if (error == null) {
      container.start();
    } else {
      container.failStart(error);
    }
    return error;
  }

  /** The node loses power: all containers are gone at once and nobody hears of it. */
  public void powerOff(Iterable<PodSandbox> sandboxes) {
    generation++;
    pulls.clear();
    pulling = false;
    for (PodSandbox sandbox : sandboxes) {
      sandbox.running().forEach(Container::vanish);
      sandbox.tearDown();
    }
  }

  private long drawId() {
    return ids.between(0, Long.MAX_VALUE) ^ (counter++ << 32) ^ node.hashCode();
  }

  /** 64 hexadecimal digits made of one number. */
  static String hexId(long seed) {
    byte[] text = new byte[64];
    long z = seed;
    for (int i = 0; i < 4; i++) {
      z += 0x9E3779B97F4A7C15L;
      long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
      long word = b ^ (b >>> 31);
      for (int nibble = 0; nibble < 16; nibble++) {
        text[i * 16 + nibble] = HEX[(int) (word >>> (60 - 4 * nibble)) & 15];
      }
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
