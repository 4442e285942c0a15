package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what a HorizontalPodAutoscaler measures.
 *
 * <p>Follows validateMetricSpec of pkg/apis/autoscaling/validation/validation.go (v1.36).
 */
final class MetricSpecValidation {

  private static final ImmutableMap<String, String> MEMBERS =
      ImmutableMap.of(
          "ContainerResource",
          "containerResource",
          "External",
          "external",
          "Object",
          "object",
          "Pods",
          "pods",
          "Resource",
          "resource");
  private static final ImmutableList<String> TYPES = MEMBERS.keySet().asList();
  private static final ImmutableList<String> ORDER =
      ImmutableList.of("object", "external", "pods", "resource", "containerResource");
  private static final ImmutableList<String> TARGETS =
      ImmutableList.of("Utilization", "Value", "AverageValue");

  private final boolean lenient;
  private final FieldErrors errors;

  /**
   * A check that adds to those errors.
   *
   * @param lenient whether the described object may be of any apiVersion
   */
  MetricSpecValidation(boolean lenient, FieldErrors errors) {
    this.lenient = lenient;
    this.errors = errors;
  }

  void metric(KubeMap metric, String path) {
    String type = metric.string("type", "");
    if (type.isEmpty()) {
      errors.required(path + ".type", "must specify a metric source type");
    }
    if (!TYPES.contains(type)) {
      errors.unsupported(path + ".type", type, TYPES);
    }
    List<String> present = new ArrayList<>();
    for (String member : ORDER) {
      KubeMap source = metric.map(member);
      if (source != null) {
        present.add(member);
        if (present.size() == 1) {
          source(member, source, path + "." + member);
        }
      }
    }
    String expected = MEMBERS.getOrDefault(type, "");
    if (expected.isEmpty()) {
      errors.unsupported(path + ".type", type, TYPES);
    } else if (!present.contains(expected)) {
      errors.required(
          path + "." + expected, "must populate information for the given metric source");
    }
    if (present.size() != 1) {
      present.remove(expected);
      for (String other : present) {
        errors.forbidden(path + "." + other, "must populate the given metric source only");
      }
    }
  }

  private void source(String member, KubeMap source, String path) {
    KubeMap target = source.mapOrEmpty("target");
    switch (member) {
      case "object" -> {
        HorizontalPodAutoscalerStrategy.reference(
            source.mapOrEmpty("describedObject"), path + ".describedObject", lenient, true, errors);
        identifier(source, path);
        target(target, path + ".target");
        needed(
            target,
            path,
            "value",
            "averageValue",
            "must set either a target value or averageValue");
      }
      case "external" -> {
        identifier(source, path);
        target(target, path + ".target");
        needed(
            target,
            path,
            "value",
            "averageValue",
            "must set either a target value for metric or a per-pod target");
        if (target.has("value") && target.has("averageValue")) {
          errors.forbidden(
              path + ".target.value",
              "may not set both a target value for metric and a per-pod target");
        }
      }
      case "pods" -> {
        identifier(source, path);
        target(target, path + ".target");
        needed(
            target,
            path,
            "averageValue",
            "averageValue",
            "must specify a positive target averageValue");
      }
      default -> resource(source, member.equals("containerResource"), target, path);
    }
  }

  private void resource(KubeMap source, boolean container, KubeMap target, String path) {
    String name = source.string("name", "");
    if (name.isEmpty()) {
      errors.required(path + ".name", "must specify a resource name");
    }
    if (container) {
      String of = source.string("container", "");
      if (of.isEmpty()) {
        errors.required(path + ".container", "must specify a container");
      } else {
        Checks.dnsLabel(of, path + ".container", errors);
      }
    }
    target(target, path + ".target");
    needed(
        target,
        path,
        "averageValue",
        "averageUtilization",
        "must set either a target raw value or a target utilization");
    if (target.has("averageUtilization") && target.has("averageValue")) {
      errors.forbidden(
          path + ".target.averageValue",
          "may not set both a target raw value and a target utilization");
    }
  }

  private void needed(KubeMap target, String path, String one, String other, String why) {
    if (!target.has(one) && !target.has(other)) {
      errors.required(path + ".target." + other, why);
    }
  }

  private void identifier(KubeMap source, String path) {
    String name = source.mapOrEmpty("metric").string("name", "");
    if (name.isEmpty()) {
      errors.required(path + ".metric.name", "must specify a metric name");
    } else {
      errors.invalid(path + ".metric.name", name, Formats.pathSegment(name));
    }
  }

  private void target(KubeMap target, String path) {
    String type = target.string("type", "");
    if (type.isEmpty()) {
      errors.required(path + ".type", "must specify a metric target type");
    }
    if (!TARGETS.contains(type)) {
      errors.invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
    }
    for (String amount : ImmutableList.of("value", "averageValue")) {
      Quantity quantity = ResourceRequirements.quantity(target.get(amount));
      if (target.has(amount) && quantity != null && quantity.compareTo(Quantity.ZERO) <= 0) {
        errors.invalid(path + "." + amount, target.get(amount), "must be positive");
      }
    }
    if (target.number("averageUtilization", 1) < 1) {
      errors.invalid(
          path + ".averageUtilization", target.get("averageUtilization"), "must be greater than 0");
    }
  }
}
