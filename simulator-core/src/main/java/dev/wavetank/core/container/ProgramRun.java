package dev.wavetank.core.container;

import dev.wavetank.core.sim.Timer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command that runs in a container: a container's main process, an exec, a probe or a hook. */
public final class ProgramRun {

  /** Characters kept of each stream of an exec; the rest is cut off. */
  private static final int OUTPUT_MAX = 1 << 20;

  private final Container container;
  private final List<String> command;
  private final boolean main;
  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private final Set<Timer> timers = new LinkedHashSet<>(2);
  private @Nullable Consumer<ProgramOutput> then;
  private @Nullable Runnable terminateHandler;

  ProgramRun(Container container, List<String> command, Consumer<ProgramOutput> then) {
    this(container, command, false, then);
  }

  ProgramRun(
      Container container, List<String> command, boolean main, Consumer<ProgramOutput> then) {
    this.container = container;
    this.command = command;
    this.main = main;
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

  /** Sets what it does on SIGTERM. */
  void onTerminate(Runnable handler) {
    terminateHandler = handler;
  }

  /** Sends it SIGTERM; without a handler process 1 does not hear it. */
  void terminate() {
    Runnable handler = terminateHandler;
    if (handler != null && !over()) {
      handler.run();
    }
  }

  void start() {
    Program program = programs().find(command.get(0));
    if (program == null) {
      end(
          new ProgramOutput(
              ProgramOutput.NOT_STARTED,
              "",
              "OCI runtime exec failed: exec failed: unable to start container process: exec: \""
                  + command.get(0)
                  + "\": "
                  + (command.get(0).startsWith("/")
                      ? "stat " + command.get(0) + ": no such file or directory"
                      : "executable file not found in $PATH")
                  + ": unknown"));
      return;
    }
    program.run(
        new ProgramContext(
            this, command, environment(), "", this::out, this::err, code -> end(code)));
  }

  Programs programs() {
    return container.sandbox().runtime().registry().programs();
  }

  private Map<String, String> environment() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("HOSTNAME", container.sandbox().hostname());
    container.env().forEach((name, value) -> env.put(name, (String) value));
    env.put("HOME", "/root");
    return env;
  }

  private void out(String text) {
    if (main) {
      container.log(text);
    } else if (stdout.length() < OUTPUT_MAX) {
      stdout.append(text);
    }
  }

  private void err(String text) {
    if (main) {
      container.log(text);
    } else if (stderr.length() < OUTPUT_MAX) {
      stderr.append(text);
    }
  }

  void after(long nanos, Runnable action) {
    Timer[] own = new Timer[1];
    Timer timer =
        container
            .simulation()
            .after(
                nanos,
                "program/run",
                command.get(0),
                () -> {
                  timers.remove(own[0]);
                  if (!over()) {
                    action.run();
                  }
                });
    own[0] = timer;
    timers.add(timer);
  }

  private void end(int code) {
    end(new ProgramOutput(code, stdout.toString(), stderr.toString()));
  }

  void end(ProgramOutput output) {
    Consumer<ProgramOutput> callback = then;
    if (callback != null) {
      stop();
      callback.accept(output);
    }
  }

  /** Ends it without telling; its container died or nobody wants its answer any more. */
  public void cancel() {
    stop();
  }

  /** What it has written so far. */
  public ProgramOutput soFar() {
    return new ProgramOutput(137, stdout.toString(), stderr.toString());
  }

  /** Its container died. */
  void kill() {
    if (main) {
      stop();
    } else {
      end(soFar());
    }
  }

  private void stop() {
    then = null;
    timers.forEach(Timer::cancel);
    timers.clear();
    container.runEnded(this);
  }
}
