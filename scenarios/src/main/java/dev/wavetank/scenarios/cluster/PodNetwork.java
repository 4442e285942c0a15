package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ImageReference;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TlsClient;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.ClusterDns;
import dev.wavetank.dns.resolver.BusyBoxNslookup;
import dev.wavetank.dns.resolver.Dig;
import dev.wavetank.dns.resolver.HostsFile;
import dev.wavetank.dns.resolver.LibcNslookup;
import dev.wavetank.dns.resolver.Lookup;
import dev.wavetank.dns.resolver.Nslookup;
import dev.wavetank.dns.resolver.PodDns;
import dev.wavetank.dns.resolver.PodHosts;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.dns.resolver.StubResolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The network of programs in pods: names by the pod's resolver file, connections from the pod's
 * address. It also gives each sandbox its place on the network.
 */
final class PodNetwork implements ProgramNetwork, Kubelets.SandboxListener {

  private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.0");
  private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");

  private static final Pattern OLD_BUSYBOX =
      Pattern.compile("(registry\\.k8s\\.io|k8s\\.gcr\\.io|gcr\\.io/google[-_]containers)/busybox");

  private final Simulation simulation;
  private final Network network;
  private final ClusterDns dns;
  private final CoreDnsProcesses coreDns;
  private final PodDns podDns;
  private final Function<String, NodeRules> nodeRules;

  /**
   * The network of a cluster.
   *
   * @param nodeRules the rules of a node by its name
   */
  PodNetwork(
      Simulation simulation,
      Network network,
      ClusterDns dns,
      CoreDnsProcesses coreDns,
      PodDns podDns,
      Function<String, NodeRules> nodeRules) {
    this.simulation = simulation;
    this.network = network;
    this.dns = dns;
    this.coreDns = coreDns;
    this.podDns = podDns;
    this.nodeRules = nodeRules;
  }

  @Override
  public void created(PodSandbox sandbox) {
    if (sandbox.hostNetwork()) {
      return;
    }
    String node = sandbox.runtime().node();
    PodListeners listeners = new PodListeners(sandbox, coreDns);
    IpAddress secondary = sandbox.secondaryIp();
    if (secondary == null) {
      network.attach(sandbox.ip(), node, listeners);
    } else {
      network.attach(sandbox.ip(), secondary, node, listeners);
    }
  }

  @Override
  public void removed(PodSandbox sandbox) {
    if (!sandbox.hostNetwork()) {
      sandbox.ips().forEach(network::detach);
    }
  }

  /** Where packets of processes in that sandbox come from. */
  static Source source(PodSandbox sandbox) {
    return sandbox.hostNetwork()
        ? new Source.Node(sandbox.runtime().node())
        : new Source.Pod(sandbox.ip());
  }

  /** The resolver file of a pod's containers. */
  ResolvConf resolver(PodSandbox sandbox) {
    return podDns.forPod(pod(sandbox)).resolvConf();
  }

  private static KubeObject pod(PodSandbox sandbox) {
    KubeMap metadata = KubeMap.of("name", sandbox.podName(), "namespace", sandbox.namespace());
    return KubeObject.of(ResourceType.PODS, metadata).withSpec(sandbox.podSpec());
  }

  @Override
  public String resolvConf(PodSandbox from) {
    return resolver(from).text();
  }

  @Override
  public String iptablesSave(PodSandbox from, boolean ipv6) {
    if (!from.hostNetwork()) {
      return "";
    }
    NodeRules rules = nodeRules.apply(from.runtime().node());
    return ipv6 ? rules.ip6tablesSave() : rules.iptablesSave();
  }

  @Override
  public String etcHosts(PodSandbox from) {
    KubeObject pod = pod(from);
    return from.hostNetwork()
        ? PodHosts.etcHostsOfNode(pod, "127.0.0.1\tlocalhost\n")
        : PodHosts.of(pod, podDns.clusterDomain())
            .etcHosts(pod, ImmutableList.copyOf(Lists.transform(from.ips(), IpAddress::toString)));
  }

  @Override
  public void http(
      PodSandbox from,
      String host,
      int port,
      HttpRequest request,
      long timeoutNanos,
      Consumer<Outcome> then) {
    ask(from, host, port, HttpClient.Task.of(request), timeoutNanos, then);
  }

