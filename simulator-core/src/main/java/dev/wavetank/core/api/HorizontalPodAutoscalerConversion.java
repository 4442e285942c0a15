package dev.wavetank.core.api;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers of autoscaling/v1 and autoscaling/v2. The older version knows one
 * metric, the average share of CPU; all else of the newer one it has in annotations.
 *
 * <p>Follows pkg/apis/autoscaling/v1/conversion.go (v1.36).
 */
final class HorizontalPodAutoscalerConversion implements VersionConversion {

  static final HorizontalPodAutoscalerConversion INSTANCE = new HorizontalPodAutoscalerConversion();

  private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
  private static final String METRICS = PREFIX + "metrics";
  private static final String CURRENT_METRICS = PREFIX + "current-metrics";
  private static final String BEHAVIOR = PREFIX + "behavior";
  private static final String CONDITIONS = PREFIX + "conditions";
  private static final ImmutableList<String> ANNOTATIONS =
      ImmutableList.of(METRICS, CURRENT_METRICS, BEHAVIOR, CONDITIONS);
  private static final String CPU_SHARE = "targetCPUUtilizationPercentage";
  private static final String CURRENT_CPU_SHARE = "currentCPUUtilizationPercentage";
  private static final String SHARE = "averageUtilization";
  private static final String VALUE = "averageValue";
  private static final long CPU_SHARE_DEFAULT = 80;

  private HorizontalPodAutoscalerConversion() {}

  @Override
  public KubeObject convert(KubeObject object, String apiVersion) {
    return apiVersion.endsWith("/v1") ? older(object, apiVersion) : newer(object, apiVersion);
  }

  private static KubeObject older(KubeObject object, String apiVersion) {
    KubeMap annotations = withoutOwn(object.annotations());
    KubeMap spec = object.spec().without("metrics").without("behavior");
    KubeMap status = object.status().without("currentMetrics").without("conditions");
    List<Object> others = new ArrayList<>();
    for (KubeMap metric : object.spec().listOrEmpty("metrics").maps()) {
      Object share = cpuShare(metric, "target");
      if (share == null) {
        others.add(olderMetric(metric, "target"));
      } else if (!spec.has(CPU_SHARE)) {
        spec = spec.with(CPU_SHARE, share);
      }
    }
    List<Object> current = new ArrayList<>();
    for (KubeMap metric : object.status().listOrEmpty("currentMetrics").maps()) {
      current.add(olderMetric(metric, "current"));
      Object share = cpuShare(metric, "current");
      status = share == null ? status : status.with(CURRENT_CPU_SHARE, share);
    }
    annotations = written(annotations, METRICS, others);
    annotations = written(annotations, CURRENT_METRICS, current);
    KubeMap behavior = object.spec().map("behavior");
    if (behavior != null) {
      String type = "autoscalingv2.HorizontalPodAutoscalerBehavior";
      annotations = annotations.with(BEHAVIOR, InternalJson.write(behavior, type));
    }
    KubeList conditions = object.status().list("conditions");
    if (conditions != null && !conditions.isEmpty()) {
      annotations = annotations.with(CONDITIONS, Json.write(conditions));
    }
    return made(object, apiVersion, annotations, spec, status);
  }

  private static KubeMap written(KubeMap annotations, String key, List<Object> values) {
    return values.isEmpty()
        ? annotations
        : annotations.with(key, Json.write(KubeList.copyOf(values)));
  }

  private static KubeObject newer(KubeObject object, String apiVersion) {
    KubeMap annotations = object.annotations();
    KubeMap spec = object.spec().without(CPU_SHARE);
    List<Object> metrics = new ArrayList<>();
    for (KubeMap metric : read(annotations, METRICS).maps()) {
      metrics.add(newerMetric(metric, "target"));
    }
    Object share = object.spec().get(CPU_SHARE);
    if (share != null || metrics.isEmpty()) {
      metrics.add(cpuMetric("target", share == null ? CPU_SHARE_DEFAULT : share));
    }
    spec = spec.with("metrics", KubeList.copyOf(metrics));
    if (parsed(annotations, BEHAVIOR) instanceof KubeMap behavior) {
      KubeMap lower = (KubeMap) decapitalized(behavior);
      spec = lower.isEmpty() ? spec : spec.with("behavior", lower);
    }
    KubeMap status = object.status().without(CURRENT_CPU_SHARE);
    List<Object> current = new ArrayList<>();
    for (KubeMap metric : read(annotations, CURRENT_METRICS).maps()) {
      current.add(newerMetric(metric, "current"));
    }
    Object currentShare = object.status().get(CURRENT_CPU_SHARE);
    if (current.isEmpty() && currentShare != null) {
      current.add(cpuMetric("current", currentShare));
    }
    status = current.isEmpty() ? status : status.with("currentMetrics", KubeList.copyOf(current));
    KubeList conditions = read(annotations, CONDITIONS);
    status = conditions.isEmpty() ? status : status.with("conditions", conditions);
    return made(object, apiVersion, withoutOwn(annotations), spec, status);
  }

  private static KubeObject made(
      KubeObject object, String apiVersion, KubeMap annotations, KubeMap spec, KubeMap status) {
    KubeMap metadata =
        object.metadata().with("annotations", annotations.isEmpty() ? null : annotations);
    KubeObject made = object.with(apiVersion, "apiVersion").withMetadata(metadata).withSpec(spec);
    return object.root().has("status") || !status.isEmpty() ? made.withStatus(status) : made;
  }

