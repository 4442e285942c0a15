package dev.wavetank.core.container;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.List;

/** One container that runs alone on a node, for tests of what runs inside. */
public final class TestContainer {

  public static final long SECOND = 1_000_000_000L;

  public final Simulation simulation = new Simulation(Choices.first());
  public final FakeNetwork network = new FakeNetwork();
  public final ImageRegistry registry = new ImageRegistry();
  public final ContainerRuntime runtime =
      new ContainerRuntime(simulation, "node-1", registry, network);
  public final PodSandbox sandbox;

  /** The container that was run last. */
  public Container container;

  /** A container of the image busybox that sleeps. */
  public TestContainer() {
    this(spec("busybox", "sleep", "infinity"));
  }

  public TestContainer(KubeMap spec) {
    this(spec, KubeMap.EMPTY);
  }

  public TestContainer(KubeMap spec, KubeMap env) {
    sandbox =
        runtime.runSandbox(
            "default",
            "web-1",
            "uid-1",
            KubeMap.of("containers", KubeList.of(spec)),
            IpAddress.parse("10.1.0.27"),
            0);
    container = run(spec, env);
  }

  /** Runs another container in the same pod. */
  public Container run(KubeMap spec, KubeMap env) {
    container = runtime.create(sandbox, spec, env, 0);
    runtime.start(container);
    return container;
  }

  public static KubeMap spec(String image, String... command) {
    return KubeMap.of("name", "app", "image", image, "command", KubeList.copyOf(List.of(command)));
  }

  /** A container whose own process is a shell with that script. */
  public static TestContainer ofScript(String script) {
    return new TestContainer(spec("busybox", "sh", "-c", script));
  }

  /** Goes on for some seconds. */
  public TestContainer later(double seconds) {
    simulation.runUntil(simulation.now() + (long) (seconds * SECOND));
    return this;
  }

  /** Runs a command inside to its end, which is at most an hour away. */
  public ProgramOutput exec(String... command) {
    ProgramOutput[] output = new ProgramOutput[1];
    container.exec(List.of(command), end -> output[0] = end);
    boolean ended = simulation.runUntil(() -> output[0] != null, simulation.now() + 3600 * SECOND);
    if (!ended) {
      throw new AssertionError("the command goes on: " + String.join(" ", command));
    }
    return output[0];
  }

  /** Runs a script inside to its end. */
  public ProgramOutput sh(String script) {
    return exec("sh", "-c", script);
  }

  /** Seconds since the container started. */
  public double seconds() {
    return (double) (simulation.now() - container.startedNanos()) / SECOND;
  }
}
