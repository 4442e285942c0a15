package dev.wavetank.core.container;

import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.StreamHolder;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.container.stream.Terminal;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A process in a container, as the program that it runs sees it: its arguments, its streams, its
 * container, and the clock.
 */
public final class ProgramContext implements StreamHolder {

  /**
   * What its parent hands to a process.
   *
   * @param directory in which it works, as it sees it
   * @param root the directory of the container that it takes for {@code /}
   */
  public record Heritage(Map<String, String> env, Streams streams, String directory, String root) {}

  private final ProgramRun run;
  private final int pid;
  private final int depth;
  private final List<String> argv;
  private final Heritage heritage;
  private final IntConsumer ended;
  private final Set<Timer> timers = new LinkedHashSet<>(2);
  private final List<OpenPort> ports = new ArrayList<>(0);
  private @Nullable Predicate<Signal> handler;
  private @Nullable ProgramContext successor;
  private @Nullable Runnable onEnd;
  private ProgramContext writer = this;
  private boolean over;

  ProgramContext(
      ProgramRun run, int pid, int depth, List<String> argv, Heritage heritage, IntConsumer ended) {
    this.run = run;
    this.pid = pid;
    this.depth = depth;
    this.argv = argv;
    this.heritage = heritage;
    this.ended = ended;
  }

  /** The command that it is a process of. */
  public ProgramRun run() {
    return run;
  }

  public Container container() {
    return run.container();
  }

  /** Number of the process in its container; the container's own process is 1. */
  public int pid() {
    return pid;
  }

  /** How many processes it is away from the first one of its command. */
  public int depth() {
    return depth;
  }

  /** The command line, the program's name first. */
  public List<String> argv() {
    return argv;
  }

  /** The arguments without the program's name. */
  public List<String> arguments() {
    return argv.subList(1, argv.size());
  }

  /** Environment variables, in order. */
  public Map<String, String> env() {
    return heritage.env();
  }

  /** The working directory: an absolute path. */
  public String directory() {
    return heritage.directory();
  }

  /** The directory of the container that the process takes for {@code /}. */
  public String root() {
    return heritage.root();
  }

  /** The path in the container of a file that is named relative to the working directory. */
  public String path(String name) {
    return FilePaths.under(root(), FilePaths.resolve(directory(), name));
  }

  public ProgramInput in() {
    return heritage.streams().in();
  }

  public void out(String text) {
    if (!over) {
      heritage.streams().out().write(writer, text);
    }
  }

  public void err(String text) {
    if (!over) {
      heritage.streams().err().write(writer, text);
    }
  }

  /** Its open files. */
  public Streams streams() {
    return heritage.streams();
  }

  /** The terminal that its command was started on; null for none. */
  public @Nullable Terminal terminal() {
    return run.terminal();
  }

  /** Whether its standard input is that terminal, and not a file or a pipe. */
  public boolean readsTerminal() {
    Terminal terminal = terminal();
    return terminal != null && terminal.input() == in();
  }

  /** The network of the program's pod. */
  public ProgramNetwork network() {
    return container().sandbox().runtime().network();
  }

  /** Goes on after some time, unless the process is over by then. */
  public void after(long nanos, Runnable action) {
    Timer[] own = new Timer[1];
    Timer timer =
        container()
            .simulation()
            .after(
                nanos,
                "program/run",
                argv.get(0),
                () -> {
                  timers.remove(own[0]);
                  action.run();
                });
    own[0] = timer;
    timers.add(timer);
  }

  /**
   * Sets who hears signals.
   *
   * @param newHandler whether it has taken the signal; else the signal does what it does to a
   *     process without a handler
   */
  public void onSignal(Predicate<Signal> newHandler) {
    handler = newHandler;
  }

  /**
   * Sends a signal to the process; one that it does not handle ends it. A container's own process
   * does not hear such a signal, nor SIGKILL from inside the container.
   */
  @Override
  public void signal(Signal signal) {
    ProgramContext next = successor;
    if (next != null) {
      next.signal(signal);
      return;
    }
    if (over || signal == Signal.EXIT) {
      return;
    }
    boolean handled = signal != Signal.KILL && handler != null && handler.test(signal);
    if (!handled && pid != 1) {
      exit(signal.exitCode());
    }
  }

  /** Sets what happens when the process ends, in whatever way. */
  public void onEnd(Runnable action) {
    onEnd = action;
  }

  /** Closes a socket when the process ends; false when it has ended, and then at once. */
  public boolean closesAtEnd(ProgramNetwork.Socket socket) {
    if (over) {
      socket.close();
      return false;
    }
    onEnd(socket::close);
    return true;
  }

  /**
   * Listens on a port of the pod until the process ends.
   *
   * @return the port; null when somebody in the pod has it already
   */
  public @Nullable OpenPort listen(Protocol protocol, int port, PortListener listener) {
    if (over || container().sandbox().serves(protocol, port)) {
      return null;
    }
    OpenPort open = container().open(protocol, port, listener);
    ports.add(open);
    return open;
  }

  /** A process that this one starts; it is to be run. */
  public ProgramContext child(List<String> childArgv, Heritage given, IntConsumer whenEnded) {
    return run.process(
        run.container().processNamespace().next(), depth + 1, childArgv, given, whenEnded);
  }

  /** A process that takes this one's place and number. */
  public ProgramContext replacement(List<String> newArgv, Heritage given) {
    ProgramContext next = run.process(pid, depth, newArgv, given, this::exit);
    successor = next;
    return next;
  }

  /** What it writes counts as written by another process. */
  public void writeFor(ProgramContext other) {
    writer = other;
  }

  /** Ends the process; everything after that is without effect. */
  public void exit(int code) {
    if (!over) {
      discard();
      run.ended(this);
      ended.accept(code);
    }
  }

  /** Ends the process and tells nobody. */
  void discard() {
    over = true;
    timers.forEach(Timer::cancel);
    timers.clear();
    List.copyOf(ports).forEach(OpenPort::close);
    ports.clear();
    Runnable leaves = onEnd;
    if (leaves != null) {
      onEnd = null;
      leaves.run();
    }
  }

  /** Whether it ended: a late answer of the network has nobody to hear it. */
  @Override
  public boolean over() {
    return over;
  }

  /** Runs an action with what comes later, unless the process is over by then. */
  public <T> Consumer<T> unlessOver(Consumer<T> action) {
    return value -> {
      if (!over) {
        action.accept(value);
      }
    };
  }
}
