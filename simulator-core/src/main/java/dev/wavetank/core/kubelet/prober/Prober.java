package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.ProgramRun;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a container what its probe asks, and reports failures as events.
 *
 * <p>Follows pkg/kubelet/prober/prober.go, pkg/probe/tcp/tcp.go, pkg/probe/exec/exec.go and
 * pkg/probe/grpc/grpc.go (v1.36).
 */
final class Prober implements ProbeAction {

  static final String TIMEOUT = "prober/timeout";

  private static final int ATTEMPTS_MAX = 3;
  private static final int OUTPUT_MAX = 10 * 1024;
  private static final String EXEC_FAILED =
      "rpc error: code = Unknown desc = failed to exec in container: ";

  private final Simulation simulation;
  private final EventRecorder recorder;

  Prober(Simulation simulation, EventRecorder recorder) {
    this.simulation = simulation;
    this.recorder = recorder;
  }

  Simulation simulation() {
    return simulation;
  }

  @Override
  public void probe(Worker worker, Consumer<ProbeOutcome> then) {
    Container container = worker.pod().container(worker.containerId());
    KubeMap probe = worker.probe().tree();
    if (container == null) {
      errored(worker, then, "container \"" + worker.containerId() + "\" not found");
    } else if (probe.has("exec")) {
      exec(worker, container, then, 1);
    } else if (probe.has("httpGet")) {
      http(worker, container, probe.mapOrEmpty("httpGet"), then);
    } else if (probe.has("tcpSocket")) {
      tcp(worker, container, probe.mapOrEmpty("tcpSocket"), then);
    } else if (probe.has("grpc")) {
      grpc(worker, container, probe.mapOrEmpty("grpc"), then);
    } else {
      errored(
          worker,
          then,
          "missing probe handler for "
              + worker.pod().pod().name()
              + "_"
              + worker.pod().pod().namespace()
              + "("
              + worker.pod().pod().uid()
              + "):"
              + worker.probe().container().string("name", ""));
    }
  }

  // Outcomes

  /** The probe succeeded, and will while the answers of that container stay as they are. */
  void succeeded(Consumer<ProbeOutcome> then, @Nullable Container constant) {
    then.accept(
        constant == null
            ? ProbeOutcome.SUCCESS
            : new ProbeOutcome(ProbeResult.SUCCESS, constant.constantUntilNanos()));
  }

  void failed(Worker worker, Consumer<ProbeOutcome> then, String output) {
    event(worker, "Unhealthy", worker.type().label() + " probe failed: " + output);
    then.accept(ProbeOutcome.FAILURE);
  }

  void warned(Worker worker, Consumer<ProbeOutcome> then, String output) {
    event(worker, "ProbeWarning", worker.type().label() + " probe warning: " + output);
    then.accept(ProbeOutcome.SUCCESS);
  }

  private void errored(Worker worker, Consumer<ProbeOutcome> then, String error) {
    event(
        worker,
        "Unhealthy",
        worker.type().label() + " probe errored and resulted in unknown state: " + error);
    then.accept(ProbeOutcome.ERROR);
  }

  private void event(Worker worker, String reason, String message) {
    if (worker.stopped()) {
      return;
    }
    String name = worker.probe().container().string("name", "");
    boolean init =
        worker.pod().pod().spec().listOrEmpty("initContainers").find("name", name) != null;
    recorder.event(
        worker.pod().pod(),
        (init ? "spec.initContainers{" : "spec.containers{") + name + "}",
        "Warning",
        reason,
        message);
  }

  // Exec

