package dev.wavetank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scenarios.cluster.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

@SimulatedCluster(nodes = 2)
class InProcessClientTest extends ClientFlows {

  private final Cluster cluster;
  private final KubernetesClient client;

  InProcessClientTest(Cluster cluster, KubernetesClient client) {
    this.cluster = cluster;
    this.client = client;
  }

  @Override
  KubernetesClient client() {
    return client;
  }

  @Override
  void await(BooleanSupplier condition) {
    assertThat(cluster.runUntil(condition, Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void callbacksOfAnInformerAreCalledOnTheThreadThatRunsTheCluster() {
    List<Thread> threads = new ArrayList<>();
    ResourceEventHandler<Pod> handler =
        new ChangeHandler<>() {
          @Override
          public void onAdd(Pod pod) {
            threads.add(Thread.currentThread());
          }

          @Override
          public void onUpdate(Pod before, Pod after) {
            threads.add(Thread.currentThread());
          }
        };
    try (SharedIndexInformer<Pod> informer =
        client.pods().inNamespace("kube-system").inform(handler)) {
      assertThat(informer.isRunning()).isTrue();
      cluster.run(Duration.ofSeconds(30));
    }
    assertThat(threads).isNotEmpty().containsOnly(Thread.currentThread());
  }

  @Test
  void aWatchLastsForDays() {
    List<String> added = new ArrayList<>();
    ResourceEventHandler<Pod> handler =
        new ChangeHandler<>() {
          @Override
          public void onAdd(Pod pod) {
            added.add(pod.getMetadata().getName());
          }
        };
    try (SharedIndexInformer<Pod> informer = client.pods().inform(handler)) {
      cluster.run(Duration.ofDays(2));
      cluster.kubectl("run late --image=busybox -- sleep 1000");
      cluster.run(Duration.ofSeconds(1));
      assertThat(informer.isRunning()).isTrue();
    }
    assertThat(added).contains("late");
  }

  @Test
  void theSameCallsLeaveTheSameTrace() {
    assertThat(traceOfAScaling(7)).isEqualTo(traceOfAScaling(7)).isNotEqualTo(traceOfAScaling(8));
  }

  /** Scales a Deployment up whenever an informer tells that all its pods run. */
  private static String traceOfAScaling(long seed) {
    Cluster cluster = Cluster.builder().nodes(2).seed(seed).start();
    try (KubernetesClient client = KubernetesClients.of(cluster)) {
      client.apps().deployments().resource(web(1)).create();
      ResourceEventHandler<Deployment> scaler =
          new ChangeHandler<>() {
            @Override
            public void onUpdate(Deployment before, Deployment after) {
              Integer ready = after.getStatus().getReadyReplicas();
              int wanted = after.getSpec().getReplicas();
              if (ready != null && ready == wanted && wanted < 4) {
                client.apps().deployments().withName("web").scale(wanted + 1);
              }
            }
          };
      try (SharedIndexInformer<Deployment> informer = client.apps().deployments().inform(scaler)) {
        assertThat(informer.isRunning()).isTrue();
        cluster.run(Duration.ofMinutes(2));
      }
      assertThat(client.pods().list().getItems()).hasSize(4);
      return cluster.trace().hash();
    }
  }

  @Test
  @SimulatedCluster(nodes = 5, dns = false)
  void anAnnotationOfTheMethodCountsInPlaceOfThatOfItsClass(KubernetesClient own) {
    assertThat(own.pods().inAnyNamespace().list().getItems()).isEmpty();
    assertThat(own.nodes().list().getItems()).hasSize(5);
  }
}
