package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.PodStreams;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Logs and commands of containers, by way of the kubelet of their node. */
final class KubeletStreams implements PodStreams, ContainerLogs {

  /** A command that has not ended by then is given up. */
  private static final long EXEC_NANOS_MAX = TimeUnit.DAYS.toNanos(1);

  private final Simulation simulation;
  private final Kubelets kubelets;

  KubeletStreams(Simulation simulation, Kubelets kubelets) {
    this.simulation = simulation;
    this.kubelets = kubelets;
  }

  private Kubelet kubelet(KubeObject pod) {
    Kubelet kubelet = kubelets.find(pod.spec().string("nodeName", ""));
    if (kubelet == null || kubelet.down()) {
      throw new ApiException(
          Status.internalError(
              "error dialing backend: dial tcp "
                  + (kubelet == null ? "" : kubelet.address())
                  + ":10250: connect: no route to host"));
    }
    return kubelet;
  }

  private @Nullable Container container(KubeObject pod, String name) {
    for (Container container : kubelet(pod).containers(pod.namespace(), pod.name())) {
      if (container.name().equals(name) && container.sandbox().podUid().equals(pod.uid())) {
        return container;
      }
    }
    return null;
  }

  @Override
  public List<LogLine> log(KubeObject pod, String name, boolean previous) {
    Container container = container(pod, name);
    List<LogLine> lines = new ArrayList<>();
    if (container != null) {
      container.log().forEach(line -> lines.add(new LogLine(null, line)));
    }
    return lines;
  }

  @Override
  public List<String> lines(KubeObject pod, String name, boolean previous) {
    Container container = container(pod, name);
    return container == null ? List.of() : container.log();
  }

  @Override
  public boolean open(KubeObject pod, String name) {
    Container container = container(pod, name);
    return container != null && container.running();
  }

  @Override
  public Output exec(KubeObject pod, String name, List<String> command, byte[] stdin, boolean tty) {
    Container container = running(pod, name);
    AtomicReference<ProgramOutput> ended = new AtomicReference<>();
    container.exec(command, ended::set);
    simulation.runUntil(() -> ended.get() != null, simulation.now() + EXEC_NANOS_MAX);
    ProgramOutput output = ended.get();
    if (output == null) {
      throw new ApiException(Status.internalError("the command has not ended after a day"));
    }
    return tty
        ? new Output(output.combined(), "", output.exitCode())
        : new Output(output.stdout(), output.stderr(), output.exitCode());
  }

  /** What the process reads is not modelled: programs of images take no input. */
  @Override
  public Output attach(KubeObject pod, String name, byte[] stdin, boolean tty) {
    Container container = running(pod, name);
    int before = container.log().size();
    simulation.runUntil(() -> !container.running(), simulation.now() + EXEC_NANOS_MAX);
    StringBuilder written = new StringBuilder();
    List<String> log = container.log();
    log.subList(Math.min(before, log.size()), log.size())
        .forEach(line -> written.append(line).append('\n'));
    return new Output(written.toString(), "", 0);
  }

  private Container running(KubeObject pod, String name) {
    Container container = container(pod, name);
    if (container == null || !container.running()) {
      throw new ApiException(
          Status.internalError(
              "unable to upgrade connection: container not found (\"" + name + "\")"));
    }
    return container;
  }
}