  private void exec(Worker worker, Container container, Consumer<ProbeOutcome> then, int attempt) {
    if (!container.running()) {
      errored(worker, then, EXEC_FAILED + "container is in CONTAINER_EXITED state");
      return;
    }
    List<String> command = new ArrayList<>();
    KubeList words = worker.probe().tree().mapOrEmpty("exec").listOrEmpty("command");
    Expansion.onlyStatic(words, worker.probe().container().listOrEmpty("env"))
        .forEach(word -> command.add((String) word));
    ProgramOutput answer = container.answer(command);
    if (answer != null) {
      executed(worker, container, then, attempt, answer, true);
      return;
    }
    Timer[] timeout = new Timer[1];
    ProgramRun run =
        container.runProgram(
            command,
            output -> {
              if (timeout[0] != null) {
                timeout[0].cancel();
              }
              executed(worker, container, then, attempt, output, false);
            });
    if (!run.over()) {
      timeout[0] =
          simulation.after(
              worker.probe().timeoutNanos(),
              TIMEOUT,
              container.name(),
              () -> {
                run.cancel();
                failed(
                    worker,
                    then,
                    "command timed out: "
                        + GoQuote.quote(String.join(" ", command))
                        + " timed out after "
                        + GoDuration.of(worker.probe().timeoutNanos()));
              });
    }
  }

  private void executed(
      Worker worker,
      Container container,
      Consumer<ProbeOutcome> then,
      int attempt,
      ProgramOutput output,
      boolean constant) {
    if (output.exitCode() == 0) {
      succeeded(then, constant ? container : null);
    } else if (output.exitCode() == ProgramOutput.NOT_STARTED) {
      if (attempt < ATTEMPTS_MAX) {
        exec(worker, container, then, attempt + 1);
      } else {
        errored(worker, then, EXEC_FAILED + output.stderr());
      }
    } else {
      String text = output.combined();
      failed(worker, then, text.length() > OUTPUT_MAX ? text.substring(0, OUTPUT_MAX) : text);
    }
  }

  // Network

  private void tcp(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = Ports.resolve(spec.get("port"), worker.probe().container());
    if (port <= 0) {
      errored(worker, then, "invalid port number: " + port);
      return;
    }
    String ip = container.sandbox().ip().toString();
    String host = spec.string("host", ip);
    if (host.equals(ip)) {
      Container listener = container.sandbox().listener(Protocol.TCP, port);
      if (listener != null) {
        container.sandbox().touch(port, "");
        succeeded(then, listener);
      } else {
        failed(worker, then, DialError.refused(host, port));
      }
      return;
    }
    container
        .sandbox()
        .runtime()
        .network()
        .connect(
            container.sandbox(),
            host,
            port,
            worker.probe().timeoutNanos(),
            outcome -> {
              if (outcome.failure() == ProgramNetwork.Failure.NONE) {
                succeeded(then, null);
              } else {
                failed(worker, then, DialError.tcp(outcome, host, port));
              }
            });
  }

  private void http(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = Ports.resolve(spec.get("port"), worker.probe().container());
    if (port <= 0) {
      errored(worker, then, "invalid port number: " + port);
    } else {
      new HttpProbe(this, worker, container, then, spec, port).start();
    }
  }

  private void grpc(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = (int) spec.number("port", 0);
    Container listener = container.sandbox().listener(Protocol.TCP, port);
    if (listener == null) {
      // The client tries to connect until its time is over.
      simulation.after(
          worker.probe().timeoutNanos(),
          TIMEOUT,
          container.name(),
          () ->
              failed(
                  worker,
                  then,
                  "timeout: failed to connect service \""
                      + SocketAddress.text(container.sandbox().ip(), port)
                      + "\" within "
                      + GoDuration.of(worker.probe().timeoutNanos())
                      + ": context deadline exceeded"));
      return;
    }
    String service = spec.string("service", "");
    String status = listener.grpcHealth(port, service);
    if (status == null) {
      failed(
          worker,
          then,
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health):"
              + " unknown service grpc.health.v1.Health");
    } else if (status.equals("SERVING")) {
      succeeded(then, listener);
    } else {
      failed(worker, then, "service unhealthy (responded with \"" + status + "\")");
    }
  }
}
