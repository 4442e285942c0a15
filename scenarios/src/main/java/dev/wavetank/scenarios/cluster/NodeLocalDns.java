package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.dns.ClusterDns;
import dev.wavetank.dns.NodeCache;
import dev.wavetank.proxy.ProxyMode;
import org.jspecify.annotations.Nullable;

/**
 * NodeLocal DNSCache: a pod in the network of each node that takes over the address of kube-dns
 * there, and asks the cluster's servers by a Service of its own.
 *
 * <p>Upstream's manifest has a DaemonSet; here each node's pod is written by itself.
 *
 * <p>Follows cluster/addons/dns/nodelocaldns/nodelocaldns.yaml (v1.36).
 */
final class NodeLocalDns {

  private static final String IMAGE = "registry.k8s.io/dns/k8s-dns-node-cache";
  private static final String NAMESPACE = "kube-system";
  private static final ObjectKey UPSTREAM =
      ObjectKey.of(ResourceType.SERVICES, NAMESPACE, "kube-dns-upstream");
  private static final int HEALTH_PORT = 8080;

  private final ApiServer api;
  private final Network network;
  private final ClusterDns dns;
  private final String clusterDomain;
  private final IpAddress resolver;
  private final ImmutableList<IpAddress> addresses;

  private NodeLocalDns(
      ApiServer api,
      Network network,
      ClusterDns dns,
      String clusterDomain,
      IpAddress resolver,
      ImmutableList<IpAddress> addresses) {
    this.api = api;
    this.network = network;
    this.dns = dns;
    this.clusterDomain = clusterDomain;
    this.resolver = resolver;
    this.addresses = addresses;
  }

  /** The caches of a cluster that is to have them; null for others. */
  static @Nullable NodeLocalDns of(
      ClusterBuilder builder, ApiServer api, Network network, ClusterDns dns) {
    if (!wanted(builder)) {
      return null;
    }
    NodeLocalDns caches =
        new NodeLocalDns(
            api,
            network,
            dns,
            builder.clusterDomain,
            IpAddress.parse(Cluster.NODE_NAMESERVER),
            linkLocalOnly(builder)
                ? ImmutableList.of(NodeCache.LINK_LOCAL)
                : ImmutableList.of(NodeCache.LINK_LOCAL, builder.apiServer.dnsIp()));
    builder.images.behave(IMAGE, spec -> ContainerProcess.startedBy(caches::start));
    return caches;
  }

  private static boolean wanted(ClusterBuilder builder) {
    return builder.dns && builder.nodeLocalDns;
  }

  /** In mode ipvs kube-dns's address is kube-proxy's on every node. */
  private static boolean linkLocalOnly(ClusterBuilder builder) {
    return builder.proxyMode == ProxyMode.IPVS;
  }

  /** The name servers that kubelets give to pods. */
  static ImmutableList<String> serversOfPods(ClusterBuilder builder) {
    boolean linkLocal = wanted(builder) && linkLocalOnly(builder);
    IpAddress server = linkLocal ? NodeCache.LINK_LOCAL : builder.apiServer.dnsIp();
    return builder.dns ? ImmutableList.of(server.toString()) : ImmutableList.of();
  }

  /** Creates the Service by which the caches ask the cluster's servers. */
  void createService() {
    KubeList ports =
        KubeList.of(
            KubeMap.of("name", "dns", "port", 53L, "protocol", "UDP", "targetPort", 53L),
            KubeMap.of("name", "dns-tcp", "port", 53L, "protocol", "TCP", "targetPort", 53L));
    KubeMap metadata = KubeMap.of("name", UPSTREAM.name(), "namespace", NAMESPACE);
    api.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, metadata)
            .withSpec(KubeMap.of("selector", KubeMap.of("k8s-app", "kube-dns"), "ports", ports)));
  }

  /** Creates the pod of a node. */
  void createPod(String node) {
    KubeMap container = KubeMap.of("name", "node-cache", "image", IMAGE + ":1.26.4");
    KubeMap all = KubeMap.of("operator", "Exists");
    api.create(
        ResourceType.PODS,
        KubeObject.of(
                ResourceType.PODS,
                KubeMap.of(
                    "name",
                    "node-local-dns-" + node,
                    "namespace",
                    NAMESPACE,
                    "labels",
                    KubeMap.of("k8s-app", "node-local-dns")))
            .withSpec(
                KubeMap.of(
                    "nodeName",
                    node,
                    "hostNetwork",
                    true,
                    "dnsPolicy",
                    "Default",
                    "priorityClassName",
                    "system-node-critical",
                    "tolerations",
                    KubeList.of(all),
                    "containers",
                    KubeList.of(container))));
  }

  private Running start(Container container) {
    String node = container.sandbox().runtime().node();
    KubeObject service = api.find(UPSTREAM);
    String ip = service == null ? "" : service.spec().string("clusterIP", "");
    IpAddress upstream = IpAddress.parseOrNull(ip);
    NodeCache cache =
        dns.startNodeCache(node, clusterDomain, upstream == null ? resolver : upstream, resolver);
    addresses.forEach(address -> network.own(node, address, cache));
    return new Running(node, cache);
  }

  private final class Running implements ContainerProcess {

    private static final HttpAnswer OK =
        new HttpAnswer(HttpResponse.of(200, "text/plain", "OK"), 0);

    private final String node;
    private final NodeCache cache;

    Running(String node, NodeCache cache) {
      this.node = node;
      this.cache = cache;
    }

    /** It takes its addresses off the node, so that the node's rules apply again. */
    @Override
    public void stop() {
      addresses.forEach(address -> network.own(node, address, null));
      cache.stop();
    }

    @Override
    public boolean listens(Protocol protocol, int port, long ageNanos) {
      return protocol == Protocol.TCP && port == HEALTH_PORT;
    }

    @Override
    public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
      return OK;
    }
  }
}