  private static KubeMap withoutOwn(KubeMap annotations) {
    KubeMap left = annotations;
    for (String own : ANNOTATIONS) {
      left = left.without(own);
    }
    return left;
  }

  private static KubeList read(KubeMap annotations, String key) {
    return parsed(annotations, key) instanceof KubeList list ? list : KubeList.EMPTY;
  }

  private static @Nullable Object parsed(KubeMap annotations, String key) {
    String text = annotations.string(key);
    if (text == null) {
      return null;
    }
    try {
      return Json.read(text);
    } catch (IllegalArgumentException notJson) {
      return null;
    }
  }

  /** The share of CPU that a metric is about; null when it is about something else. */
  private static @Nullable Object cpuShare(KubeMap metric, String side) {
    KubeMap resource = metric.mapOrEmpty("resource");
    return "Resource".equals(metric.get("type")) && "cpu".equals(resource.get("name"))
        ? resource.mapOrEmpty(side).get(SHARE)
        : null;
  }

  private static KubeMap cpuMetric(String side, Object share) {
    KubeMap amount = KubeMap.of(SHARE, share);
    KubeMap typed =
        side.equals("target") ? KubeMap.of("type", "Utilization", SHARE, share) : amount;
    return KubeMap.of("type", "Resource", "resource", KubeMap.of("name", "cpu", side, typed));
  }

  /** The member of a metric that its type names. */
  private static String member(KubeMap metric) {
    String type = metric.string("type", "");
    return type.isEmpty() ? "" : Ascii.toLowerCase(type.charAt(0)) + type.substring(1);
  }

  private static KubeMap olderMetric(KubeMap metric, String side) {
    String member = member(metric);
    KubeMap source = metric.mapOrEmpty(member);
    KubeMap amount = source.mapOrEmpty(side);
    KubeMap identifier = source.mapOrEmpty("metric");
    String average = side + "AverageValue";
    KubeMap old =
        switch (member) {
          case "resource", "containerResource" ->
              KubeMap.EMPTY
                  .with("name", source.get("name"))
                  .with(side + "AverageUtilization", amount.get(SHARE))
                  .with(average, amount.get(VALUE))
                  .with("container", source.get("container"));
          case "pods" ->
              KubeMap.EMPTY
                  .with("metricName", identifier.get("name"))
                  .with(average, amount.get(VALUE))
                  .with("selector", identifier.get("selector"));
          case "object" ->
              KubeMap.EMPTY
                  .with("target", source.get("describedObject"))
                  .with("metricName", identifier.get("name"))
                  .with(side + "Value", orZero(amount.get("value")))
                  .with("selector", identifier.get("selector"))
                  .with(VALUE, amount.get(VALUE));
          case "external" ->
              KubeMap.EMPTY
                  .with("metricName", identifier.get("name"))
                  .with("metricSelector", identifier.get("selector"))
                  .with(side + "Value", amount.get("value"))
                  .with(average, amount.get(VALUE));
          default -> KubeMap.EMPTY;
        };
    KubeMap typed = KubeMap.EMPTY.with("type", metric.get("type"));
    return member.isEmpty() ? typed : typed.with(member, old);
  }

  private static Object orZero(@Nullable Object quantity) {
    return quantity == null ? "0" : quantity;
  }

  private static KubeMap newerMetric(KubeMap metric, String side) {
    String member = member(metric);
    KubeMap old = metric.mapOrEmpty(member);
    boolean target = side.equals("target");
    Object share = old.get(side + "AverageUtilization");
    Object average = old.get(member.equals("object") ? VALUE : side + "AverageValue");
    Object value = old.get(side + "Value");
    boolean dropped = target && member.equals("object") && average != null && "0".equals(value);
    String type =
        share != null ? "Utilization" : value != null && average == null ? "Value" : "AverageValue";
    KubeMap amount = target ? KubeMap.of("type", type) : KubeMap.EMPTY;
    amount = amount.with("value", dropped ? null : value).with(VALUE, average).with(SHARE, share);
    KubeMap source =
        KubeMap.EMPTY.with("name", old.get("name")).with("container", old.get("container"));
    if (old.has("metricName")) {
      String selector = member.equals("external") ? "metricSelector" : "selector";
      KubeMap identifier = KubeMap.EMPTY.with("name", old.get("metricName"));
      source = source.with("metric", identifier.with("selector", old.get(selector)));
    }
    source = member.equals("object") ? source.with("describedObject", old.get("target")) : source;
    KubeMap typed = KubeMap.EMPTY.with("type", metric.get("type"));
    return member.isEmpty() ? typed : typed.with(member, source.with(side, amount));
  }

  /** What {@link InternalJson} wrote, in the names of the API; its lists are of maps. */
  private static Object decapitalized(Object value) {
    if (value instanceof KubeMap map) {
      KubeMap.Builder out = KubeMap.builder();
      for (int i = 0; i < map.size(); i++) {
        String key = map.keyAt(i);
        if (map.valueAt(i) != KubeNull.NULL && !key.isEmpty()) {
          String name = Ascii.toLowerCase(key.charAt(0)) + key.substring(1);
          out.put(name, decapitalized(map.valueAt(i)));
        }
      }
      return out.build();
    }
    if (value instanceof KubeList list) {
      List<Object> all = new ArrayList<>();
      list.maps().forEach(element -> all.add(decapitalized(element)));
      return KubeList.copyOf(all);
    }
    return value;
  }
}
