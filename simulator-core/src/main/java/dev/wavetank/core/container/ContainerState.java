package dev.wavetank.core.container;

import dev.wavetank.core.container.conversation.RedisDatabase;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What only few containers have: requests under way, commands that run, a log, files. */
final class ContainerState {

  /** Lines kept of a log; older ones are let go. */
  private static final int LOG_LINES_MAX = 1000;

  private final Set<Exchange> exchanges = new LinkedHashSet<>(2);
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final Set<ProgramRun> runs = new LinkedHashSet<>(2);
  private final List<OpenPort> ports = new ArrayList<>(0);
  private final ArrayDeque<LogLine> log = new ArrayDeque<>(2);
  private @Nullable ContainerFiles files;
  private @Nullable ContainerConsole console;
  private @Nullable RedisDatabase redis;
  private @Nullable ChoiceStream random;
  private final CpuUsage cpu = new CpuUsage();
  private boolean draining;
  private @Nullable ProcessNamespace processes;
  private String unfinishedLine = "";
  private long unfinishedNanos;
  private long forgotten;
  private String startError = "";

  void failStart(String error) {
    startError = error;
  }

  /** Why it could not be started; mostly empty. */
  String startError() {
    return startError;
  }

  Set<Exchange> exchanges() {
    return exchanges;
  }

  /** A request that no worker is free for yet; it is among the exchanges. */
  record Waiting(Exchange exchange, HttpAnswer answer) {}

  ArrayDeque<Waiting> waiting() {
    return waiting;
  }

  /** How many requests are worked on. */
  int working() {
    return exchanges.size() - waiting.size();
  }

  /** Ports on which processes listen. */
  List<OpenPort> ports() {
    return ports;
  }

  Set<ProgramRun> runs() {
    return runs;
  }

  /** The processes of the commands, the oldest first. */
  List<ProgramContext> processes() {
    List<ProgramContext> found = new ArrayList<>();
    runs.forEach(run -> found.addAll(run.processes()));
    return found;
  }

  /** Sends a signal to a process of a command; whether there is one of that number. */
  boolean signal(int pid, Signal signal) {
    for (ProgramRun run : List.copyOf(runs)) {
      ProgramContext process = run.find(pid);
      if (process != null) {
        process.signal(signal);
        return true;
      }
    }
    return false;
  }

  void log(long nanos, String text) {
    String pending = unfinishedLine + text;
    int start = 0;
    for (int end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', start)) {
      if (log.size() == LOG_LINES_MAX) {
        log.removeFirst();
        forgotten++;
      }
      boolean begunBefore = start == 0 && !unfinishedLine.isEmpty();
      log.addLast(
          new LogLine(begunBefore ? unfinishedNanos : nanos, pending.substring(start, end)));
      start = end + 1;
    }
    if (start > 0 || unfinishedLine.isEmpty()) {
      unfinishedNanos = nanos;
    }
    unfinishedLine = pending.substring(start);
  }

  /** How many lines were let go. */
  long forgotten() {
    return forgotten;
  }

  boolean lastUnfinished() {
    return !unfinishedLine.isEmpty();
  }

  List<LogLine> log() {
    List<LogLine> lines = new ArrayList<>(log);
    if (!unfinishedLine.isEmpty()) {
      lines.add(new LogLine(unfinishedNanos, unfinishedLine));
    }
    return lines;
  }

  ContainerFiles files(Container container) {
    ContainerFiles known = files;
    if (known == null) {
      known = new ContainerFiles(container);
      files = known;
    }
    return known;
  }

  ContainerConsole console(Container container) {
    ContainerConsole known = console;
    if (known == null) {
      known =
          new ContainerConsole(
              container.spec().bool("stdin", false), container.spec().bool("tty", false));
      console = known;
    }
    return known;
  }

  RedisDatabase redis(Container container) {
    RedisDatabase known = redis;
    if (known == null) {
      known = new RedisDatabase(container.simulation());
      redis = known;
    }
    return known;
  }

  /** What it draws its answers' luck from. */
  ChoiceStream random(Container container) {
    ChoiceStream known = random;
    if (known == null) {
      PodSandbox pod = container.sandbox();
      String name = "server/" + pod.namespace() + "/" + pod.podName() + "/" + container.name();
      known = container.simulation().choices().stream(name);
      random = known;
    }
    return known;
  }

  /** Processor time used for requests. */
  CpuUsage cpu() {
    return cpu;
  }

  /** Whether it takes no more connections, and ends when it has answered. */
  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
  }

  ProcessNamespace processNamespace(Container container) {
    ProcessNamespace known = processes;
    if (known == null) {
      known = ProcessNamespace.of(container);
      processes = known;
    }
    return known;
  }
}
