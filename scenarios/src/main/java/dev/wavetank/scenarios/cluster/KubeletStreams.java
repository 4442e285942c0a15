package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.apiserver.http.PodConnections;
import dev.wavetank.core.apiserver.http.RemoteCommandOptions;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.PodStreams;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.kubelet.prober.DialError;
import dev.wavetank.core.kubelet.streaming.AttachConnection;
import dev.wavetank.core.kubelet.streaming.ExecConnection;
import dev.wavetank.core.kubelet.streaming.PortForwardConnection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Logs of containers and connections into pods, by way of the kubelet of their node. */
final class KubeletStreams implements PodStreams, ContainerLogs, PodConnections {

  /** A command that has not ended by then is given up. */
  private static final long EXEC_NANOS_MAX = TimeUnit.DAYS.toNanos(1);

  /** A connection that is not made by then will not be, as for Go's transport. */
  private static final long DIAL_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  /** A request that is not answered by then is given up. */
  private static final long ANSWER_NANOS_MAX = TimeUnit.HOURS.toNanos(4);

  private final Simulation simulation;
  private final Kubelets kubelets;
  private final Network network;
  private final IpAddress apiServer;

  /**
   * The streams of a cluster.
   *
   * @param apiServer its address
   */
  KubeletStreams(Simulation simulation, Kubelets kubelets, Network network, IpAddress apiServer) {
    this.simulation = simulation;
    this.kubelets = kubelets;
    this.network = network;
    this.apiServer = apiServer;
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
  public List<LogLine> lines(KubeObject pod, String name, boolean previous) {
    List<LogLine> lines = new ArrayList<>();
    for (dev.wavetank.core.container.LogLine line : log(pod, name, previous).lines()) {
      long since = line.nanos();
      lines.add(new LogLine(simulation.start().plusNanos(since), line.text()));
    }
    return lines;
  }

  @Override
  public ContainerLog log(KubeObject pod, String name, boolean previous) {
    if (previous) {
      ContainerLog log = kubelet(pod).previousLog(pod.namespace(), pod.name(), name);
      if (log == null) {
        throw new ApiException(
            Status.badRequest(
                "previous terminated container \""
                    + name
                    + "\" in pod \""
                    + pod.name()
                    + "\" not found"));
      }
      return log;
    }
    Container container = container(pod, name);
    return container == null ? ContainerLog.EMPTY : container.logLines();
  }

  @Override
  public boolean open(KubeObject pod, String name) {
    Container container = container(pod, name);
    return container != null && container.running();
  }

  @Override
  public StreamConnection exec(KubeObject pod, String name, RemoteCommandOptions options) {
    return new ExecConnection(container(pod, name), name, options);
  }

  @Override
  public StreamConnection attach(KubeObject pod, String name, RemoteCommandOptions options) {
    return new AttachConnection(container(pod, name), name, options);
  }

  @Override
  public StreamConnection portForward(KubeObject pod) {
    for (PodSandbox sandbox : kubelet(pod).sandboxes()) {
      if (sandbox.podUid().equals(pod.uid()) && sandbox.ready()) {
        return new PortForwardConnection(sandbox);
      }
    }
    throw new ApiException(Status.bare(404, "NotFound", "pod does not exist"));
  }

  @Override
  public Runnable roundTrip(IpAddress address, int port, HttpRequest request, Answer then) {
    Kubelet here = kubelets.atNode(apiServer);
    Source source = new Source.Node(here == null ? Cluster.API_SERVER : here.name());
    HttpClient client =
        new HttpClient(
            simulation,
            network,
            HttpClient.Task.of(request),
            address,
            port,
            ANSWER_NANOS_MAX,
            (outcome, sent) ->
                then.take(
                    outcome.failure() == ProgramNetwork.Failure.NONE ? outcome.response() : null,
                    words(outcome)));
    client.send(source, DIAL_NANOS_MAX, null);
    return client::abandon;
  }

  /** In the words of Go's package net. */
  private static String words(ProgramNetwork.Outcome outcome) {
    return switch (outcome.failure()) {
      case NONE -> "";
      case REFUSED -> "dial tcp " + outcome.address() + ": connect: connection refused";
      case TIMED_OUT -> "dial tcp " + outcome.address() + ": i/o timeout";
      case NO_ROUTE -> "dial tcp " + outcome.address() + ": connect: no route to host";
      case NOT_HTTP -> DialError.notHttp(outcome.response().body());
      case RESET,
          NAME_NOT_FOUND,
          NAME_SERVER_SILENT,
          NOT_TLS,
          CERTIFICATE_REFUSED,
          UNRECOGNIZED_NAME ->
          "EOF";
    };
  }

  @Override
  public Output exec(KubeObject pod, String name, List<String> command, byte[] stdin, boolean tty) {
    RemoteCommandOptions options =
        new RemoteCommandOptions(ImmutableList.copyOf(command), true, true, true, false);
    return talk(exec(pod, name, options), stdin, tty);
  }

  @Override
  public Output attach(KubeObject pod, String name, byte[] stdin, boolean tty) {
    boolean input = stdin.length > 0;
    RemoteCommandOptions options =
        new RemoteCommandOptions(ImmutableList.of(), input, true, true, false);
    return talk(attach(pod, name, options), stdin, tty);
  }

  /** Sends everything there is to send, and lets time pass until the connection is over. */
  private Output talk(StreamConnection connection, byte[] stdin, boolean tty) {
    CollectedStreams collected = new CollectedStreams(tty);
    connection.start(collected);
    if (stdin.length > 0) {
      connection.receive(StreamConnection.STDIN, stdin);
    }
    connection.receiveEnd(StreamConnection.STDIN);
    long limit = simulation.now() + EXEC_NANOS_MAX;
    simulation.runUntil(collected::over, limit);
    connection.poll();
    if (!collected.over()) {
      connection.stop();
      throw new ApiException(Status.internalError("the command has not ended after a day"));
    }
    return collected.output();
  }
}
