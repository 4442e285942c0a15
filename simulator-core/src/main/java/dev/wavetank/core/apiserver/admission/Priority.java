package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.Memo;
import org.jspecify.annotations.Nullable;

/**
 * A pod's priority is that of its class: one of the two system classes, or 0 when it names none.
 *
 * <p>Follows plugin/pkg/admission/priority/admission.go (v1.36).
 */
public final class Priority implements Admission {

  private static final String POLICY = "PreemptLowerPriority";
  private static final long CLUSTER_CRITICAL = 2_000_000_000L;
  private static final long NODE_CRITICAL = 2_000_001_000L;

  private final Memo<KubeMap> prioritized = new Memo<>(Priority::prioritized);

  @Override
  public KubeObject admit(ResourceType type, KubeObject pod, @Nullable KubeObject before) {
    if (!type.equals(ResourceType.PODS)) {
      return pod;
    }
    if (before != null) {
      return pod.spec() == before.spec() ? pod : pod.withSpec(kept(pod.spec(), before.spec()));
    }
    KubeMap spec = pod.spec();
    String name = spec.string("priorityClassName", "");
    long value = value(name);
    if (value < 0) {
      throw refused(pod, "no PriorityClass with name " + name + " was found");
    }
    long asked = spec.number("priority", value);
    if (asked != value) {
      throw refused(
          pod,
          "the integer value of priority ("
              + asked
              + ") must not be provided in pod spec; priority admission controller computed "
              + value
              + " from the given PriorityClass name");
    }
    String policy = spec.string("preemptionPolicy", POLICY);
    if (!policy.equals(POLICY)) {
      throw refused(
          pod,
          "the string value of PreemptionPolicy ("
              + policy
              + ") must not be provided in pod spec; priority admission controller computed "
              + POLICY
              + " from the given PriorityClass name");
    }
    return pod.withSpec(prioritized.of(spec));
  }

  private static ApiException refused(KubeObject pod, String why) {
    return new ApiException(Status.forbidden(ResourceType.PODS, pod.name(), why));
  }

  private static long value(String name) {
    return switch (name) {
      case "" -> 0;
      case "system-cluster-critical" -> CLUSTER_CRITICAL;
      case "system-node-critical" -> NODE_CRITICAL;
      default -> -1;
    };
  }

  private static KubeMap prioritized(KubeMap spec) {
    return spec.with("priority", value(spec.string("priorityClassName", "")))
        .with("preemptionPolicy", POLICY);
  }

  /** What an update leaves out stays. */
  private static KubeMap kept(KubeMap spec, KubeMap before) {
    KubeMap s = spec.has("priority") ? spec : spec.with("priority", before.get("priority"));
    return s.has("preemptionPolicy")
        ? s
        : s.with("preemptionPolicy", before.get("preemptionPolicy"));
  }
}
