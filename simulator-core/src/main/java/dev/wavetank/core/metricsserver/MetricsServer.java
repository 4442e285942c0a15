package dev.wavetank.core.metricsserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ComputedObjects;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.sim.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * metrics-server: NodeMetrics and PodMetrics of {@code metrics.k8s.io/v1beta1}. It looks at all
 * kubelets every 15 seconds of virtual time, and tells the average use between its last two looks.
 * That is worked out when somebody asks: a cluster that nobody asks has no events of it.
 *
 * <p>A container uses the processor as its image and the requests to it say, and memory as its
 * image says, 0 where that says nothing. A node uses what its containers use. The server itself has
 * no pod; its Service has no endpoints.
 *
 * <p>Follows pkg/api/pod.go, pkg/api/node.go and pkg/storage of metrics-server (v0.8).
 */
public final class MetricsServer {

  private static final Comparator<KubeObject> ORDER =
      Comparator.comparing(KubeObject::namespace).thenComparing(KubeObject::name);

  private final ApiServer server;
  private final Simulation simulation;
  private final Kubelets kubelets;
  private final long startedNanos;

  private MetricsServer(ApiServer server, Kubelets kubelets) {
    this.server = server;
    this.simulation = server.simulation();
    this.kubelets = kubelets;
    this.startedNanos = simulation.now();
  }

  /** Starts it: from now on the API server has metrics, as soon as there are some. */
  public static void start(ApiServer server, Kubelets kubelets) {
    MetricsServer metrics = new MetricsServer(server, kubelets);
    server.served().compute(ResourceType.POD_METRICS, metrics.new Pods());
    server.served().compute(ResourceType.NODE_METRICS, metrics.new Nodes());
    MetricsManifests.create(server);
  }

  /** The last look; null while there were no two. */
  private @Nullable Scrape scrape() {
    Scrape last = Scrape.last(simulation);
    return last.previousNanos() < startedNanos ? null : last;
  }

  private KubeObject object(ResourceType type, KubeObject of, Scrape scrape, String window) {
    KubeMap metadata = KubeMap.of("name", of.name(), "creationTimestamp", server.timestamp());
    if (type.namespaced()) {
      metadata = metadata.with("namespace", of.namespace());
    }
    if (!of.labels().isEmpty()) {
      metadata = metadata.with("labels", of.labels());
    }
    Instant time = simulation.start().plusNanos(scrape.lastNanos());
    KubeMap kind = KubeMap.of("kind", type.kind(), "apiVersion", type.apiVersion());
    return KubeObject.of(kind.with("metadata", metadata))
        .with(Timestamps.seconds(time), "timestamp")
        .with(window, "window");
  }

  private ApiException notFound(String kind, String name) {
    String message = kind + ".metrics.k8s.io \"" + name + "\" not found";
    return new ApiException(
        new Status(
            404,
            "NotFound",
            message,
            kind.equals("nodemetrics") ? ResourceType.NODE_METRICS : ResourceType.POD_METRICS,
            name,
            ImmutableList.of()));
  }

  /** What pods use. */
  private final class Pods implements ComputedObjects {

    @Override
    public KubeObject get(ObjectKey key) {
      KubeObject pod = server.find(ObjectKey.of(ResourceType.PODS, key.namespace(), key.name()));
      KubeObject metrics = null;
      Scrape scrape = scrape();
      if (pod != null && scrape != null && running(pod)) {
        Kubelet kubelet = kubelets.find(pod.spec().string("nodeName", ""));
        metrics = metrics(pod, kubelet == null ? null : sandboxes(kubelet).get(pod.uid()), scrape);
      }
      if (metrics == null) {
        throw notFound("podmetrics", key.namespace() + "/" + key.name());
      }
      return metrics;
    }

    @Override
    public List<KubeObject> list(@Nullable String namespace) {
      List<KubeObject> found = new ArrayList<>();
      Scrape scrape = scrape();
      if (scrape == null) {
        return found;
      }
      Map<String, Map<String, PodSandbox>> byNode = new LinkedHashMap<>();
      for (KubeObject pod : server.list(ResourceType.PODS, namespace, LabelSelector.everything())) {
        Kubelet kubelet = kubelets.find(pod.spec().string("nodeName", ""));
        if (kubelet == null || !running(pod)) {
          continue;
        }
        Map<String, PodSandbox> sandboxes =
            byNode.computeIfAbsent(kubelet.name(), node -> sandboxes(kubelet));
        KubeObject metrics = metrics(pod, sandboxes.get(pod.uid()), scrape);
        if (metrics != null) {
          found.add(metrics);
        }
      }
      found.sort(ORDER);
      return found;
    }

    private static boolean running(KubeObject pod) {
      return pod.status().string("phase", "").equals("Running");
    }

    /** Those of the pods of a node that can be asked, by the pods' UIDs. */
    private static Map<String, PodSandbox> sandboxes(Kubelet kubelet) {
      Map<String, PodSandbox> found = new LinkedHashMap<>();
      if (!kubelet.down()) {
        for (PodSandbox sandbox : kubelet.sandboxes()) {
          found.put(sandbox.podUid(), sandbox);
        }
      }
      return found;
    }

    /** Null when one of its containers was seen once only, and when none was seen. */
    private @Nullable KubeObject metrics(
        KubeObject pod, @Nullable PodSandbox sandbox, Scrape scrape) {
      if (sandbox == null) {
        return null;
      }
      List<KubeMap> containers = new ArrayList<>();
      String window = "";
      for (Container container : sandbox.running()) {
        if (scrape.saw(container)) {
          Scrape.Usage usage = scrape.usage(container);
          if (usage == null) {
            return null;
          }
          window = usage.window();
          containers.add(KubeMap.of("name", container.name(), "usage", usage.tree()));
        }
      }
      return containers.isEmpty()
          ? null
          : object(ResourceType.POD_METRICS, pod, scrape, window)
              .with(KubeList.copyOf(containers), "containers");
    }
  }

  /** What nodes use. */
  private final class Nodes implements ComputedObjects {

    @Override
    public KubeObject get(ObjectKey key) {
      KubeObject node = server.find(ObjectKey.of(ResourceType.NODES, "", key.name()));
      KubeObject metrics = node == null ? null : metrics(node);
      if (metrics == null) {
        throw notFound("nodemetrics", key.name());
      }
      return metrics;
    }

    @Override
    public List<KubeObject> list(@Nullable String namespace) {
      List<KubeObject> found = new ArrayList<>();
      for (KubeObject node : server.list(ResourceType.NODES)) {
        KubeObject metrics = metrics(node);
        if (metrics != null) {
          found.add(metrics);
        }
      }
      found.sort(ORDER);
      return found;
    }

    private @Nullable KubeObject metrics(KubeObject node) {
      Scrape scrape = scrape();
      Kubelet kubelet = kubelets.find(node.name());
      if (scrape == null || kubelet == null || kubelet.down()) {
        return null;
      }
      Instant created = Timestamps.parse(node.metadata().get("creationTimestamp"));
      Instant previous = simulation.start().plusNanos(scrape.previousNanos());
      if (created != null && created.isAfter(previous)) {
        return null;
      }
      Scrape.Usage sum = Scrape.Usage.NONE;
      for (PodSandbox sandbox : kubelet.sandboxes()) {
        for (Container container : sandbox.running()) {
          sum = sum.plus(scrape.usageOfNode(container));
        }
      }
      return object(ResourceType.NODE_METRICS, node, scrape, sum.window())
          .with(sum.tree(), "usage");
    }
  }
}
