package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.stream.Signal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The background jobs of a shell, and the signals that it traps. */
final class ShellJobs {

  private static final int RUNS = -1;
  private static final int JOBS_MAX = 1000;

  private final Shell shell;
  private final Map<Integer, Integer> statuses = new LinkedHashMap<>();
  private final Map<Signal, String> traps = new EnumMap<>(Signal.class);
  private final Deque<Signal> heard = new ArrayDeque<>(1);
  private String last = "";
  private List<Integer> awaited = List.of();
  private boolean waits;

  ShellJobs(Shell shell) {
    this.shell = shell;
  }

  /** What a shell of its own for some commands has of it: signals that are ignored. */
  ShellJobs inherited(Shell child) {
    ShellJobs jobs = new ShellJobs(child);
    traps.forEach(
        (signal, script) -> {
          if (script.isEmpty()) {
            jobs.traps.put(signal, script);
          }
        });
    jobs.last = last;
    return jobs;
  }

  /** Number of the job started last; empty for none. */
  @Nullable String last() {
    return last.isEmpty() ? null : last;
  }

  /** Starts a job, which tells its end. */
  void add(Function<IntConsumer, @Nullable ProgramContext> start) {
    int[] pid = {0};
    int[] ended = {RUNS};
    ProgramContext job =
        start.apply(
            code -> {
              ended[0] = code;
              if (pid[0] != 0) {
                ended(pid[0], code);
              }
            });
    if (job != null) {
      pid[0] = job.pid();
      last = Integer.toString(job.pid());
      if (statuses.size() >= JOBS_MAX) {
        statuses.values().removeIf(status -> status != RUNS);
      }
      statuses.put(job.pid(), ended[0]);
    }
  }

  private void ended(int pid, int code) {
    statuses.put(pid, code);
    if (waits) {
      goOnIfEnded();
    }
  }

  /** Waits for jobs, all when none is named; then the status is that of the last one. */
  void await(List<String> pids) {
    awaited = pids.stream().map(ShellJobs::pid).toList();
    waits = true;
    shell.await();
    goOnIfEnded();
  }

  private static int pid(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void goOnIfEnded() {
    int status = 0;
    for (int pid : awaited) {
      status = statuses.getOrDefault(pid, 127);
      if (status == RUNS) {
        return;
      }
    }
    if (awaited.isEmpty() && statuses.containsValue(RUNS)) {
      return;
    }
    if (awaited.isEmpty()) {
      statuses.clear();
    }
    waits = false;
    shell.resume(status);
  }

  /** Sets what is done on a signal: nothing for an empty script, as usual for null. */
  void trap(Signal signal, @Nullable String script) {
    if (script == null) {
      traps.remove(signal);
    } else {
      traps.put(signal, script);
    }
  }

  Map<Signal, String> traps() {
    return traps;
  }

  /** What is done at the end of the shell, once; empty for nothing. */
  String takeExitTrap() {
    String script = traps.remove(Signal.EXIT);
    return script == null ? "" : script;
  }

  /** Hears a signal; whether it is trapped. */
  boolean hear(Signal signal) {
    String script = traps.get(signal);
    if (script == null) {
      return false;
    }
    if (!script.isEmpty() && !heard.contains(signal)) {
      heard.addLast(signal);
      if (waits) {
        waits = false;
        shell.resume(signal.exitCode());
      } else {
        shell.wake();
      }
    }
    return true;
  }

  /** What is to be done on the signal that was heard first; null when there is none. */
  @Nullable ShellFrame nextTrap() {
    Signal signal = heard.pollFirst();
    String script = signal == null ? null : traps.get(signal);
    ShellFrame frame = script == null ? null : shell.script(script);
    return frame == null ? null : new ShellFrames.Trap(frame, shell.status());
  }
}
