package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a pod that its containers share: network namespace, address, host name. What listens
 * at the pod's address is asked here.
 */
public final class PodSandbox {

  /** Hears that a port of the sandbox may have opened or closed, or that the sandbox is gone. */
  public interface Observer {
    void changed(PodSandbox sandbox);

    /** Whether a client has a connection on which an answer is still to come. */
    default boolean clientsWait() {
      return false;
    }
  }

  private static final Container[] NONE = new Container[0];

  private final ContainerRuntime runtime;
  private final String namespace;
  private final String podName;
  private final String podUid;
  private final KubeMap podSpec;
  private final IpAddress ip;
  private final @Nullable IpAddress secondaryIp;
  private final long idSeed;
  private final int attempt;
  private Container[] containers = NONE;
  private @Nullable List<Observer> observers;
  private @Nullable ProcessNamespace processes;
  private boolean ready = true;

  PodSandbox(
      ContainerRuntime runtime,
      String namespace,
      String podName,
      String podUid,
      KubeMap podSpec,
      IpAddress ip,
      @Nullable IpAddress secondaryIp,
      int attempt,
      long idSeed) {
    this.runtime = runtime;
    this.namespace = namespace;
    this.podName = podName;
    this.podUid = podUid;
    this.podSpec = podSpec;
    this.ip = ip;
    this.secondaryIp = secondaryIp;
    this.attempt = attempt;
    this.idSeed = idSeed;
  }

  public ContainerRuntime runtime() {
    return runtime;
  }

  public String namespace() {
    return namespace;
  }

  public String podName() {
    return podName;
  }

  public String podUid() {
    return podUid;
  }

  public KubeMap podSpec() {
    return podSpec;
  }

  /** The pod's address, its first; the node's for a pod in the host network. */
  public IpAddress ip() {
    return ip;
  }

  /** Its address of the other family, in a cluster of both; else null. */
  public @Nullable IpAddress secondaryIp() {
    return secondaryIp;
  }

  /** Its addresses, the first in front. */
  public ImmutableList<IpAddress> ips() {
    IpAddress other = secondaryIp;
    return other == null ? ImmutableList.of(ip) : ImmutableList.of(ip, other);
  }

  public boolean hostNetwork() {
    return podSpec.bool("hostNetwork", false);
  }

  /** Whether its containers see one another's processes. */
  boolean sharesProcesses() {
    return podSpec.bool("shareProcessNamespace", false);
  }

  /** The processes of all its containers, where they share. */
  ProcessNamespace processNamespace() {
    ProcessNamespace known = processes;
    if (known == null) {
      known = new ProcessNamespace(true);
      processes = known;
    }
    return known;
  }

  /** How many sandboxes the pod had before this one. */
  public int attempt() {
    return attempt;
  }

  /** 64 hexadecimal digits. */
  public String id() {
    return ContainerRuntime.hexId(idSeed);
  }

  /** What {@code hostname} prints inside. */
  public String hostname() {
    if (hostNetwork()) {
      return runtime.node();
    }
    String set = podSpec.string("hostname", "");
    String name = set.isEmpty() ? podName : set;
    return name.length() <= 63 ? name : name.substring(0, 63);
  }

  /** Whether it stands: its address is up. */
  public boolean ready() {
    return ready;
  }

  /** Containers that run, in the order of their starts. */
  public List<Container> running() {
    return List.of(containers);
  }

  /** The running container that listens on that port, or null. */
  public @Nullable Container listener(Protocol protocol, int port) {
    for (Container container : containers) {
      if (container.listens(protocol, port)) {
        return container;
      }
    }
    return null;
  }

  /** Whether connections that were made to that port go on, though it may take no more of them. */
  public boolean serves(Protocol protocol, int port) {
    for (Container container : containers) {
      if (container.serves(protocol, port)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a connection or datagram to that port is accepted now. */
  public boolean listening(Protocol protocol, int port) {
    return listener(protocol, port) != null;
  }

  /** The running container that answers over connections to that TCP port, or null. */
  public @Nullable Container server(int port) {
    for (Container container : containers) {
      if (container.serves(Protocol.TCP, port)) {
        return container;
      }
    }
    return null;
  }

  /**
   * Hands a request over a connection to whoever answers on that TCP port.
   *
   * @param then called once, at once or later, unless the exchange is cancelled
   * @return the exchange, or null when nobody does: the connection is reset
   */
  public @Nullable Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then) {
    Container server = server(port);
    return server == null ? null : server.handle(request, port, then);
  }

  /**
   * The certificate that whoever listens on that TCP port shows to a client that asks for a name;
   * null when nobody does or no TLS is spoken there.
   */
  public @Nullable ShownCertificate certificate(int port, String serverName) {
    Container listener = listener(Protocol.TCP, port);
    return listener == null ? null : listener.behavior().certificate(port, serverName);
  }

  /** How whoever listens on that TCP port answers a TLS handshake. */
  public TlsAnswer tls(int port, String serverName) {
    Container listener = listener(Protocol.TCP, port);
    return listener == null ? TlsAnswer.usual(port) : listener.behavior().tls(port, serverName);
  }

  /** Whether a client has a connection on which an answer is still to come. */
  boolean clientsWait() {
    return observers != null && observers.stream().anyMatch(Observer::clientsWait);
  }

  /**
   * Hands a datagram to whoever listens on that UDP port.
   *
   * @param from address and port of the client
   * @param reply takes the answer if there is one, at once or later
   */
  public void datagram(int port, String text, String from, Consumer<String> reply) {
    Container listener = listener(Protocol.UDP, port);
    if (listener != null) {
      ContainerPorts.datagram(listener, port, text, from, reply);
    }
  }

  /** A client connects to a listening TCP port, says nothing, and leaves again. */
  public void touch(int port, String from) {
    Container listener = listener(Protocol.TCP, port);
    if (listener != null) {
      ContainerPorts.touch(listener, port, from);
    }
  }

  /** Starts to hear of changes. */
  public void observe(Observer observer) {
    List<Observer> list = observers;
    if (list == null) {
      list = new ArrayList<>(1);
      observers = list;
    }
    list.add(observer);
  }

  public void forget(Observer observer) {
    if (observers != null) {
      observers.remove(observer);
    }
  }

  void started(Container container) {
    containers = Arrays.copyOf(containers, containers.length + 1);
    containers[containers.length - 1] = container;
    notifyObservers();
  }

  void exited(Container container) {
    List<Container> left = new ArrayList<>(List.of(containers));
    left.remove(container);
    containers = left.isEmpty() ? NONE : left.toArray(NONE);
    notifyObservers();
  }

  void notifyObservers() {
    List<Observer> list = observers;
    if (list != null) {
      for (Observer observer : List.copyOf(list)) {
        observer.changed(this);
      }
    }
  }

  void tearDown() {
    ready = false;
    notifyObservers();
  }
}
