package dev.wavetank.testkit;

import dev.wavetank.scenarios.cluster.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Makes fabric8 clients of simulated clusters. */
public final class KubernetesClients {

  private static final String MASTER_URL = "http://wavetank.invalid/";

  private KubernetesClients() {}

  /**
   * A client that works on a cluster in this JVM, without sockets and without threads of its own.
   *
   * <p>A request takes effect at once, at the cluster's current time. What is watched comes while
   * the cluster runs: informers and watchers are called on the thread that runs it, between two
   * events of the simulation, with the latency that any watcher of the cluster has. The client is
   * for one thread, the one that runs the cluster.
   *
   * <p>Calls that wait on the wall clock, such as {@code waitUntilReady}, would wait for time that
   * does not pass: run the cluster instead, for example with {@link Cluster#runUntil}. A request
   * that the server refuses is not sent again.
   */
  public static KubernetesClient of(Cluster cluster) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(MASTER_URL)
            .withNamespace("default")
            .withOnlyHttpWatches(true)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new InProcessHttpClient.Factory(cluster))
        .withTaskExecutor(Runnable::run)
        .build();
  }
}
