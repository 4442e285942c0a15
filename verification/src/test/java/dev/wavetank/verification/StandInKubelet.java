package dev.wavetank.verification;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.record.EventRecorder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What stood for kubelets when the kubectl stories were recorded: it gives pods of its nodes a
 * status by fixed times, and takes them away when they are deleted. Containers run until then;
 * those of images that cannot be pulled never start.
 */
final class StandInKubelet {

  static final long MILLI = 1_000_000L;
  static final long PULL_NANOS = 300 * MILLI;
  static final long INIT_NANOS = 500 * MILLI;
  static final long PROBE_NANOS = 300 * MILLI;
  private static final long TERMINATION_NANOS = 500 * MILLI;

  final ApiServer server;
  private final Map<String, String> addresses;
  private final Map<String, EventRecorder> recorders = new LinkedHashMap<>();
  private final Map<String, StandInPod> pods = new LinkedHashMap<>();
  private final Set<String> pulled = new LinkedHashSet<>();
  private int podNumber;

  /**
   * A stand-in for the kubelets of these nodes.
   *
   * @param addresses of the nodes, by name
   */
  StandInKubelet(ApiServer server, Map<String, String> addresses) {
    this.server = server;
    this.addresses = addresses;
    addresses
        .keySet()
        .forEach(node -> recorders.put(node, new EventRecorder(server, "kubelet", node)));
    server.watch(ResourceType.PODS, "stand-in", null, this::changed);
  }

  private void changed(Commit commit) {
    KubeObject pod = commit.after();
    if (pod == null) {
      StandInPod gone = pods.remove(commit.object().uid());
      if (gone != null) {
        gone.stop();
      }
      return;
    }
    String node = pod.spec().string("nodeName", "");
    if (!addresses.containsKey(node)) {
      return;
    }
    StandInPod known = pods.get(pod.uid());
    if (known == null && !pod.terminating()) {
      known = new StandInPod(this, pod, ++podNumber);
      pods.put(pod.uid(), known);
      known.start();
    } else if (pod.terminating() && (known == null || known.terminate())) {
      after(TERMINATION_NANOS, pod, () -> remove(pod));
    }
  }

  private void remove(KubeObject pod) {
    try {
      server.delete(pod.key(ResourceType.PODS), DeleteOptions.grace(0).withUid(pod.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  void after(long nanos, KubeObject pod, Runnable action) {
    server.simulation().after(nanos, "stand-in", pod.name(), action);
  }

  String address(KubeObject pod) {
    return addresses.getOrDefault(pod.spec().string("nodeName", ""), "");
  }

  EventRecorder recorder(KubeObject pod) {
    EventRecorder recorder = recorders.get(pod.spec().string("nodeName", ""));
    if (recorder == null) {
      throw new IllegalStateException("no node of " + pod.name());
    }
    return recorder;
  }

  /** Whether an image was not on the pod's node; now it is. */
  boolean pull(KubeObject pod, String image) {
    return pulled.add(pod.spec().string("nodeName", "") + " " + image);
  }

  boolean exists(ResourceType type, KubeObject pod, String name) {
    return server.find(ObjectKey.of(type, pod.namespace(), name)) != null;
  }
}
