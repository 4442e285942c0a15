package dev.wavetank.server;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.apiserver.http.PodConnections;
import dev.wavetank.core.cloudprovider.SimulatedLoadBalancers.IpMode;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.ClusterBuilder;

/** A whole simulated cluster, built by settings. */
final class WholeCluster implements ServedCluster {

  private final Cluster cluster;

  WholeCluster(SessionSettings settings) {
    ClusterBuilder builder =
        Cluster.builder()
            .nodes(settings.nodes())
            .seed(settings.seed())
            .startsAt(settings.startsAt())
            .metricsServer(settings.metricsServer())
            .proxyMode(ProxyMode.of(settings.network().proxyMode()));
    if (!settings.network().loadBalancers().equals("none")) {
      builder.loadBalancers(IpMode.of(settings.network().loadBalancers()));
    }
    cluster = builder.start();
    for (SessionSettings.ManifestFile file : settings.manifests()) {
      cluster.apply(file.name(), file.text());
    }
  }

  @Override
  public ApiServer api() {
    return cluster.api();
  }

  @Override
  public ContainerLogs logs() {
    return cluster.containerLogs();
  }

  @Override
  public PodConnections connections() {
    return cluster.podConnections();
  }

  @Override
  public Cluster cluster() {
    return cluster;
  }

  @Override
  public String traceHash() {
    return cluster.trace().hash();
  }
}
