package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the spec of a Job, also where a CronJob has it as a template.
 *
 * <p>Follows pkg/apis/batch/validation/validation.go and pkg/api/job/warnings.go (v1.36).
 */
final class JobValidation {

  static final String INDEXED = "Indexed";

  private static final int PARALLELISM_MAX = 100_000;
  private static final int FAILED_INDEXES_MAX = 100_000;
  private static final int MANY_COMPLETIONS = 100_000;
  private static final int PARALLELISM_OF_MANY_MAX = 10_000;
  private static final int FAILED_INDEXES_OF_MANY_MAX = 10_000;
  private static final int RULES_MAX = 20;
  private static final int EXIT_CODES_MAX = 255;
  private static final int CONDITIONS_MAX = 20;
  private static final int MANAGED_BY_BYTES_MAX = 63;
  private static final int SUCCEEDED_INDEXES_BYTES_MAX = 64 * 1024;
  private static final ImmutableList<String> COUNTS =
      ImmutableList.of(
          "parallelism",
          "completions",
          "activeDeadlineSeconds",
          "backoffLimit",
          "ttlSecondsAfterFinished",
          "backoffLimitPerIndex",
          "maxFailedIndexes");
  private static final ImmutableList<String> MODES = ImmutableList.of("NonIndexed", INDEXED);
  private static final ImmutableList<String> REPLACEMENTS =
      ImmutableList.of("Failed", "TerminatingOrFailed");
  private static final ImmutableList<String> ACTIONS =
      ImmutableList.of("Count", "FailIndex", "FailJob", "Ignore");
  private static final ImmutableList<String> OPERATORS = ImmutableList.of("In", "NotIn");
  private static final ImmutableList<String> STATUSES =
      ImmutableList.of("False", "True", "Unknown");
  private static final ImmutableList<String> RESTARTS = ImmutableList.of("OnFailure", "Never");

  private final WorkloadValidation templates;

  JobValidation(WorkloadValidation templates) {
    this.templates = templates;
  }

