package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The row of a pod: its readiness, its state in one word, its restarts.
 *
 * <p>Follows printPod of pkg/printers/internalversion/printers.go (v1.36).
 */
final class PodPrinter extends TablePrinter {

  static final PodPrinter PRINTER = new PodPrinter();

  private static final ImmutableList<KubeMap> SUCCEEDED =
      ImmutableList.of(completed("Succeeded", "The pod has completed successfully."));
  private static final ImmutableList<KubeMap> FAILED =
      ImmutableList.of(completed("Failed", "The pod failed."));

  private PodPrinter() {
    super(
        NAME,
        column("Ready", "The aggregate readiness state of this pod for accepting traffic."),
        column("Status", "The aggregate status of the containers in this pod."),
        column(
            "Restarts",
            "The number of times the containers in this pod have been restarted and when the last"
                + " container in this pod has restarted."),
        AGE,
        wide("IP", "The pod's first address."),
        wide("Node", "The node that the pod is assigned to."),
        wide("Nominated Node", "The node where preemption makes room for the pod."),
        wide("Readiness Gates", "How many of the pod's readiness gates are open."));
  }

  private static KubeMap completed(String reason, String message) {
    return KubeMap.of("type", "Completed", "status", "True", "reason", reason, "message", message);
  }

  @Override
  void print(KubeObject pod, Instant now, ImmutableList.Builder<Object> cells) {
    PodSummary summary = new PodSummary(pod);
    cells
        .add(pod.name())
        .add(summary.ready() + "/" + summary.total())
        .add(summary.reason())
        .add(restarts(summary, now))
        .add(age(pod, now))
        .add(orNone(pod.status().listOrEmpty("podIPs").isEmpty() ? "" : firstIp(pod)))
        .add(orNone(pod.spec().string("nodeName", "")))
        .add(orNone(pod.status().string("nominatedNodeName", "")))
        .add(readinessGates(pod));
  }

  private static String firstIp(KubeObject pod) {
    return pod.status().listOrEmpty("podIPs").map(0).string("ip", "");
  }

  private static String restarts(PodSummary summary, Instant now) {
    Instant last = summary.lastRestart();
    return summary.restarts() == 0 || last == null
        ? Long.toString(summary.restarts())
        : summary.restarts() + " (" + HumanDuration.since(Timestamps.seconds(last), now) + " ago)";
  }

  private static String readinessGates(KubeObject pod) {
    KubeList gates = pod.spec().listOrEmpty("readinessGates");
    if (gates.isEmpty()) {
      return "<none>";
    }
    int open = 0;
    for (KubeMap gate : gates.maps()) {
      @Nullable KubeMap condition = Conditions.find(pod.status(), gate.string("conditionType", ""));
      if (condition != null && "True".equals(condition.get("status"))) {
        open++;
      }
    }
    return open + "/" + gates.size();
  }

  @Override
  ImmutableList<KubeMap> conditions(KubeObject pod) {
    return switch (pod.status().string("phase", "")) {
      case "Succeeded" -> SUCCEEDED;
      case "Failed" -> FAILED;
      default -> ImmutableList.of();
    };
  }
}
