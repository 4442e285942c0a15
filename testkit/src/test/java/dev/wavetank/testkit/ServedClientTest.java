package dev.wavetank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.server.ClockMode;
import dev.wavetank.server.ClusterServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** The flows over HTTP, with the usual transport of a fabric8 client. */
class ServedClientTest extends ClientFlows {

  /** A watch of a second: while it waits, that much virtual time passes. */
  private static final String A_SECOND =
      "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1";

  /** Watches go on between two requests. */
  private static final ClockMode CLOCK = ClockMode.parse("20x");

  private final ClusterServer server;
  private final KubernetesClient client;

  ServedClientTest() throws IOException {
    server = ClusterServer.start(ClusterServer.options().withClock(CLOCK));
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.url())
            .withNamespace("default")
            .build();
    client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  @Override
  KubernetesClient client() {
    return client;
  }

  @Override
  void await(BooleanSupplier condition) {
    for (int seconds = 0; seconds < 60 && !condition.getAsBoolean(); seconds++) {
      client.raw(A_SECOND);
    }
    assertThat(condition.getAsBoolean()).as("within a minute of virtual time").isTrue();
  }
}