  /** All of it but the selector. */
  void spec(KubeMap spec, String path, FieldErrors errors) {
    for (String count : COUNTS) {
      Checks.nonNegative(spec, count, path, errors);
    }
    if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
      errors.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
    }
    if (spec.get("managedBy") instanceof String manager) {
      IngressClassStrategy.domainPrefixedPath(manager, path + ".managedBy", errors);
      if (manager.length() > MANAGED_BY_BYTES_MAX) {
        errors.tooLong(path + ".managedBy", MANAGED_BY_BYTES_MAX);
      }
    }
    Checks.oneOfIfSet(spec, "completionMode", MODES, path, errors);
    switch (spec.string("completionMode", "NonIndexed")) {
      case INDEXED -> indexed(spec, path, errors);
      case "NonIndexed" -> {
        needsIndexes(spec, "backoffLimitPerIndex", path, errors);
        needsIndexes(spec, "maxFailedIndexes", path, errors);
      }
      default -> {}
    }
    if (spec.map("podFailurePolicy") != null) {
      failurePolicy(spec, path + ".podFailurePolicy.rules", errors);
    }
    if (spec.string("completionMode", "").equals(INDEXED)) {
      successPolicy(spec, path + ".successPolicy.rules", errors);
    } else {
      needsIndexes(spec, "successPolicy", path, errors);
    }
    replacementPolicy(spec, path + ".podReplacementPolicy", errors);
    templates.podTemplate(spec.mapOrEmpty("template"), path + ".template", errors);
    restartPolicy(spec, path + ".template.spec.restartPolicy", errors);
  }

  private static void needsIndexes(KubeMap spec, String key, String path, FieldErrors errors) {
    if (spec.has(key)) {
      errors.invalid(path + "." + key, spec.get(key), "requires indexed completion mode");
    }
  }

  private static void indexed(KubeMap spec, String path, FieldErrors errors) {
    if (!spec.has("completions")) {
      errors.required(path + ".completions", "when completion mode is Indexed");
    }
    long completions = spec.number("completions", Long.MAX_VALUE);
    long parallelism = spec.number("parallelism", 0);
    long failed = spec.number("maxFailedIndexes", 0);
    if (parallelism > PARALLELISM_MAX) {
      errors.invalid(
          path + ".parallelism",
          parallelism,
          atMost(PARALLELISM_MAX, "completion mode is Indexed"));
    }
    if (spec.has("maxFailedIndexes") && failed > completions) {
      errors.invalid(
          path + ".maxFailedIndexes", failed, "must be less than or equal to completions");
    }
    if (failed > FAILED_INDEXES_MAX) {
      errors.invalid(
          path + ".maxFailedIndexes",
          failed,
          "must be less than or equal to " + FAILED_INDEXES_MAX);
    }
    if (spec.number("completions", 0) <= MANY_COMPLETIONS || !spec.has("backoffLimitPerIndex")) {
      return;
    }
    if (!spec.has("maxFailedIndexes")) {
      errors.required(
          path + ".maxFailedIndexes",
          "must be specified when completions is above " + MANY_COMPLETIONS);
    }
    String many =
        "completions are above " + MANY_COMPLETIONS + " and used with backoff limit per index";
    if (parallelism > PARALLELISM_OF_MANY_MAX) {
      errors.invalid(path + ".parallelism", parallelism, atMost(PARALLELISM_OF_MANY_MAX, many));
    }
    if (failed > FAILED_INDEXES_OF_MANY_MAX) {
      errors.invalid(path + ".maxFailedIndexes", failed, atMost(FAILED_INDEXES_OF_MANY_MAX, many));
    }
  }

  private static String atMost(int max, String when) {
    return "must be less than or equal to " + max + " when " + when;
  }

  private static void restartPolicy(KubeMap spec, String path, FieldErrors errors) {
    String policy = spec.mapOrEmpty("template").mapOrEmpty("spec").string("restartPolicy", "");
    if (policy.isEmpty() || policy.equals("Always")) {
      errors.required(path, "valid values: \"OnFailure\", \"Never\"");
    } else if (!RESTARTS.contains(policy)) {
      errors.unsupported(path, policy, RESTARTS);
    } else if (spec.has("podFailurePolicy") && !policy.equals("Never")) {
      errors.invalid(
          path, policy, "only \"Never\" is supported when podFailurePolicy is specified");
    }
  }

  private static void replacementPolicy(KubeMap spec, String path, FieldErrors errors) {
    if (!(spec.get("podReplacementPolicy") instanceof String policy)) {
      return;
    }
    boolean failures = spec.has("podFailurePolicy");
    ImmutableList<String> policies = failures ? ImmutableList.of("Failed") : REPLACEMENTS;
    if (!policies.contains(policy)) {
      errors.unsupported(path, policy, policies);
    }
  }

  private static void failurePolicy(KubeMap spec, String path, FieldErrors errors) {
    KubeList rules = spec.mapOrEmpty("podFailurePolicy").listOrEmpty("rules");
    if (rules.size() > RULES_MAX) {
      errors.tooMany(path, rules.size(), RULES_MAX);
    }
    Set<String> containers = new TreeSet<>();
    KubeMap pod = spec.mapOrEmpty("template").mapOrEmpty("spec");
    for (String list : ImmutableList.of("containers", "initContainers")) {
      for (KubeMap container : pod.listOrEmpty(list).maps()) {
        containers.add(container.string("name", ""));
      }
    }
    for (int i = 0; i < rules.size(); i++) {
      failureRule(spec, rules.map(i), path + "[" + i + "]", containers, errors);
    }
  }

  private static void failureRule(
      KubeMap spec, KubeMap rule, String path, Set<String> containers, FieldErrors errors) {
    String action = rule.string("action", "");
    if (action.isEmpty()) {
      errors.required(path + ".action", validValues(ACTIONS));
    } else if (action.equals("FailIndex") && !spec.has("backoffLimitPerIndex")) {
      errors.invalid(path + ".action", action, "requires the backoffLimitPerIndex to be set");
    } else if (!ACTIONS.contains(action)) {
      errors.unsupported(path + ".action", action, ACTIONS);
    }
    KubeMap codes = rule.map("onExitCodes");
    KubeList conditions = rule.listOrEmpty("onPodConditions");
    if (codes != null) {
      exitCodes(codes, path + ".onExitCodes", containers, errors);
    }
    if (conditions.size() > CONDITIONS_MAX) {
      errors.tooMany(path + ".onPodConditions", conditions.size(), CONDITIONS_MAX);
    }
    for (int i = 0; i < conditions.size(); i++) {
      condition(conditions.map(i), path + ".onPodConditions[" + i + "]", errors);
    }
    if (codes != null && !conditions.isEmpty()) {
      errors.invalid(path, "specifying both OnExitCodes and OnPodConditions is not supported");
    } else if (codes == null && conditions.isEmpty()) {
      errors.invalid(path, "specifying one of OnExitCodes and OnPodConditions is required");
    }
  }

  private static String validValues(ImmutableList<String> values) {
    return "valid values: [\"" + String.join("\" \"", values) + "\"]";
  }

  private static void condition(KubeMap pattern, String path, FieldErrors errors) {
    Checks.qualifiedName(pattern.string("type", ""), path + ".type", errors);
    String status = pattern.string("status", "");
    if (status.isEmpty()) {
      errors.required(path + ".status", validValues(STATUSES));
    } else if (!STATUSES.contains(status)) {
      errors.unsupported(path + ".status", status, STATUSES);
    }
  }

  private static void exitCodes(
      KubeMap codes, String path, Set<String> containers, FieldErrors errors) {
    String operator = codes.string("operator", "");
    if (operator.isEmpty()) {
      errors.required(path + ".operator", validValues(OPERATORS));
    } else if (!OPERATORS.contains(operator)) {
      errors.unsupported(path + ".operator", operator, OPERATORS);
    }
    if (codes.get("containerName") instanceof String name && !containers.contains(name)) {
      errors.invalid(
          path + ".containerName",
          name,
          "must be one of the container or initContainer names in the pod template");
    }
    KubeList values = codes.listOrEmpty("values");
    if (values.isEmpty()) {
      errors.invalid(path + ".values", codes.list("values"), "at least one value is required");
    } else if (values.size() > EXIT_CODES_MAX) {
      errors.tooMany(path + ".values", values.size(), EXIT_CODES_MAX);
    }
    Set<Object> seen = new TreeSet<>();
    boolean ordered = true;
    for (int i = 0; i < values.size(); i++) {
      Object code = values.get(i);
      String at = path + ".values[" + i + "]";
      if (operator.equals("In") && code.equals(0L)) {
        errors.invalid(at, code, "must not be 0 for the In operator");
      }
      if (!seen.add(code)) {
        errors.duplicate(at, code);
      }
      ordered &= i == 0 || (long) values.get(i - 1) <= (long) code;
    }
    if (!ordered) {
      errors.invalid(path + ".values", values, "must be ordered");
    }
  }

  private static void successPolicy(KubeMap spec, String path, FieldErrors errors) {
    KubeMap policy = spec.map("successPolicy");
    if (policy == null) {
      return;
    }
    KubeList rules = policy.listOrEmpty("rules");
    if (rules.isEmpty()) {
      errors.required(
          path, "at least one rules must be specified when the successPolicy is specified");
    }
    if (rules.size() > RULES_MAX) {
      errors.tooMany(path, rules.size(), RULES_MAX);
    }
    long completions = spec.number("completions", 0);
    for (int i = 0; i < rules.size(); i++) {
      successRule(rules.map(i), completions, path + "[" + i + "]", errors);
    }
  }

  private static void successRule(KubeMap rule, long completions, String path, FieldErrors errors) {
    if (!rule.has("succeededCount") && !rule.has("succeededIndexes")) {
      errors.required(path, "at least one of succeededCount or succeededIndexes must be specified");
    }
    long indexes = Long.MAX_VALUE;
    if (rule.get("succeededIndexes") instanceof String text) {
      String at = path + ".succeededIndexes";
      if (text.length() > SUCCEEDED_INDEXES_BYTES_MAX) {
        errors.tooLong(at, SUCCEEDED_INDEXES_BYTES_MAX);
      }
      JobIndexes parsed = JobIndexes.parse(text, completions);
      indexes = parsed.total();
      if (parsed.error() != null) {
        errors.invalid(at, text, "error parsing succeededIndexes: " + parsed.error());
      }
    }
    if (!(rule.get("succeededCount") instanceof Long count)) {
      return;
    }
    Checks.nonNegative(rule, "succeededCount", path, errors);
    if (count > completions) {
      errors.invalid(
          path + ".succeededCount",
          count,
          "must be less than or equal to "
              + completions
              + " (the number of specified completions)");
    }
    if (count > indexes) {
      errors.invalid(
          path + ".succeededCount",
          count,
          "must be less than or equal to "
              + indexes
              + " (the number of indexes in the specified succeededIndexes field)");
    }
  }

  /** What the client is told of a Job, or of the Jobs that a CronJob will make. */
  static List<String> warnings(KubeObject object, KubeMap spec, String path, boolean created) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    warnings.addAll(nameWarnings(object, created));
    if (spec.string("completionMode", "").equals(INDEXED)
        && spec.number("completions", 0) > MANY_COMPLETIONS
        && spec.number("parallelism", 0) > PARALLELISM_OF_MANY_MAX) {
      warnings.add(
          path
              + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism"
              + " higher than 10^4, Kubernetes might not be able to track completedIndexes when a"
              + " big number of indexes fail");
    }
    return warnings.build();
  }

  /** A name that begins those of pods, of which not each can be a host's. */
  static List<String> nameWarnings(KubeObject object, boolean created) {
    List<String> form = Formats.dnsLabel(object.name());
    return !created || form.isEmpty()
        ? ImmutableList.of()
        : ImmutableList.of(
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising"
                + " behavior; a DNS label is recommended: ["
                + String.join(" ", form)
                + "]");
  }
}
