package dev.wavetank.core.apiserver.printers;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of HorizontalPodAutoscalers.
 *
 * <p>Follows printHorizontalPodAutoscaler of pkg/printers/internalversion/printers.go (v1.36).
 */
final class AutoscalerPrinter extends TablePrinter {

  static final AutoscalerPrinter PRINTER = new AutoscalerPrinter();

  private static final int METRICS_MAX = 2;
  private static final String UNKNOWN = "<unknown>";
  private static final String SHARE = "averageUtilization";
  private static final String AVERAGE = "averageValue";

  private AutoscalerPrinter() {
    super(
        NAME,
        column("Reference", "What is scaled."),
        column("Targets", "What is measured, and what it is to be."),
        column("MinPods", "The fewest replicas."),
        column("MaxPods", "The most replicas."),
        column("Replicas", "Number of replicas that were seen last."),
        AGE);
  }

  @Override
  void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
    KubeObject newest = ResourceType.HORIZONTAL_POD_AUTOSCALERS.view(object);
    KubeMap spec = newest.spec();
    KubeMap target = spec.mapOrEmpty("scaleTargetRef");
    cells
        .add(object.name())
        .add(target.string("kind", "") + "/" + target.string("name", ""))
        .add(metrics(spec.listOrEmpty("metrics"), newest.status().listOrEmpty("currentMetrics")))
        .add(spec.has("minReplicas") ? Long.toString(spec.number("minReplicas", 0)) : "<unset>")
        .add(spec.number("maxReplicas", 0))
        .add(newest.status().number("currentReplicas", 0))
        .add(age(object, now));
  }

  private static String metrics(KubeList specs, KubeList statuses) {
    if (specs.isEmpty()) {
      return "<none>";
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < Math.min(specs.size(), METRICS_MAX); i++) {
      texts.add(metric(specs.map(i), i < statuses.size() ? statuses.map(i) : null));
    }
    int more = specs.size() - METRICS_MAX;
    return String.join(", ", texts) + (more > 0 ? " + " + more + " more..." : "");
  }

  private static String metric(KubeMap metric, @Nullable KubeMap status) {
    String type = metric.string("type", "");
    String member = type.isEmpty() ? "" : Ascii.toLowerCase(type.charAt(0)) + type.substring(1);
    KubeMap source = metric.mapOrEmpty(member);
    KubeMap target = source.mapOrEmpty("target");
    KubeMap current =
        (status == null ? KubeMap.EMPTY : status.mapOrEmpty(member)).mapOrEmpty("current");
    return switch (type) {
      case "External", "Object" ->
          target.has(AVERAGE)
              ? amounts(current, target, AVERAGE) + " (avg)"
              : amounts(current, target, "value");
      case "Pods" -> amounts(current, target, AVERAGE);
      case "Resource", "ContainerResource" ->
          source.string("name", "")
              + ": "
              + (target.has(AVERAGE)
                  ? amounts(current, target, AVERAGE)
                  : share(current, UNKNOWN) + "/" + share(target, "<auto>"));
      default -> "<unknown type>";
    };
  }

  private static String amounts(KubeMap current, KubeMap target, String key) {
    return (current.has(key) ? String.valueOf(current.get(key)) : UNKNOWN) + "/" + target.get(key);
  }

  private static String share(KubeMap amounts, String absent) {
    return amounts.has(SHARE) ? amounts.number(SHARE, 0) + "%" : absent;
  }
}
