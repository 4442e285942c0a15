package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.dns.ClusterDns;
import dev.wavetank.dns.Corefile;
import dev.wavetank.dns.resolver.ResolvConf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs CoreDNS in the containers of its image: each starts with the Corefile that its pod mounts,
 * answers on the port of DNS once it has seen the cluster, and ends with its container.
 */
final class CoreDnsProcesses {

  static final String IMAGE = "registry.k8s.io/coredns/coredns";

  private static final int HEALTH_PORT = 8080;
  private static final int READY_PORT = 8181;
  private static final int METRICS_PORT = 9153;

  /** CoreDNS goes on answering for so long after SIGTERM: {@code lameduck} of the Corefile. */
  private static final long LAMEDUCK_NANOS = 5_000_000_000L;

  private static final HttpAnswer OK = new HttpAnswer(HttpResponse.of(200, "text/plain", "OK"), 0);
  private static final HttpAnswer UNAVAILABLE =
      new HttpAnswer(HttpResponse.of(503, "text/plain", "kubernetes"), 0);
  private static final HttpAnswer NOT_FOUND =
      new HttpAnswer(HttpResponse.of(404, "text/plain", "404 page not found\n"), 0);

  private final ApiServer api;
  private final ClusterDns dns;
  private final ResolvConf nodeResolvConf;
  private final Map<PodSandbox, ClusterDns.CoreDns> running = new LinkedHashMap<>();

  CoreDnsProcesses(ApiServer api, ClusterDns dns, ResolvConf nodeResolvConf) {
    this.api = api;
    this.dns = dns;
    this.nodeResolvConf = nodeResolvConf;
  }

  /** Lets containers of the image run CoreDNS. */
  void install(ImageRegistry images) {
    images.behave(IMAGE, spec -> ContainerProcess.startedBy(this::start));
  }

  /** Gives a datagram to CoreDNS; false when it does not run there. */
  boolean datagram(PodSandbox sandbox, Packet packet, byte[] payload, Consumer<byte[]> reply) {
    ClusterDns.CoreDns process = running.get(sandbox);
    if (process != null) {
      process.datagram(packet, payload, reply);
    }
    return process != null;
  }

  private Running start(Container container) {
    PodSandbox sandbox = container.sandbox();
    ClusterDns.CoreDns process =
        dns.start(
            sandbox.podName(),
            Corefile.parse("/etc/coredns/Corefile", corefile(sandbox)),
            ImmutableList.of(sandbox.ip()),
            nodeResolvConf);
    running.put(sandbox, process);
    return new Running(sandbox, process);
  }

  /** The file in the ConfigMap that the pod mounts; kubeadm's when it mounts none. */
  private String corefile(PodSandbox sandbox) {
    for (KubeMap volume : sandbox.podSpec().listOrEmpty("volumes").maps()) {
      String name = volume.mapOrEmpty("configMap").string("name", "");
      KubeObject configMap =
          api.find(ObjectKey.of(ResourceType.CONFIG_MAPS, sandbox.namespace(), name));
      String text =
          configMap == null ? null : configMap.root().mapOrEmpty("data").string("Corefile");
      if (text != null) {
        return text;
      }
    }
    return Corefile.kubeadm("cluster.local");
  }

  private final class Running implements ContainerProcess {
    private final PodSandbox sandbox;
    private final ClusterDns.CoreDns process;

    Running(PodSandbox sandbox, ClusterDns.CoreDns process) {
      this.sandbox = sandbox;
      this.process = process;
    }

    @Override
    public void stop() {
      running.remove(sandbox, process);
      process.stop();
    }

    @Override
    public boolean listens(Protocol protocol, int port, long ageNanos) {
      return process.listening(protocol, port)
          || (protocol == Protocol.TCP
              && (port == HEALTH_PORT || port == READY_PORT || port == METRICS_PORT));
    }

    @Override
    public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
      String path = request.plainPath();
      if (port == READY_PORT && path.equals("/ready")) {
        return process.ready() ? OK : UNAVAILABLE;
      }
      return port == HEALTH_PORT && path.equals("/health") ? OK : NOT_FOUND;
    }

    /** Until it has seen the cluster its readiness may turn at any time. */
    @Override
    public long constantUntilNanos(long ageNanos) {
      return process.ready() ? FOREVER : ageNanos;
    }

    @Override
    public Exit terminated(Container ending, long ageNanos) {
      return new Exit(LAMEDUCK_NANOS, 0, "");
    }

    @Override
    public @Nullable String file(String path) {
      return null;
    }

    @Override
    public List<LogLine> log(long ageNanos) {
      return ImmutableList.of(
          new LogLine(0, ".:53"),
          new LogLine(0, "CoreDNS-1.13.1"),
          new LogLine(0, "linux/amd64, go1.25.2, 1db4568"));
    }
  }
}