  @Override
  public void https(
      PodSandbox from,
      String host,
      int port,
      @Nullable HttpRequest request,
      TlsClient client,
      long timeoutNanos,
      Consumer<Outcome> then) {
    ask(
        from,
        host,
        port,
        new HttpClient.Task(request, false, client, Protocol.TCP),
        timeoutNanos,
        then);
  }

  @Override
  public void connect(
      PodSandbox from, String host, int port, long timeoutNanos, Consumer<Outcome> then) {
    ask(from, host, port, HttpClient.Task.CONNECT, timeoutNanos, then);
  }

  @Override
  public void open(
      PodSandbox from, String host, int port, long timeoutNanos, SocketListener listener) {
    String place = named(from, host);
    if (loopback(place) && !from.hostNetwork()) {
      StreamClient.within(from, port, SocketAddress.text(place, port), listener);
      return;
    }
    send(
        from,
        place,
        port,
        HttpClient.Task.OPEN,
        timeoutNanos,
        (outcome, sent) -> {
          Connection made = sent == null ? null : sent.connection();
          if (outcome.failure() == Failure.NONE && made != null) {
            StreamClient.over(network, made, outcome.address(), listener);
          } else {
            listener.failed(outcome);
          }
        });
  }

  @Override
  public void datagram(
      PodSandbox from,
      String host,
      int port,
      String text,
      long timeoutNanos,
      Consumer<Outcome> then) {
    new DatagramRequest(this, network, from, port, then)
        .send(named(from, host), text, timeoutNanos);
  }

  /** What the pod's hosts file says for a name; the name itself where it says nothing. */
  private String named(PodSandbox from, String host) {
    if (IpAddress.parseOrNull(host) == null) {
      for (InetAddress address : HostsFile.parse(etcHosts(from)).addresses(host)) {
        return address.getHostAddress();
      }
    }
    return host;
  }

  static boolean loopback(String place) {
    IpAddress literal = IpAddress.parseOrNull(place);
    return literal != null && (literal.in(LOOPBACK, 8) || literal.equals(LOOPBACK_6));
  }

  /** The sandbox's address of the family of a loopback address. */
  static String own(PodSandbox from, String loopback) {
    IpAddress second = from.secondaryIp();
    return second != null && second.isV6() == (loopback.indexOf(':') >= 0)
        ? second.toString()
        : from.ip().toString();
  }

  /** Asks the pod itself, whoever its hosts file names, or whom its resolver finds. */
  private void ask(
      PodSandbox from,
      String host,
      int port,
      HttpClient.Task task,
      long timeoutNanos,
      Consumer<Outcome> then) {
    String place = named(from, host);
    if (loopback(place) && !from.hostNetwork()) {
      new LoopbackRequest(from, place, port, then).send(task.request(), task.tls(), timeoutNanos);
      return;
    }
    send(from, place, port, task, timeoutNanos, (outcome, sent) -> then.accept(outcome));
  }

  /** Sends from a pod, in whose node's network localhost is the node. */
  private void send(
      PodSandbox from,
      String place,
      int port,
      HttpClient.Task task,
      long timeoutNanos,
      Receiver then) {
    String host = loopback(place) ? own(from, place) : place;
    send(source(from), resolver(from), host, port, task, timeoutNanos, null, then);
  }

  /** Takes the outcome of {@link #send}. */
  interface Receiver {
    /**
     * It is over.
     *
     * @param sent the last attempt; null when the name was not resolved
     */
    void done(Outcome outcome, @Nullable HttpClient sent);
  }

  /**
   * Resolves, connects to the first address that takes the connection, and does the task.
   *
   * @param path told of questions and of each packet's way, or null
   */
  void send(
      Source source,
      ResolvConf conf,
      String host,
      int port,
      HttpClient.Task task,
      long timeoutNanos,
      @Nullable PathCollector path,
      Receiver then) {
    long deadline = simulation.now() + timeoutNanos;
    resolve(
        source,
        conf,
        host,
        path,
        (failure, addresses) -> {
          if (addresses.isEmpty()) {
            then.done(new Outcome(failure, HttpClient.NOTHING, ""), null);
          } else {
            next(source, addresses, 0, port, task, deadline, path, then);
          }
        });
  }

