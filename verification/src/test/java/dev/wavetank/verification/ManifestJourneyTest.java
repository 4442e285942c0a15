package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Streams;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.scenarios.Library;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.Reach;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The seed's manifest passes the stations of {@code docs/architecture.md}, in their order, from
 * apply to the answer of a pod.
 */
class ManifestJourneyTest {

  private static final String MANIFEST = "manifests/todobackend.yaml";

  private final List<Trace.Entry> trace = new ArrayList<>();
  private final List<String> passed = new ArrayList<>();
  private int position;

  /** The first entry after the last station that is one; the journey fails where there is none. */
  private Trace.Entry station(String name, Predicate<Trace.Entry> isIt) {
    while (position < trace.size()) {
      Trace.Entry entry = trace.get(position++);
      if (isIt.test(entry)) {
        passed.add(name);
        return entry;
      }
    }
    throw new AssertionError("after " + passed + " the trace never comes to: " + name);
  }

  private static Predicate<Trace.Entry> is(String what, String subject) {
    return entry -> entry.what().matches(what) && String.valueOf(entry.subject()).matches(subject);
  }

  /** A commit of an object of that type which is then as the condition says. */
  private static Predicate<Trace.Entry> commit(
      ResourceType type, String name, Predicate<KubeObject> condition) {
    return entry -> {
      if (!(entry.detail() instanceof Commit commit)) {
        return false;
      }
      KubeObject after = commit.after();
      ObjectKey key = commit.key();
      return after != null
          && key.type().equals(type)
          && key.name().matches(name)
          && condition.test(after);
    };
  }

  private static boolean ready(KubeObject pod) {
    return Streams.stream(pod.status().listOrEmpty("conditions").maps())
        .anyMatch(
            c -> c.string("type", "").equals("Ready") && c.string("status", "").equals("True"));
  }

  private static boolean probed(KubeObject pod) {
    KubeMap container = pod.spec().listOrEmpty("containers").map(0);
    return container.map("readinessProbe") != null;
  }

  private static boolean readyEndpoint(KubeObject slice) {
    return Streams.stream(slice.root().listOrEmpty("endpoints").maps())
        .anyMatch(endpoint -> endpoint.mapOrEmpty("conditions").bool("ready", false));
  }

  private Reach journey() throws IOException {
    Cluster cluster = Cluster.builder().nodes(2).seed(1).start();
    cluster.kubectl("run client --image=busybox --restart=Never -- sleep 1d");
    cluster.run(Duration.ofSeconds(30));
    long from = cluster.trace().count();
    cluster.apply(MANIFEST, new String(Library.read(MANIFEST), StandardCharsets.UTF_8));
    cluster.run(Duration.ofSeconds(30));
    Reach reach = cluster.get("pod/client", "todobackend", 80, "/");
    cluster
        .trace()
        .forEach(
            entry -> {
              if (entry.index() >= from) {
                trace.add(entry);
              }
            });
    return reach;
  }

  @Test
  void theSeedsManifestPassesTheStationsInOrder() throws IOException {
    Reach reach = journey();

    String service = "services/default/todobackend";
    String deployment = "deployments/default/todobackend";
    String pod = "todobackend-7bd78578bd-.....";
    String pods = "pods/default/" + pod;
    station("apply", is("user/kubectl", "apply .*"));
    station(
        "the Service is committed with its ClusterIP",
        commit(
            ResourceType.SERVICES,
            "todobackend",
            s -> s.spec().string("clusterIP", "").equals("10.103.210.17")));
    station(
        "the Deployment is committed with its defaults",
        commit(
            ResourceType.DEPLOYMENTS,
            "todobackend",
            d -> d.spec().number("progressDeadlineSeconds", 0) == 600));
    station("a watch delivers it", is("deployment-controller/observe", deployment));
    station("the Deployment controller", is("deployment-controller/reconcile", deployment));
    station(
        "its ReplicaSet", commit(ResourceType.REPLICA_SETS, "todobackend-7bd78578bd", r -> true));
    station("the ReplicaSet controller", is("replicaset-controller/reconcile", "replicasets/.*"));
    station(
        "its Pod", commit(ResourceType.PODS, pod, p -> p.spec().string("nodeName", "").isEmpty()));
    station("the scheduler sees it", is("scheduler/observe", pods));
    station("the scheduler decides", is("scheduler/schedule", pods));
    station("the scheduler binds", is("scheduler/bind", pods));
    station(
        "the binding",
        commit(ResourceType.PODS, pod, p -> !p.spec().string("nodeName", "").isEmpty()));
    station("the node's kubelet sees it", is("kubelet/node-./observe", pods));
    station("its sandbox", is("kubelet/sandbox", pods));
    station("its image", is("runtime/pulled", ".*/todobackend"));
    station("its container starts", is("kubelet/start-container", pods));
    station("the status manager", is("status-manager/send", "node-."));
    station(
        "Running",
        commit(
            ResourceType.PODS,
            pod,
            p -> p.status().string("phase", "").equals("Running") && !ready(p)));
    // The first probe runs within the start of its container; the pod is Ready when it succeeded.
    station(
        "its readiness probe has succeeded",
        commit(ResourceType.PODS, pod, p -> probed(p) && ready(p)));
    station("the EndpointSlice controller", is("endpoint-slice-controller/reconcile", service));
    station(
        "its endpoint is ready",
        commit(
            ResourceType.ENDPOINT_SLICES, "todobackend-.....", ManifestJourneyTest::readyEndpoint));
    station("kube-proxy of the client's node", is("kube-proxy/syncProxyRules", clientNode(reach)));
    station("a client asks", is("user/connect", "todobackend:80"));
    station("a CoreDNS pod gets the question", is("network/datagram", "10\\.244\\..*:53"));
    station("its answer", is("network/reply", "10\\.244\\..*:53"));
    station("the connection to the pod", is("network/established", reach.endpoint()));
    station("the request", is("http/request", "10\\.103\\.210\\.17:80"));
    station("the response", is("http/response", "10\\.103\\.210\\.17:80"));

    assertThat(reach.response().status()).isEqualTo(200);
    assertThat(reach.endpoint()).endsWith(":8000");
  }

  private static String clientNode(Reach reach) {
    return reach.from().replaceAll(".* on ", "").replace(")", "");
  }
}
