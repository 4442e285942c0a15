package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.conversation.RedisDatabase;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.stream.ProcessClient;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a container, from its creation to its exit; a restart makes another one. */
public final class Container {

  private static final int SIGKILLED = 137;
  private static final int START_ERROR = 128;
  private static final String OOM_KILLED = "OOMKilled";

  private final PodSandbox sandbox;
  private KubeMap spec;
  private final String id;
  private final int attempt;
  private final KubeMap env;
  private final ImmutableList<Mount> mounts;
  private ContainerBehavior behavior;

  private long startedNanos = -1;
  private long finishedNanos = -1;
  private int exitCode;
  private int mainPid = 1;
  private String reason = "";
  private @Nullable Timer exitTimer;
  private @Nullable Timer killTimer;
  private @Nullable ContainerState state;

  Container(
      PodSandbox sandbox,
      KubeMap spec,
      KubeMap env,
      ContainerBehavior behavior,
      String id,
      int attempt,
      ImmutableList<Mount> mounts) {
    this.sandbox = sandbox;
    this.spec = spec;
    this.env = env;
    this.behavior = behavior;
    this.id = id;
    this.attempt = attempt;
    this.mounts = mounts;
  }

  public PodSandbox sandbox() {
    return sandbox;
  }

  /** The container as the pod's spec has it. */
  public KubeMap spec() {
    return spec;
  }

  public String name() {
    return spec.string("name", "");
  }

  /** The runtime's name and the id, such as {@code containerd://4f2a…}. */
  public String id() {
    return id;
  }

  /** How often the container of that name was started in the pod before. */
  public int attempt() {
    return attempt;
  }

  /** Environment variables set by the pod's spec, in order. */
  public KubeMap env() {
    return env;
  }

  public ContainerBehavior behavior() {
    return behavior;
  }

  public boolean running() {
    return startedNanos >= 0 && finishedNanos < 0;
  }

  public boolean exited() {
    return finishedNanos >= 0;
  }

  /** When it was started; -1 before. */
  public long startedNanos() {
    return startedNanos;
  }

  /** When it exited; -1 before. */
  public long finishedNanos() {
    return finishedNanos;
  }

  public int exitCode() {
    return exitCode;
  }

  /** {@code Completed}, {@code Error}, {@code OOMKilled} or what the runtime says. */
  public String reason() {
    return reason.isEmpty() ? exitCode == 0 ? "Completed" : "Error" : reason;
  }

  /**
   * What is known of its end beyond the reason: why it could not be started, or what it wrote to
   * its termination message file, or the end of its log where the spec asks for that; empty for
   * nothing.
   */
  public String terminationMessage() {
    return TerminationMessage.of(this, state);
  }

  /** Nanoseconds since its start. */
  public long ageNanos() {
    return simulation().now() - startedNanos;
  }

  /** The simulation whose clock it lives by. */
  public Simulation simulation() {
    return sandbox.runtime().simulation();
  }

  /** Whether it accepts connections or datagrams on that port now. */
  public boolean listens(Protocol protocol, int port) {
    if (!running()) {
      return false;
    }
    OpenPort own = openPort(protocol, port);
    return own == null
        ? behavior.listens(protocol, port, ageNanos()) && !draining()
        : own.accepts();
  }

  /** Whether it answers what comes over connections that it has accepted on that port. */
  public boolean serves(Protocol protocol, int port) {
    return running()
        && (openPort(protocol, port) != null || behavior.listens(protocol, port, ageNanos()));
  }

  /** The port of that number on which a process listens or did; null for none. */
  @Nullable OpenPort openPort(Protocol protocol, int port) {
    ContainerState known = state;
    if (known != null) {
      for (OpenPort open : known.ports()) {
        if (open.is(protocol, port)) {
          return open;
        }
      }
    }
    return null;
  }

  /** A process listens on a port on which nobody in the pod does. */
  OpenPort open(Protocol protocol, int port, PortListener listener) {
    OpenPort open = new OpenPort(this, protocol, port, listener);
    state().ports().add(open);
    changed();
    return open;
  }