  /**
   * Looks a name up; an address is its own.
   *
   * @param then takes the addresses, or none and why
   */
  void resolve(
      Source source,
      ResolvConf conf,
      String host,
      @Nullable PathCollector path,
      BiConsumer<Failure, List<IpAddress>> then) {
    IpAddress literal = IpAddress.parseOrNull(host);
    if (literal != null) {
      then.accept(Failure.NONE, List.of(literal));
      return;
    }
    StubResolver.Resolution resolution =
        new StubResolver(conf, HostsFile.EMPTY, ids(source)).resolve(host, StubResolver.Family.ANY);
    dns.run(
        source,
        path == null ? resolution : path.watching(resolution),
        path == null ? null : path.lookups(),
        () -> {
          List<IpAddress> addresses = new ArrayList<>();
          StubResolver.Result result = resolution.result();
          if (result != null) {
            result.addresses().forEach(a -> addresses.add(IpAddress.of(a)));
          }
          then.accept(failure(result), addresses);
        });
  }

  private static Failure failure(StubResolver.@Nullable Result result) {
    return result == null || result.status() == StubResolver.Status.TEMPORARY_FAILURE
        ? Failure.NAME_SERVER_SILENT
        : Failure.NAME_NOT_FOUND;
  }

  private void next(
      Source source,
      List<IpAddress> addresses,
      int position,
      int port,
      HttpClient.Task task,
      long deadlineNanos,
      @Nullable PathCollector path,
      Receiver then) {
    HttpClient client =
        new HttpClient(
            simulation,
            network,
            task,
            addresses.get(position),
            port,
            Math.max(0, deadlineNanos - simulation.now()),
            (outcome, sent) -> {
              boolean refused = outcome.failure() == Failure.REFUSED;
              if (refused && position + 1 < addresses.size()) {
                next(source, addresses, position + 1, port, task, deadlineNanos, path, then);
              } else {
                then.done(outcome, sent);
              }
            });
    client.send(source, path);
  }

  @Override
  public void dig(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    dig(source(from), resolver(from), arguments, then);
  }

  void dig(Source source, ResolvConf conf, List<String> arguments, Consumer<ProgramOutput> then) {
    Dig dig = new Dig(arguments, conf, ids(source), simulation::instant);
    run(source, dig, () -> then.accept(new ProgramOutput(dig.exitCode(), dig.output(), "")));
  }

  Simulation simulation() {
    return simulation;
  }

  private ChoiceStream ids(Source source) {
    return simulation.choices().stream("resolver/" + source);
  }

  private void run(Source source, Lookup lookup, Runnable done) {
    dns.run(source, lookup, null, done);
  }

  @Override
  public void nslookup(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    String type = "";
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("-")) {
        int equals = argument.indexOf('=');
        type = equals < 0 ? type : argument.substring(equals + 1);
      } else {
        words.add(argument);
      }
    }
    if (words.isEmpty()) {
      then.accept(new ProgramOutput(1, "", "nslookup: no name is given\n"));
      return;
    }
    String server = words.size() > 1 ? words.get(1) : "";
    Source source = source(from);
    ImageReference busyBox = busyBox(from);
    if (busyBox != null && asksLibrary(busyBox)) {
      LibcNslookup program =
          new LibcNslookup(
              words.get(0), server, resolver(from), HostsFile.parse(etcHosts(from)), ids(source));
      run(
          source,
          program,
          () ->
              then.accept(
                  new ProgramOutput(program.exitCode(), program.output(), program.errors())));
    } else if (busyBox != null) {
      BusyBoxNslookup program =
          new BusyBoxNslookup(words.get(0), server, type, resolver(from), ids(source));
      run(
          source,
          program,
          () -> then.accept(new ProgramOutput(program.exitCode(), program.output(), "")));
    } else {
      Nslookup program = new Nslookup(words.get(0), server, type, resolver(from), ids(source));
      run(
          source,
          program,
          () -> then.accept(new ProgramOutput(program.exitCode(), program.output(), "")));
    }
  }

  /** The image of a pod whose programs are those of BusyBox; null for other programs. */
  private static @Nullable ImageReference busyBox(PodSandbox sandbox) {
    for (Container container : sandbox.running()) {
      ImageReference image = ImageReference.of(container.spec().string("image", ""));
      if (image.repository().contains("busybox") || image.repository().contains("alpine")) {
        return image;
      }
    }
    return null;
  }

  /** The copies of BusyBox in the registries of Kubernetes have not been renewed since 1.27. */
  private static boolean asksLibrary(ImageReference image) {
    int minor = image.minorVersion();
    return image.repository().endsWith("busybox")
        && (minor < 0 ? OLD_BUSYBOX.matcher(image.repository()).matches() : minor < 29);
  }
}
