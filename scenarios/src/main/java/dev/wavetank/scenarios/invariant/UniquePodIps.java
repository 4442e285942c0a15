package dev.wavetank.scenarios.invariant;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** No two pods that are to run have the same address, host network aside. */
final class UniquePodIps implements Invariant {

  private final Map<String, KubeObject> byAddress = new LinkedHashMap<>();

  @Override
  public String words() {
    return "no two running pods have the same address";
  }

  @Override
  public @Nullable String broken(Commit commit, Cluster cluster) {
    if (!commit.key().type().equals(ResourceType.PODS)) {
      return null;
    }
    KubeObject before = commit.before();
    String old = before == null ? "" : address(before);
    if (!old.isEmpty()) {
      byAddress.remove(old);
    }
    KubeObject after = commit.after();
    String address = after == null ? "" : address(after);
    if (after == null || address.isEmpty()) {
      return null;
    }
    KubeObject other = byAddress.put(address, after);
    return other == null || other.uid().equals(after.uid())
        ? null
        : "pods " + other.name() + " and " + after.name() + " both have address " + address;
  }

  /** The address that counts; empty when none does. */
  private static String address(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    boolean counts =
        !pod.terminating()
            && !phase.equals("Succeeded")
            && !phase.equals("Failed")
            && !pod.spec().bool("hostNetwork", false);
    return counts ? pod.status().string("podIP", "") : "";
  }
}
