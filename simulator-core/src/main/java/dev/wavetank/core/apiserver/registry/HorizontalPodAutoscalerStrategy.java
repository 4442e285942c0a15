package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers in both versions; the rules are about the newer one.
 *
 * <p>Follows pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go,
 * pkg/apis/autoscaling/v2/defaults.go and pkg/apis/autoscaling/validation/validation.go (v1.36).
 */
final class HorizontalPodAutoscalerStrategy extends SpecStrategy {

  private static final long PERIOD_SECONDS_MAX = 1800;
  private static final long WINDOW_SECONDS_MAX = 3600;
  private static final ImmutableList<String> SELECTIONS =
      ImmutableList.of("Disabled", "Max", "Min");
  private static final ImmutableList<String> POLICIES = ImmutableList.of("Percent", "Pods");
  private static final KubeMap CPU =
      KubeMap.of(
          "type",
          "Resource",
          "resource",
          KubeMap.of(
              "name",
              "cpu",
              "target",
              KubeMap.of("type", "Utilization", "averageUtilization", 80L)));
  private static final KubeMap UP =
      KubeMap.of(
          "stabilizationWindowSeconds",
          0L,
          "selectPolicy",
          "Max",
          "policies",
          KubeList.of(policy("Pods", 4), policy("Percent", 100)));
  private static final KubeMap DOWN =
      KubeMap.of("selectPolicy", "Max", "policies", KubeList.of(policy("Percent", 100)));

  private final ResourceType type;

  HorizontalPodAutoscalerStrategy(ResourceType type) {
    super(KubeMap.of("currentReplicas", 0L, "desiredReplicas", 0L));
    this.type = type;
  }

  private static KubeMap policy(String type, long value) {
    return KubeMap.of("type", type, "value", value, "periodSeconds", 15L);
  }

  @Override
  public boolean generation() {
    return false;
  }

  private static KubeMap newestSpec(KubeObject object) {
    return ResourceType.HORIZONTAL_POD_AUTOSCALERS.view(object).spec();
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s =
        object.spec().has("minReplicas") ? object.spec() : object.spec().with("minReplicas", 1L);
    KubeObject filled = object.withSpec(s);
    if (type != ResourceType.HORIZONTAL_POD_AUTOSCALERS) {
      return type.view(ResourceType.HORIZONTAL_POD_AUTOSCALERS.view(filled));
    }
    if (s.listOrEmpty("metrics").isEmpty()) {
      s = s.with("metrics", KubeList.of(CPU));
    }
    KubeMap behavior = s.map("behavior");
    if (behavior != null) {
      behavior = behavior.with("scaleUp", over(UP, behavior.mapOrEmpty("scaleUp")));
      behavior = behavior.with("scaleDown", over(DOWN, behavior.mapOrEmpty("scaleDown")));
      s = s.with("behavior", behavior);
    }
    return filled.withSpec(s);
  }

