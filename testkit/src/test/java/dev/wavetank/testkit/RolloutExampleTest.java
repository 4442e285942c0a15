package dev.wavetank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scenarios.cluster.Cluster;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SimulatedCluster(nodes = 3)
class RolloutExampleTest {

  @Test
  void aBrokenImageLeavesTheOldPodsInPlace(Cluster cluster, KubernetesClient client) {
    cluster.kubectl("create deployment web --image=nginx:1.27 --replicas=4");
    assertThat(cluster.runUntil(() -> ready(client) == 4, Duration.ofMinutes(1))).isTrue();

    cluster.failPulls("nginx:1.28", "not found");
    cluster.kubectl("set image deployment/web nginx=nginx:1.28");
    cluster.run(Duration.ofHours(1));

    assertThat(ready(client)).isEqualTo(3);
    assertThat(client.pods().withLabel("app", "web").list().getItems())
        .filteredOn(pod -> "Pending".equals(pod.getStatus().getPhase()))
        .hasSize(2);
  }

  private static int ready(KubernetesClient client) {
    Deployment web = client.apps().deployments().withName("web").get();
    Integer ready = web.getStatus().getReadyReplicas();
    return ready == null ? 0 : ready;
  }
}
