package dev.wavetank.scenarios.invariant;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ready endpoint is a Ready pod, but for the time that the endpoint controller needs to hear of a
 * change and to write it. Services that publish addresses that are not ready are left out.
 */
final class ReadyEndpoints implements Invariant {

  /** Informer, queue and request together take far less; a conflict or two fit in. */
  static final long LAG_NANOS_MAX = 5_000_000_000L;

  private final Map<ObjectKey, List<ObjectKey>> podsBySlice = new LinkedHashMap<>();
  private final Map<ObjectKey, Integer> uses = new LinkedHashMap<>();

  /** Pods of ready endpoints that are not Ready, by the time since when. */
  private final Map<ObjectKey, Long> late = new LinkedHashMap<>();

  @Override
  public String words() {
    return "a ready endpoint is a Ready pod within " + LAG_NANOS_MAX / 1_000_000_000L + " s";
  }

  @Override
  public @Nullable String broken(Commit commit, Cluster cluster) {
    ResourceType type = commit.key().type();
    if (type.equals(ResourceType.ENDPOINT_SLICES)) {
      sliceChanged(commit, cluster);
    } else if (type.equals(ResourceType.PODS) && uses.containsKey(commit.key())) {
      look(commit.key(), commit.after(), commit.timeNanos());
    }
    for (Map.Entry<ObjectKey, Long> entry : late.entrySet()) {
      if (commit.timeNanos() - entry.getValue() > LAG_NANOS_MAX) {
        return "the endpoint of " + entry.getKey() + " is ready and the pod is not";
      }
    }
    return null;
  }

  private void sliceChanged(Commit commit, Cluster cluster) {
    List<ObjectKey> before = podsBySlice.getOrDefault(commit.key(), List.of());
    KubeObject after = commit.after();
    List<ObjectKey> now = after == null ? List.of() : readyPods(after, cluster);
    if (now.isEmpty()) {
      podsBySlice.remove(commit.key());
    } else {
      podsBySlice.put(commit.key(), now);
    }
    for (ObjectKey pod : now) {
      uses.merge(pod, 1, Integer::sum);
      look(pod, cluster.api().find(pod), commit.timeNanos());
    }
    for (ObjectKey pod : before) {
      if (uses.merge(pod, -1, Integer::sum) == 0) {
        uses.remove(pod);
        late.remove(pod);
      }
    }
  }

  private static List<ObjectKey> readyPods(KubeObject slice, Cluster cluster) {
    String service = slice.labels().string("kubernetes.io/service-name", "");
    KubeObject owner =
        cluster.api().find(ObjectKey.of(ResourceType.SERVICES, slice.namespace(), service));
    if (owner == null || owner.spec().bool("publishNotReadyAddresses", false)) {
      return List.of();
    }
    List<ObjectKey> pods = new ArrayList<>();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      KubeMap target = endpoint.mapOrEmpty("targetRef");
      if ("Pod".equals(target.get("kind"))
          && endpoint.mapOrEmpty("conditions").bool("ready", true)) {
        pods.add(ObjectKey.of(ResourceType.PODS, slice.namespace(), target.string("name", "")));
      }
    }
    return pods;
  }

  private void look(ObjectKey key, @Nullable KubeObject pod, long nowNanos) {
    KubeMap ready = pod == null ? null : Conditions.find(pod.status(), "Ready");
    if (ready != null && "True".equals(ready.get("status"))) {
      late.remove(key);
    } else {
      late.putIfAbsent(key, nowNanos);
    }
  }
}
