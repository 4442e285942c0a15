package dev.wavetank.scheduler.plugins.args;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSyntax;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what is wrong with the arguments of plugins, in upstream's words.
 *
 * <p>Follows pkg/scheduler/apis/config/validation/validation_pluginargs.go (v1.36).
 */
public final class PluginArgs {

  private static final ImmutableList<String> SCORING_STRATEGIES =
      ImmutableList.of("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio");

  private PluginArgs() {}

  /**
   * Refuses wrong arguments.
   *
   * @throws IllegalArgumentException with all errors
   */
  public static void check(FieldErrors errors) {
    if (!errors.isEmpty()) {
      Set<String> texts = new LinkedHashSet<>();
      for (Status.Cause cause : errors.causes()) {
        texts.add(cause.field() + ": " + cause.message());
      }
      String joined = String.join(", ", texts);
      throw new IllegalArgumentException(texts.size() == 1 ? joined : "[" + joined + "]");
    }
  }

  private static String child(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /**
   * The errors in the arguments of a plugin of the scheduler's own; none for any other.
   *
   * @param path of the arguments
   */
  public static FieldErrors of(String plugin, String path, KubeMap args) {
    return switch (plugin) {
      case "DefaultPreemption" -> defaultPreemption(path, args);
      case "InterPodAffinity" -> interPodAffinity(path, args);
      case "NodeAffinity" -> nodeAffinity(path, args);
      case "NodeResourcesBalancedAllocation" -> nodeResourcesBalancedAllocation(path, args);
      case "PodTopologySpread" -> podTopologySpread(path, args);
      case "VolumeBinding" -> volumeBinding(path, args);
      // Upstream looks for "NodeResourcesFitArgs", so these are checked by the plugin alone.
      default -> new FieldErrors();
    };
  }

  /** The errors of {@code DefaultPreemptionArgs}. */
  public static FieldErrors defaultPreemption(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    long percentage = args.number("minCandidateNodesPercentage", 10);
    long absolute = args.number("minCandidateNodesAbsolute", 100);
    String percentagePath = child(path, "minCandidateNodesPercentage");
    String absolutePath = child(path, "minCandidateNodesAbsolute");
    if (percentage < 0 || percentage > 100) {
      errors.invalid(percentagePath, percentage, "not in valid range [0, 100]");
    }
    if (absolute < 0) {
      errors.invalid(absolutePath, absolute, "not in valid range [0, inf)");
    }
    if (percentage == 0 && absolute == 0) {
      errors.invalid(
          percentagePath,
          percentage,
          "cannot be zero at the same time as minCandidateNodesAbsolute");
      errors.invalid(
          absolutePath, absolute, "cannot be zero at the same time as minCandidateNodesPercentage");
    }
    return errors;
  }

  /** The errors of {@code InterPodAffinityArgs}. */
  public static FieldErrors interPodAffinity(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    long weight = args.number("hardPodAffinityWeight", 1);
    if (weight < 0 || weight > 100) {
      errors.invalid(child(path, "hardPodAffinityWeight"), weight, "not in valid range [0, 100]");
    }
    return errors;
  }

  /** The errors of {@code PodTopologySpreadArgs}. */
  public static FieldErrors podTopologySpread(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    String type = args.string("defaultingType", "System");
    KubeList constraints = args.listOrEmpty("defaultConstraints");
    String typePath = child(path, "defaultingType");
    if (!type.equals("System") && !type.equals("List")) {
      errors.unsupported(typePath, type, ImmutableList.of("System", "List"));
    } else if (type.equals("System") && !constraints.isEmpty()) {
      errors.invalid(typePath, type, "when .defaultConstraints are not empty");
    }
    Set<String> seen = new LinkedHashSet<>();
    int index = 0;
    for (KubeMap constraint : constraints.maps()) {
      String at = child(path, "defaultConstraints") + "[" + index++ + "]";
      defaultConstraint(at, constraint, errors);
      String pair =
          "{"
              + constraint.string("topologyKey", "")
              + ", "
              + constraint.string("whenUnsatisfiable", "")
              + "}";
      if (!seen.add(pair)) {
        errors.duplicate(at, pair);
      }
    }
    return errors;
  }

  private static void defaultConstraint(String path, KubeMap constraint, FieldErrors errors) {
    long maxSkew = constraint.number("maxSkew", 0);
    if (maxSkew <= 0) {
      errors.invalid(path + ".maxSkew", maxSkew, "not in valid range (0, inf)");
    }
    String key = constraint.string("topologyKey", "");
    if (key.isEmpty()) {
      errors.required(path + ".topologyKey", "can not be empty");
    } else {
      errors.invalid(path + ".topologyKey", key, LabelSyntax.keyErrors(key));
    }
    String when = constraint.string("whenUnsatisfiable", "");
    if (when.isEmpty()) {
      errors.required(path + ".whenUnsatisfiable", "can not be empty");
    } else if (!when.equals("DoNotSchedule") && !when.equals("ScheduleAnyway")) {
      errors.unsupported(
          path + ".whenUnsatisfiable", when, ImmutableList.of("DoNotSchedule", "ScheduleAnyway"));
    }
    if (constraint.has("labelSelector")) {
      errors.forbidden(
          path + ".labelSelector",
          "constraint must not define a selector, as they deduced for each pod");
    }
  }

  /** The errors of {@code NodeResourcesBalancedAllocationArgs}. */
  public static FieldErrors nodeResourcesBalancedAllocation(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    Set<String> seen = new LinkedHashSet<>();
    int index = 0;
    for (KubeMap resource : args.listOrEmpty("resources").maps()) {
      String at = child(path, "resources") + "[" + index++ + "]";
      String name = resource.string("name", "");
      if (!seen.add(name)) {
        errors.duplicate(at + ".name", name);
      }
      long weight = weight(resource);
      if (weight != 1) {
        errors.invalid(at + ".weight", weight, "must be 1");
      }
    }
    return errors;
  }

  /** The weight of a resource; 1 when it says none or 0. */
  public static long weight(KubeMap resource) {
    long weight = resource.number("weight", 0);
    return weight == 0 ? 1 : weight;
  }

  /** The errors of {@code NodeAffinityArgs}. */
  public static FieldErrors nodeAffinity(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    KubeMap added = args.mapOrEmpty("addedAffinity");
    KubeMap required = added.map("requiredDuringSchedulingIgnoredDuringExecution");
    String at = child(path, "addedAffinity");
    if (required != null) {
      int index = 0;
      for (KubeMap term : required.listOrEmpty("nodeSelectorTerms").maps()) {
        NodeSelectorSyntax.check(
            at
                + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms["
                + index++
                + "]",
            term,
            errors);
      }
    }
    int index = 0;
    for (KubeMap preference :
        added.listOrEmpty("preferredDuringSchedulingIgnoredDuringExecution").maps()) {
      NodeSelectorSyntax.check(
          at + ".preferredDuringSchedulingIgnoredDuringExecution[" + index++ + "]",
          preference.mapOrEmpty("preference"),
          errors);
    }
    return errors;
  }

  /** The errors of {@code VolumeBindingArgs}. */
  public static FieldErrors volumeBinding(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    long timeout = args.number("bindTimeoutSeconds", 600);
    if (timeout < 0) {
      errors.invalid(
          child(path, "bindTimeoutSeconds"),
          timeout,
          "invalid BindTimeoutSeconds, should not be a negative value");
    }
    if (args.has("shape")) {
      errors.invalid(
          child(path, "shape"),
          args.get("shape"),
          "unexpected field `shape`, remove it or turn on the feature gate"
              + " StorageCapacityScoring");
    }
    return errors;
  }

  /** The errors of {@code NodeResourcesFitArgs}. */
  public static FieldErrors nodeResourcesFit(String path, KubeMap args) {
    FieldErrors errors = new FieldErrors();
    int index = 0;
    for (Object resource : args.listOrEmpty("ignoredResources")) {
      errors.invalid(
          child(path, "ignoredResources") + "[" + index++ + "]",
          resource,
          LabelSyntax.keyErrors(resource.toString()));
    }
    index = 0;
    for (Object group : args.listOrEmpty("ignoredResourceGroups")) {
      String at = child(path, "ignoredResourceGroups") + "[" + index++ + "]";
      if (group.toString().contains("/")) {
        errors.invalid(at, group, "resource group name can't contain '/'");
      }
      errors.invalid(at, group, LabelSyntax.keyErrors(group.toString()));
    }
    KubeMap strategy = args.map("scoringStrategy");
    if (strategy != null) {
      scoringStrategy(child(path, "scoringStrategy"), strategy, errors);
    }
    return errors;
  }

  private static void scoringStrategy(String path, KubeMap strategy, FieldErrors errors) {
    String type = strategy.string("type", "");
    if (!SCORING_STRATEGIES.contains(type)) {
      errors.unsupported(path + ".type", type, SCORING_STRATEGIES);
    }
    int index = 0;
    for (KubeMap resource : strategy.listOrEmpty("resources").maps()) {
      long weight = weight(resource);
      if (weight < 0 || weight > 100) {
        errors.invalid(
            path + ".resources[" + index + "].weight",
            weight,
            "resource weight of " + resource.string("name", "") + " not in valid range (0, 100]");
      }
      index++;
    }
    KubeMap ratio = strategy.map("requestedToCapacityRatio");
    String ratioPath = path + ".requestedToCapacityRatio";
    if (type.equals("RequestedToCapacityRatio")) {
      if (ratio == null) {
        errors.required(ratioPath, "must be specified when type is RequestedToCapacityRatio");
      } else {
        shape(ratioPath + ".shape", ratio.listOrEmpty("shape").maps(), errors);
      }
    } else if (ratio != null) {
      errors.forbidden(ratioPath, "must be nil when type is not RequestedToCapacityRatio");
    }
  }

  private static void shape(String path, Iterable<KubeMap> points, FieldErrors errors) {
    List<KubeMap> shape = ImmutableList.copyOf(points);
    if (shape.isEmpty()) {
      errors.required(path, "at least one point must be specified");
      return;
    }
    for (int i = 1; i < shape.size(); i++) {
      long utilization = shape.get(i).number("utilization", 0);
      if (shape.get(i - 1).number("utilization", 0) >= utilization) {
        errors.invalid(
            path + "[" + i + "].utilization",
            utilization,
            "values must be sorted in increasing order");
        break;
      }
    }
    for (int i = 0; i < shape.size(); i++) {
      long utilization = shape.get(i).number("utilization", 0);
      if (utilization < 0 || utilization > 100) {
        errors.invalid(
            path + "[" + i + "].utilization", utilization, "not in valid range [0, 100]");
      }
      long score = shape.get(i).number("score", 0);
      if (score < 0 || score > 10) {
        errors.invalid(path + "[" + i + "].score", score, "not in valid range [0, 10]");
      }
    }
  }
}