  private static KubeMap over(KubeMap defaults, KubeMap set) {
    KubeMap both = defaults;
    for (int i = 0; i < set.size(); i++) {
      both = both.with(set.keyAt(i), set.valueAt(i));
    }
    return both;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(newestSpec(object), null, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    spec(newestSpec(next), newestSpec(old), errors);
  }

  private static void spec(KubeMap spec, @Nullable KubeMap old, FieldErrors errors) {
    long min = spec.number("minReplicas", 1);
    long max = spec.number("maxReplicas", 0);
    long lowest = old != null && old.number("minReplicas", 1) == 0 ? 0 : 1;
    if (min < lowest) {
      errors.invalid("spec.minReplicas", min, "must be greater than or equal to " + lowest);
    }
    if (max == 0) {
      errors.required("spec.maxReplicas", "must be set and greater than 0");
    } else if (max < 0) {
      errors.invalid("spec.maxReplicas", max, "must be greater than or equal to 1");
    }
    if (spec.has("minReplicas") && max < min) {
      errors.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
    }
    KubeMap target = spec.mapOrEmpty("scaleTargetRef");
    KubeMap before = old == null ? KubeMap.EMPTY : old.mapOrEmpty("scaleTargetRef");
    boolean same =
        old != null
            && target.string("apiVersion", "").equals(before.string("apiVersion", ""))
            && target.string("kind", "").equals(before.string("kind", ""));
    boolean core = target.string("kind", "").equals("ReplicationController");
    reference(target, "spec.scaleTargetRef", same, core, errors);
    metrics(spec.listOrEmpty("metrics"), old, errors);
    if (spec.has("minReplicas") && min == 0 && !scalesFromZero(spec.listOrEmpty("metrics"))) {
      errors.forbidden(
          "spec.metrics",
          "must specify at least one Object or External metric to support scaling to zero replicas");
    }
    for (String direction : ImmutableList.of("scaleUp", "scaleDown")) {
      KubeMap rules = spec.mapOrEmpty("behavior").map(direction);
      if (rules != null) {
        rules(rules, "spec.behavior." + direction, errors);
      }
    }
  }

  private static boolean scalesFromZero(KubeList metrics) {
    for (KubeMap metric : metrics.maps()) {
      String type = metric.string("type", "");
      if (type.equals("Object") || type.equals("External")) {
        return true;
      }
    }
    return false;
  }

  private static void metrics(KubeList metrics, @Nullable KubeMap old, FieldErrors errors) {
    boolean lenient = false;
    for (KubeMap metric : (old == null ? KubeList.EMPTY : old.listOrEmpty("metrics")).maps()) {
      KubeMap described = metric.mapOrEmpty("object").mapOrEmpty("describedObject");
      lenient |= apiVersionError(described.string("apiVersion", ""), true) != null;
    }
    for (int i = 0; i < metrics.size(); i++) {
      new MetricSpecValidation(lenient, errors).metric(metrics.map(i), "spec.metrics[" + i + "]");
    }
  }

  /**
   * A {@code CrossVersionObjectReference}.
   *
   * @param lenient whether any apiVersion will do
   * @param core whether it may be of the core group
   */
  static void reference(
      KubeMap reference, String path, boolean lenient, boolean core, FieldErrors errors) {
    Checks.kindAndName(reference, path, errors);
    String version = reference.string("apiVersion", "");
    String wrong = lenient ? null : apiVersionError(version, core);
    if (wrong != null) {
      errors.invalid(path + ".apiVersion", version, wrong);
    }
  }

  private static @Nullable String apiVersionError(String version, boolean core) {
    int slash = version.indexOf('/');
    if (slash != version.lastIndexOf('/')) {
      return "unexpected GroupVersion string: " + version;
    }
    return slash > 0 || core ? null : "apiVersion must specify API group";
  }

  private static void rules(KubeMap rules, String path, FieldErrors errors) {
    if (rules.get("stabilizationWindowSeconds") instanceof Long window) {
      if (window < 0) {
        errors.invalid(
            path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
      } else if (window > WINDOW_SECONDS_MAX) {
        errors.invalid(
            path + ".stabilizationWindowSeconds",
            window,
            "must be less than or equal to " + WINDOW_SECONDS_MAX);
      }
    }
    Checks.oneOfIfSet(rules, "selectPolicy", SELECTIONS, path, errors);
    KubeList policies = rules.listOrEmpty("policies");
    if (policies.isEmpty()) {
      errors.required(path + ".policies", "must specify at least one Policy");
    }
    for (int i = 0; i < policies.size(); i++) {
      KubeMap policy = policies.map(i);
      String at = path + ".policies[" + i + "]";
      String type = policy.string("type", "");
      if (!POLICIES.contains(type)) {
        errors.unsupported(at + ".type", type, POLICIES);
      }
      Checks.positive(policy.number("value", 0), at + ".value", errors);
      long period = policy.number("periodSeconds", 0);
      Checks.positive(period, at + ".periodSeconds", errors);
      if (period > PERIOD_SECONDS_MAX) {
        errors.invalid(
            at + ".periodSeconds", period, "must be less than or equal to " + PERIOD_SECONDS_MAX);
      }
    }
    Quantity tolerance = ResourceRequirements.quantity(rules.get("tolerance"));
    if (rules.has("tolerance") && tolerance != null && tolerance.compareTo(Quantity.ZERO) < 0) {
      errors.invalid(path + ".tolerance", rules.get("tolerance"), Checks.NEGATIVE);
    }
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    Checks.nonNegative(next.status(), "currentReplicas", "status", errors);
    Checks.nonNegative(next.status(), "desiredReplicas", "status", errors);
  }
}
