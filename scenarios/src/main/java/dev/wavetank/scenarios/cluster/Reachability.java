package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.resolver.ResolvConf;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects on behalf of whoever asks whether something can be reached, and by which way. */
final class Reachability {

  /** The address of clients outside of the cluster; one that documentation may use. */
  static final IpAddress OUTSIDE = IpAddress.parse("198.51.100.10");

  /** Their second address where the cluster has both families; likewise for documentation. */
  static final IpAddress OUTSIDE_IPV6 = IpAddress.parse("2001:db8::10");

  /** How long a client waits when it does not say. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Simulation simulation;
  private final ApiServer api;
  private final Kubelets kubelets;
  private final PodNetwork pods;
  private final ResolvConf nodeResolver;

  Reachability(ApiServer api, Kubelets kubelets, PodNetwork pods, ResolvConf nodeResolver) {
    this.simulation = api.simulation();
    this.api = api;
    this.kubelets = kubelets;
    this.pods = pods;
    this.nodeResolver = nodeResolver;
  }

  /**
   * The client that a reference names.
   *
   * @param namespace where a pod is looked for when the reference does not say
   * @throws IllegalArgumentException when the text is no reference
   * @throws ApiException 404 when there is no such pod or node, 409 when the pod does not run
   */
  Client client(String reference, String namespace) {
    Client.Reference parsed = Client.Reference.parse(reference);
    return switch (parsed.kind()) {
      case OUTSIDE ->
          new Client("outside of the cluster", new Source.Outside(OUTSIDE), nodeResolver);
      case NODE -> {
        if (kubelets.find(parsed.name()) == null) {
          throw new ApiException(Status.notFound(ResourceType.NODES, parsed.name()));
        }
        yield new Client("node " + parsed.name(), new Source.Node(parsed.name()), nodeResolver);
      }
      case POD -> pod(parsed.namespace().isEmpty() ? namespace : parsed.namespace(), parsed.name());
    };
  }

  private Client pod(String namespace, String name) {
    KubeObject pod = api.get(ObjectKey.of(ResourceType.PODS, namespace, name));
    PodSandbox sandbox = sandbox(pod);
    if (sandbox == null) {
      throw new ApiException(
          Status.badRequest("pod " + name + " does not run: it has no network to ask from"));
    }
    String words =
        "pod " + namespace + "/" + name + " (" + sandbox.ip() + " on " + sandbox.runtime().node();
    return new Client(words + ")", PodNetwork.source(sandbox), pods.resolver(sandbox));
  }

  private @Nullable PodSandbox sandbox(KubeObject pod) {
    Kubelet kubelet = kubelets.find(pod.spec().string("nodeName", ""));
    if (kubelet != null) {
      for (PodSandbox sandbox : kubelet.sandboxes()) {
        if (sandbox.podUid().equals(pod.uid()) && sandbox.ready()) {
          return sandbox;
        }
      }
    }
    return null;
  }

  /**
   * Begins to reach something.
   *
   * @param path collects the way, or null
   */
  void reach(
      Client client,
      String host,
      int port,
      HttpClient.Task task,
      Duration patience,
      @Nullable PathCollector path,
      Consumer<Reach> then) {
    reach(client, host, port, task, patience, path, (reach, connection) -> then.accept(reach));
  }

  /** Looks a name up; an address is its own. */
  void resolve(Client client, String host, BiConsumer<Failure, @Nullable IpAddress> then) {
    pods.resolve(
        client.source(),
        client.resolver(),
        host,
        null,
        (failure, found) -> then.accept(failure, found.isEmpty() ? null : found.get(0)));
  }

  /** Takes the outcome and the connection, null when none was made. */
  interface Reached {
    void done(Reach reach, @Nullable Connection connection);
  }

  /** The same, for one who wants the connection. */
  void reach(
      Client client,
      String host,
      int port,
      HttpClient.Task task,
      Duration patience,
      @Nullable PathCollector path,
      Reached then) {
    long began = simulation.now();
    pods.send(
        client.source(),
        client.resolver(),
        host,
        port,
        task,
        patience.toNanos(),
        path,
        (outcome, sent) -> {
          Connection connection = sent == null ? null : sent.connection();
          then.done(
              new Reach(
                  client.words(),
                  host + ":" + port,
                  outcome.failure(),
                  sent == null ? host : sent.detail(),
                  outcome.address(),
                  connection == null ? "" : sentTo(connection),
                  connection == null ? "" : endpoint(connection),
                  connection == null ? "" : pod(connection),
                  outcome.response(),
                  Duration.ofNanos(simulation.now() - began)),
              connection);
        });
  }

  Simulation simulation() {
    return simulation;
  }

  private static String endpoint(Connection connection) {
    return connection.server() == null ? "" : sentTo(connection);
  }

  private static String sentTo(Connection connection) {
    IpAddress to = connection.delivered().destination();
    return SocketAddress.text(to, connection.delivered().destinationPort());
  }

  private static String pod(Connection connection) {
    if (!(connection.server() instanceof PodListeners listeners)) {
      return "";
    }
    return listeners.sandbox().namespace() + "/" + listeners.sandbox().podName();
  }

  /** What a program dig of the client prints. */
  void dig(Client client, ImmutableList<String> arguments, Consumer<String> then) {
    pods.dig(
        client.source(), client.resolver(), arguments, output -> then.accept(output.combined()));
  }
}
