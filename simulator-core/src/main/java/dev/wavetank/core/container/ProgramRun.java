package dev.wavetank.core.container;

import dev.wavetank.core.container.ProgramContext.Heritage;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.container.stream.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs in a container: its main process, an exec, a probe or a hook. It is over when
 * its first process is; processes that this one has left behind go on until the container exits.
 */
public final class ProgramRun {

  /** Characters kept of each stream of an exec; the rest is cut off. */
  private static final int OUTPUT_MAX = 1 << 20;

  /** Processes that a command may have at a time. */
  private static final int PROCESSES_MAX = 1000;

  /** Processes that a command may begin at one point of time. */
  private static final int BEGUN_MAX = 20_000;

  private final Container container;
  private final List<String> command;
  private final boolean main;
  private final @Nullable ProcessStreams outside;
  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private final Set<ProgramContext> processes = new LinkedHashSet<>(2);
  private @Nullable Consumer<ProgramOutput> then;
  private long begunAtNanos = -1;
  private int begun;

  /**
   * A command that is not started yet.
   *
   * @param main whether it is what the container was started for
   * @param outside its streams; null for no input and for output that is kept until the end
   */
  ProgramRun(
      Container container,
      List<String> command,
      boolean main,
      @Nullable ProcessStreams outside,
      Consumer<ProgramOutput> then) {
    this.container = container;
    this.command = command;
    this.main = main;
    this.outside = outside;
    this.then = then;
  }

  public Container container() {
    return container;
  }

  public List<String> command() {
    return command;
  }

  /** Whether it ended or was killed. */
  public boolean over() {
    return then == null;
  }

  /** Sends a signal to its first process. */
  void signal(Signal signal) {
    if (!over() && !processes.isEmpty()) {
      processes.iterator().next().signal(signal);
    }
  }

  void start() {
    Program program = programs().find(command.get(0));
    if (program == null) {
      String error = StartErrors.execMissing(command.get(0));
      end(new ProgramOutput(ProgramOutput.NOT_STARTED, "", error));
      return;
    }
    Map<String, String> environment = environment(container);
    if (ArgumentSpace.exceeded(command, environment)) {
      String error = StartErrors.execTooLong(command.get(0));
      end(new ProgramOutput(ProgramOutput.NOT_STARTED, "", error));
      return;
    }
    Streams streams =
        Streams.of(
            outside == null ? ProgramInput.of("") : outside.in(),
            (process, text) -> write(text, stdout),
            (process, text) -> write(text, stderr));
    ProgramContext first =
        process(
            main ? container.mainPid() : container.processNamespace().next(),
            0,
            command,
            new Heritage(environment, streams, directory(), "/"),
            this::end);
    Terminal terminal = terminal();
    if (terminal != null) {
      terminal.onInterrupt(() -> interrupt(Signal.INT));
    }
    program.run(first);
  }

  /** Its terminal; null when it has none. */
  @Nullable Terminal terminal() {
    return outside == null ? null : outside.terminal();
  }

  /** Sends a signal of its terminal to all its processes. */
  public void interrupt(Signal signal) {
    new ArrayList<>(processes).forEach(process -> process.signal(signal));
  }

  private String directory() {
    String set = container.spec().string("workingDir", "");
    return set.isEmpty() ? "/" : FilePaths.resolve("/", set);
  }

  /** The variables of a container's processes. */
  static Map<String, String> environment(Container container) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", Programs.PATH);
    env.put("HOSTNAME", container.sandbox().hostname());
    container.env().forEach((name, value) -> env.put(name, (String) value));
    env.putIfAbsent("HOME", "/root");
    return env;
  }

  /** The programs that its processes can run. */
  public Programs programs() {
    return container.sandbox().runtime().registry().programs();
  }

  ProgramContext process(
      int pid, int depth, List<String> argv, Heritage heritage, IntConsumer ended) {
    ProgramContext process = new ProgramContext(this, pid, depth, argv, heritage, ended);
    processes.add(process);
    return process;
  }

  /** Whether it may have no more processes, or has begun too many while no time passed. */
  public boolean full() {
    long now = container.simulation().now();
    if (now != begunAtNanos) {
      begunAtNanos = now;
      begun = 0;
    }
    return processes.size() >= PROCESSES_MAX || ++begun > BEGUN_MAX;
  }

  /** Its processes, the oldest first. */
  Set<ProgramContext> processes() {
    return processes;
  }

  /** The process of that number, or null. */
  @Nullable ProgramContext find(int pid) {
    for (ProgramContext process : processes) {
      if (process.pid() == pid && !process.over()) {
        return process;
      }
    }
    return null;
  }

  void ended(ProgramContext process) {
    processes.remove(process);
    if (over() && processes.isEmpty()) {
      container.runEnded(this);
    }
  }

  private void write(String text, StringBuilder stream) {
    if (main) {
      container.log(text);
    }
    if (outside != null && !over()) {
      if (stream == stdout) {
        outside.out(text);
      } else {
        outside.err(text);
      }
    } else if (!over() && stream.length() < OUTPUT_MAX) {
      stream.append(text);
    }
  }

  private void end(int code) {
    end(new ProgramOutput(code, stdout.toString(), stderr.toString()));
  }

  void end(ProgramOutput output) {
    Consumer<ProgramOutput> callback = then;
    if (callback != null) {
      then = null;
      if (processes.isEmpty()) {
        container.runEnded(this);
      }
      callback.accept(output);
    }
  }

  /** Ends it without telling: nobody wants its answer any more. */
  public void cancel() {
    then = null;
    new ArrayList<>(processes).forEach(ProgramContext::discard);
    processes.clear();
    container.runEnded(this);
  }

  /** What it has written so far, with the exit code of a killed process. */
  public ProgramOutput soFar() {
    return new ProgramOutput(Signal.KILL.exitCode(), stdout.toString(), stderr.toString());
  }

  /** Its container died. */
  void kill() {
    Consumer<ProgramOutput> callback = then;
    cancel();
    if (callback != null && !main) {
      callback.accept(soFar());
    }
  }
}
