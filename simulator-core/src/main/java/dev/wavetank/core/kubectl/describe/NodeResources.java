package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods of a node and how much of it they ask for.
 *
 * <p>Follows describeNodeResource of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class NodeResources {

  private static final Quantity ZERO = Quantity.of(null);

  private NodeResources() {}

  static void describe(KubeObject node, Context context, Sheet sheet) {
    KubeMap status = node.status();
    KubeMap allocatable =
        status.mapOrEmpty("allocatable").isEmpty()
            ? status.mapOrEmpty("capacity")
            : status.mapOrEmpty("allocatable");
    List<KubeObject> pods =
        context
            .reader()
            .list(
                ResourceType.PODS,
                null,
                "",
                "spec.nodeName=" + node.name() + ",status.phase!=Failed,status.phase!=Succeeded");
    pods(pods, allocatable, context, sheet);
    totals(pods, allocatable, sheet);
  }

  private static void pods(
      List<KubeObject> pods, KubeMap allocatable, Context context, Sheet sheet) {
    sheet.field(0, "Non-terminated Pods", "(" + pods.size() + " in total)");
    sheet.line(
        1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    sheet.line(
        1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    for (KubeObject pod : pods) {
      Map<String, Quantity> requests = PodAmounts.requests(pod);
      Map<String, Quantity> limits = PodAmounts.limits(pod);
      sheet.line(
          1,
          pod.namespace()
              + "\t"
              + pod.name()
              + "\t\t"
              + share(requests, "cpu", allocatable)
              + "\t"
              + share(limits, "cpu", allocatable)
              + "\t"
              + share(requests, "memory", allocatable)
              + "\t"
              + share(limits, "memory", allocatable)
              + "\t"
              + HumanDuration.since(pod.creationTimestamp(), context.now()));
    }
  }

  private static void totals(List<KubeObject> pods, KubeMap allocatable, Sheet sheet) {
    Map<String, Quantity> requests = new LinkedHashMap<>();
    Map<String, Quantity> limits = new LinkedHashMap<>();
    for (KubeObject pod : pods) {
      PodAmounts.requests(pod).forEach((name, amount) -> add(requests, name, amount));
      PodAmounts.limits(pod).forEach((name, amount) -> add(limits, name, amount));
    }
    sheet.line(0, "Allocated resources:");
    sheet.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    sheet.line(1, "Resource\tRequests\tLimits").line(1, "--------\t--------\t------");
    List<String> shared = new ArrayList<>(List.of("cpu", "memory", "ephemeral-storage"));
    List<String> extended = new ArrayList<>();
    for (String name : Sheet.sortedKeys(allocatable)) {
      if (name.startsWith("hugepages-")) {
        shared.add(name);
      } else if (!shared.contains(name) && !name.equals("pods")) {
        extended.add(name);
      }
    }
    for (String name : shared) {
      sheet.line(
          1,
          name
              + "\t"
              + share(requests, name, allocatable)
              + "\t"
              + share(limits, name, allocatable));
    }
    for (String name : extended) {
      sheet.line(
          1,
          name + "\t" + requests.getOrDefault(name, ZERO) + "\t" + limits.getOrDefault(name, ZERO));
    }
  }

  private static void add(Map<String, Quantity> totals, String name, Quantity amount) {
    Quantity before = totals.get(name);
    totals.put(name, before == null ? amount : before.add(amount));
  }

  /** {@code 100m (2%)}: an amount and its share of what there is. */
  private static String share(Map<String, Quantity> amounts, String name, KubeMap allocatable) {
    Quantity amount = amounts.getOrDefault(name, ZERO);
    Quantity whole = Quantity.of(allocatable.get(name));
    boolean milli = name.equals("cpu");
    double part = milli ? amount.milliValue() : amount.value();
    double all = milli ? whole.milliValue() : whole.value();
    long percent = all == 0 ? 0 : (long) (part / all * 100);
    return amount + " (" + percent + "%)";
  }
}