  void closed(OpenPort port) {
    state().ports().remove(port);
    changed();
  }

  /** Whether it takes no more connections, and ends when it has answered. */
  public boolean draining() {
    return state != null && state.draining();
  }

  /** Until which virtual time its answers stay as they are, unless a change is told. */
  public long constantUntilNanos() {
    if (state != null && !state.ports().isEmpty()) {
      return simulation().now();
    }
    long age = behavior.constantUntilNanos(ageNanos());
    return age == ContainerBehavior.FOREVER ? age : startedNanos + age;
  }

  /**
   * The answer to a request on a listening port, were it sent now; null when it is not known before
   * somebody has worked on it.
   */
  public @Nullable HttpAnswer answer(HttpRequest request, int port) {
    return ContainerRequests.answer(this, request, port);
  }

  /** Status of a gRPC service's health on a listening port; null when it is not served. */
  public @Nullable String grpcHealth(int port, String service) {
    return ContainerPorts.grpcHealth(this, port, service);
  }

  /** Works on a request; see {@link PodSandbox#handle}. */
  public Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then) {
    return ContainerRequests.handle(this, request, port, then);
  }

  /**
   * Works on a request whose answer was asked for before.
   *
   * @param answer what {@link #answer(HttpRequest, int)} gave in this instant
   */
  public Exchange handle(HttpAnswer answer, Consumer<HttpResult> then) {
    return ContainerRequests.handle(this, answer, then);
  }

  /** How many requests it works on, those that wait for a worker not included. */
  public int working() {
    return state == null ? 0 : state.working();
  }

  /** What its answers' luck is drawn from. */
  public ChoiceStream random() {
    return state().random(this);
  }

  /**
   * Processor time used since its start, in nanoseconds: by what it does all the time, and by the
   * requests whose work has begun. It only grows while it runs, and stays when it has ended.
   */
  public double cpuNanos() {
    if (startedNanos < 0) {
      return 0;
    }
    long age = (exited() ? finishedNanos : simulation().now()) - startedNanos;
    return behavior.cpuNanosUntil(age) + (state == null ? 0 : state.cpu().totalNanos());
  }

  /** Processor time that requests used before a tick of {@link ContainerSamples}; 0 before any. */
  long requestCpuNanosBefore(long tick) {
    return state == null ? 0 : state.cpu().beforeNanos(tick);
  }

  /** How many requests it works on, those that wait for a worker included. */
  public int exchangesPending() {
    return state == null ? 0 : state.exchanges().size();
  }

  /** What it answers to a command by itself; null when the program of that name is to be run. */
  public @Nullable ProgramOutput answer(List<String> command) {
    return behavior.exec(command, ageNanos());
  }

  /** Runs a command inside; the callback gets its output, at once or later. */
  public ProgramRun exec(List<String> command, Consumer<ProgramOutput> then) {
    SimulationBug.check(running(), "a command in a container that does not run");
    ProgramOutput answer = answer(command);
    if (answer == null) {
      return runProgram(command, then);
    }
    ProgramRun run = new ProgramRun(this, command, false, null, then);
    run.end(answer);
    return run;
  }

  /**
   * Runs a command inside whose streams somebody outside holds.
   *
   * @param then gets how it ended; what it wrote went to the client, but for the error of a command
   *     that could not be started
   */
  public ProgramRun exec(
      List<String> command, ProcessStreams streams, Consumer<ProgramOutput> then) {
    SimulationBug.check(running(), "a command in a container that does not run");
    ProgramRun run = new ProgramRun(this, command, false, streams, then);
    ProgramOutput answer = answer(command);
    if (answer == null) {
      state().runs().add(run);
      run.start();
    } else {
      streams.out(answer.stdout());
      streams.err(answer.stderr());
      run.end(answer);
    }
    return run;
  }

  /**
   * Hears what its own process writes from now on.
   *
   * @return what the process reads; nothing comes there unless the spec asks for standard input
   */
  public ProcessStreams attach(ProcessClient client) {
    ContainerConsole console = state().console(this);
    console.attach(client);
    return console.streams();
  }

  /** Hears no more. */
  public void detach(ProcessClient client) {
    state().console(this).detach(client);
  }

  /** Runs the program of that name, whatever the container would answer by itself. */
  public ProgramRun runProgram(List<String> command, Consumer<ProgramOutput> then) {
    SimulationBug.check(running(), "a command in a container that does not run");
    ProgramRun run = new ProgramRun(this, command, false, null, then);
    state().runs().add(run);
    run.start();
    return run;
  }

  /**
   * Runs a program as its main process, with whose end it exits; called once, when it has started.
   */
  public void runMain(List<String> argv) {
    ProcessStreams streams = state().console(this).streams();
    ProgramRun run = new ProgramRun(this, argv, true, streams, output -> exit(output.exitCode()));
    state().runs().add(run);
    run.start();
  }

  /** Sends a signal to the program that is its main process. */
  public void signalMain(Signal signal) {
    if (state != null && !state.runs().isEmpty()) {
      state.runs().iterator().next().signal(signal);
    }
  }

  /** The number of its own process, which is 1 where it shares with nobody. */
  int mainPid() {
    return mainPid;
  }

  /** Its processes and those that see them. */
  public ProcessNamespace processNamespace() {
    return state().processNamespace(this);
  }

  /** Sends a signal to one of its processes; whether there is one of that number. */
  boolean signalOwn(int pid, Signal signal) {
    if (state != null && state.signal(pid, signal)) {
      return true;
    }
    boolean own = pid == mainPid;
    if (own && (signal == Signal.TERM || signal == Signal.INT || signal == Signal.QUIT)) {
      terminate();
    }
    return own;
  }

  void runEnded(ProgramRun run) {
    if (state != null) {
      state.runs().remove(run);
    }
  }

  /** Replaces what it does from now on; its age goes on. */
  public void behave(ContainerBehavior next) {
    behavior = next;
    changed();
  }

  /**
   * Changes what it may use while it runs. Where it does what its image says, that may end it: when
   * it uses more memory than its new limit allows.
   *
   * @param resources requests and limits
   */
  public void resize(KubeMap resources) {
    ContainerRuntime runtime = sandbox.runtime();
    boolean ofImage = behavior == runtime.behavior(spec);
    spec = spec.with("resources", resources);
    if (ofImage) {
      behavior = runtime.behavior(spec);
      if (running() && killTimer == null && !draining()) {
        scheduleExit();
      }
      changed();
    }
  }

  /** Tells that answers of the behavior have changed in another way than with time. */
  public void changed() {
    if (running()) {
      sandbox.runtime().listener().changed(this);
      sandbox.notifyObservers();
    }
  }

  void start() {
    startedNanos = simulation().now();
    mainPid = ProcessNamespace.shared(this) ? processNamespace().join(this) : 1;
    sandbox.started(this);
    behavior.started(this);
    if (!running()) {
      return;
    }
    scheduleExit();
  }

  /** When and how it ends by itself, counted from its start. */
  private void scheduleExit() {
    if (exitTimer != null) {
      exitTimer.cancel();
      exitTimer = null;
    }
    Exit exit = behavior.exit(this);
    if (exit.afterNanos() != ContainerBehavior.FOREVER) {
      long afterNanos = Math.max(0, exit.afterNanos() - ageNanos());
      exitTimer = simulation().after(afterNanos, "container/exit", id, () -> exit(exit));
    }
  }

  /** The runtime could not start it. */
  void failStart(String error) {
    finishedNanos = simulation().now();
    exitCode = START_ERROR;
    reason = "StartError";
    state().failStart(error);
  }

  /** The process ends by itself, now. */
  public void exit(int code) {
    exit(new Exit(0, code, ""));
  }

  void exit(Exit exit) {
    if (!running()) {
      return;
    }
    finish(exit.code(), exit.reason());
    sandbox.runtime().listener().exited(this);
  }

  private void finish(int code, String why) {
    exitCode = code;
    reason = why;
    finishedNanos = simulation().now();
    if (exitTimer != null) {
      exitTimer.cancel();
      exitTimer = null;
    }
    if (killTimer != null) {
      killTimer.cancel();
      killTimer = null;
    }
    sandbox.exited(this);
    ContainerState leftover = state;
    if (leftover != null) {
      for (ProgramRun run : new ArrayList<>(leftover.runs())) {
        run.kill();
      }
      for (Exchange exchange : new ArrayList<>(leftover.exchanges())) {
        exchange.end(new HttpResult.Reset());
      }
    }
  }

  /**
   * Sends SIGTERM, and SIGKILL when it has not ended within the grace; a second call can only
   * shorten the grace.
   */
  public void stop(long graceNanos) {
    if (!running()) {
      return;
    }
    long killAt = simulation().now() + graceNanos;
    if (killTimer != null) {
      if (killTimer.timeNanos() > killAt) {
        killTimer.cancel();
        killTimer = killAfter(graceNanos);
      }
      return;
    }
    killTimer = killAfter(graceNanos);
    terminate();
  }

  /** Sends SIGTERM, and nothing after it. */
  public void terminate() {
    if (!running()) {
      return;
    }
    Exit reaction = behavior.terminated(this, ageNanos());
    if (running() && behavior.drains() && !draining()) {
      state().drain();
      changed();
      new Drain(this, reaction).look();
    }
    if (!running() || reaction.afterNanos() == ContainerBehavior.FOREVER) {
      return;
    }
    exitAfter(reaction);
  }

  private void exitAfter(Exit reaction) {
    if (exitTimer == null || exitTimer.timeNanos() > simulation().now() + reaction.afterNanos()) {
      if (exitTimer != null) {
        exitTimer.cancel();
      }
      exitTimer =
          simulation().after(reaction.afterNanos(), "container/exit", id, () -> exit(reaction));
    }
  }

  private Timer killAfter(long graceNanos) {
    return simulation().after(graceNanos, "container/sigkill", id, this::kill);
  }

  /** Kills it at once: exit code 137. */
  public void kill() {
    exit(new Exit(0, SIGKILLED, ""));
  }

  /** The kernel kills it for want of memory. */
  public void killForMemory() {
    exit(new Exit(0, SIGKILLED, OOM_KILLED));
  }

  /** The machine loses power: it is found dead later, by nobody's notice. */
  void vanish() {
    if (running()) {
      finish(255, "Unknown");
    }
  }

  /** Writes lines to its log. */
  public void log(String text) {
    state().log(simulation().now(), text);
  }

  /** Lines of its log, oldest first. */
  public List<String> log() {
    List<String> lines = new ArrayList<>();
    logLines().lines().forEach(line -> lines.add(line.text()));
    return lines;
  }

  /** Its log with the times of its lines. */
  public ContainerLog logLines() {
    return ContainerLog.of(this, state);
  }

  /** Its volumes. */
  public List<Mount> mounts() {
    return mounts;
  }

  /** Content of a file inside, or null. */
  public @Nullable String file(String path) {
    return files().read(path);
  }

  /** Its file system. */
  public ContainerFiles files() {
    return state().files(this);
  }

  /** What a Redis server in it has stored. */
  public RedisDatabase redis() {
    return state().redis(this);
  }

  /** Tells that files which it sees have changed. */
  public void filesChanged() {
    if (behavior.readsFiles()) {
      changed();
    }
  }

  /** Whether its programs are those of BusyBox. */
  public boolean busyBox() {
    String image = spec.string("image", "");
    return image.contains("busybox") || image.contains("alpine");
  }

  /** Its processes that are programs, the oldest first; a server of an image is not among them. */
  List<ProgramContext> processes() {
    return state == null ? List.of() : state.processes();
  }

  ContainerState state() {
    ContainerState known = state;
    if (known == null) {
      known = new ContainerState();
      state = known;
    }
    return known;
  }
}
