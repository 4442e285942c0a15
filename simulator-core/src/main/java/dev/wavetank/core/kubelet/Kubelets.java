package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kubelets of a cluster, and who listens at the addresses of its pods. */
public final class Kubelets {

  /** Hears of sandboxes as they come and go. */
  public interface SandboxListener {
    void created(PodSandbox sandbox);

    void removed(PodSandbox sandbox);
  }

  /** A pod behind a host port, and the port of its own that is meant. */
  public record HostPort(PodSandbox sandbox, int containerPort) {}

  private final ApiServer server;
  private final ImageRegistry images;
  private final ProgramNetwork network;
  private final SharedTrees shared;
  private final ServiceVariables services;
  private final VolumeUsers volumes;
  private final Map<String, Kubelet> kubelets = new LinkedHashMap<>();
  private final Map<IpAddress, Kubelet> byAddress = new LinkedHashMap<>();
  private final Map<IpAddress, PodSandbox> sandboxes = new LinkedHashMap<>();
  private final Map<IpAddress, List<PodSandbox>> hostNetworks = new LinkedHashMap<>();
  private final List<SandboxListener> listeners = new ArrayList<>();

  /**
   * A cluster without nodes.
   *
   * @param images what can be pulled and what it does
   * @param network what programs in pods have for a network
   */
  public Kubelets(ApiServer server, ImageRegistry images, ProgramNetwork network) {
    this.server = server;
    this.images = images;
    this.network = network;
    this.shared = new SharedTrees(server.simulation().start());
    this.services = new ServiceVariables(server);
    this.volumes = new VolumeUsers(server);
    server.listen(this::nodeChanged);
  }

  private void nodeChanged(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (commit.key().type().equals(ResourceType.NODES)
        && before != null
        && after != null
        && before.spec() != after.spec()) {
      Kubelet kubelet = kubelets.get(after.name());
      if (kubelet != null) {
        kubelet.cordonChanged();
      }
    }
  }

  ApiServer server() {
    return server;
  }

  public ImageRegistry images() {
    return images;
  }

  ProgramNetwork network() {
    return network;
  }

  ServiceVariables services() {
    return services;
  }

  VolumeUsers volumes() {
    return volumes;
  }

  SharedTrees sharedTrees() {
    return shared;
  }

  /** Registers a node and starts its kubelet. */
  public Kubelet join(NodeConfig config) {
    SimulationBug.check(!kubelets.containsKey(config.name()), "node " + config.name() + " twice");
    Kubelet kubelet = new Kubelet(this, config);
    kubelets.put(config.name(), kubelet);
    config.addresses().forEach(address -> byAddress.put(address, kubelet));
    kubelet.start();
    return kubelet;
  }

  /** The kubelet of a node, or null. */
  public @Nullable Kubelet find(String node) {
    return kubelets.get(node);
  }

  /** The kubelet of the node with that address, or null. */
  public @Nullable Kubelet atNode(IpAddress address) {
    return byAddress.get(address);
  }

  /** In the order in which they joined. */
  public Collection<Kubelet> all() {
    return kubelets.values();
  }

  public void listen(SandboxListener listener) {
    listeners.add(listener);
  }

  /** The sandbox at a pod's address, or null; pods in the host network are not found this way. */
  public @Nullable PodSandbox sandbox(IpAddress podIp) {
    return sandboxes.get(podIp);
  }

  /** Whether the address is one of a pod or node that stands. */
  public boolean up(IpAddress address) {
    Kubelet node = byAddress.get(address);
    return node == null ? sandboxes.containsKey(address) : !node.down();
  }

  /** The sandbox that listens on that port of that address, a node's too; null when none does. */
  public @Nullable PodSandbox listener(IpAddress address, Protocol protocol, int port) {
    PodSandbox pod = sandboxes.get(address);
    if (pod != null) {
      return pod.listening(protocol, port) ? pod : null;
    }
    for (PodSandbox sandbox : hostNetworks.getOrDefault(address, List.of())) {
      if (sandbox.listening(protocol, port)) {
        return sandbox;
      }
    }
    return null;
  }

  /**
   * Where a host port of a node leads, as the portmap plugin forwards it; null when no pod has that
   * port. A pod in the host network listens itself, see {@link #listener}.
   */
  public @Nullable HostPort hostPort(IpAddress node, Protocol protocol, int port) {
    Kubelet kubelet = byAddress.get(node);
    if (kubelet != null) {
      for (PodSandbox sandbox : kubelet.sandboxes()) {
        int found = sandbox.hostNetwork() ? 0 : containerPort(sandbox, node, protocol, port);
        if (found > 0) {
          return new HostPort(sandbox, found);
        }
      }
    }
    return null;
  }

  private static int containerPort(
      PodSandbox sandbox, IpAddress node, Protocol protocol, int port) {
    for (KubeMap container : sandbox.podSpec().listOrEmpty("containers").maps()) {
      for (KubeMap mapped : container.listOrEmpty("ports").maps()) {
        String address = mapped.string("hostIP", "");
        if (mapped.number("hostPort", 0) == port
            && Protocol.of(mapped.string("protocol", "TCP")) == protocol
            && (address.isEmpty()
                || address.equals("0.0.0.0")
                || address.equals(node.toString()))) {
          return (int) mapped.number("containerPort", 0);
        }
      }
    }
    return 0;
  }

  void created(PodSandbox sandbox) {
    for (IpAddress ip : sandbox.ips()) {
      if (sandbox.hostNetwork()) {
        hostNetworks.computeIfAbsent(ip, address -> new ArrayList<>(1)).add(sandbox);
      } else {
        sandboxes.put(ip, sandbox);
      }
    }
    for (SandboxListener listener : listeners) {
      listener.created(sandbox);
    }
  }

  void removed(PodSandbox sandbox) {
    for (IpAddress ip : sandbox.ips()) {
      if (sandbox.hostNetwork()) {
        hostNetworks.getOrDefault(ip, new ArrayList<>()).remove(sandbox);
      } else {
        sandboxes.remove(ip, sandbox);
      }
    }
    for (SandboxListener listener : listeners) {
      listener.removed(sandbox);
    }
  }
}
