package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.CronSchedule;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CronJobs.
 *
 * <p>Follows pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/v1/defaults.go and
 * pkg/apis/batch/validation/validation.go (v1.36).
 */
final class CronJobStrategy extends SpecStrategy {

  private static final int NAME_LENGTH_MAX = 52;
  private static final ImmutableList<String> CONCURRENCIES =
      ImmutableList.of("Allow", "Forbid", "Replace");
  private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z.\\-_0-9+]{1,14}");

  private final PodDefaults podDefaults;
  private final JobValidation specs;

  CronJobStrategy(PodDefaults podDefaults, JobValidation specs) {
    super(KubeMap.EMPTY);
    this.podDefaults = podDefaults;
    this.specs = specs;
  }

  @Override
  public boolean orphansDependents() {
    return true;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s = PodDefaults.unlessSet(object.spec(), "concurrencyPolicy", "Allow");
    s = s.withDefault("suspend", false);
    s = s.withDefault("successfulJobsHistoryLimit", 3L);
    s = s.withDefault("failedJobsHistoryLimit", 1L);
    KubeMap template = s.mapOrEmpty("jobTemplate");
    KubeMap job = JobStrategy.nestedDefaults(template.mapOrEmpty("spec"), podDefaults);
    return object.withSpec(s.with("jobTemplate", template.with("spec", job)));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(object.spec(), null, errors);
    if (object.name().length() > NAME_LENGTH_MAX) {
      errors.invalid(
          "metadata.name",
          object.name(),
          "must be no more than " + NAME_LENGTH_MAX + " characters");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    spec(next.spec(), old.spec(), errors);
  }

  private void spec(KubeMap spec, @Nullable KubeMap old, FieldErrors errors) {
    String schedule = spec.string("schedule", "");
    if (schedule.isEmpty()) {
      errors.required("spec.schedule", "");
    } else {
      boolean zoned = old != null && old.string("schedule", "").contains("TZ");
      schedule(schedule, zoned, spec.has("timeZone"), errors);
    }
    Checks.nonNegative(spec, "startingDeadlineSeconds", "spec", errors);
    if (spec.get("timeZone") instanceof String zone
        && (old == null || !Objects.equals(zone, old.get("timeZone")))) {
      timeZone(zone, errors);
    }
    errors.oneOf(spec, "concurrencyPolicy", CONCURRENCIES, "spec");
    KubeMap job = spec.mapOrEmpty("jobTemplate").mapOrEmpty("spec");
    String path = "spec.jobTemplate.spec";
    specs.spec(job, path, errors);
    if (job.map("selector") != null) {
      errors.invalidText(
          path + ".selector",
          Checks.selectorText(job.map("selector")),
          "`selector` will be auto-generated");
    }
    if (job.bool("manualSelector", false)) {
      errors.unsupported(path + ".manualSelector", true, ImmutableList.of("nil", "false"));
    }
    Checks.nonNegative(spec, "successfulJobsHistoryLimit", "spec", errors);
    Checks.nonNegative(spec, "failedJobsHistoryLimit", "spec", errors);
  }

  private static void schedule(String text, boolean zoned, boolean zone, FieldErrors errors) {
    String wrong = CronSchedule.problem(text);
    if (wrong != null) {
      errors.invalid("spec.schedule", text, wrong);
    }
    if (text.contains("TZ") && !zoned) {
      errors.invalid(
          "spec.schedule",
          text,
          "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
    } else if (text.contains("TZ") && zone) {
      errors.invalid(
          "spec.schedule", text, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }
  }

  private static void timeZone(String zone, FieldErrors errors) {
    if (zone.isEmpty()) {
      errors.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
      return;
    }
    String unknown = "unknown time zone " + zone;
    for (String part : zone.split("/", -1)) {
      if (part.equals(".")
          || part.equals("..")
          || part.startsWith("-")
          || !ZONE_PART.matcher(part).matches()) {
        errors.invalid("spec.timeZone", zone, unknown);
        return;
      }
    }
    if (zone.equalsIgnoreCase("Local")) {
      errors.invalid(
          "spec.timeZone",
          zone,
          "timeZone must be an explicit time zone as defined in"
              + " https://www.iana.org/time-zones");
    } else if (!CronSchedule.isZone(zone)) {
      errors.invalid("spec.timeZone", zone, unknown);
    }
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    List<String> told =
        JobValidation.warnings(
            object,
            object.spec().mapOrEmpty("jobTemplate").mapOrEmpty("spec"),
            "spec.jobTemplate.spec",
            created);
    return created || !object.spec().string("schedule", "").contains("TZ")
        ? told
        : ImmutableList.<String>builder()
            .addAll(told)
            .add(
                "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                    + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for"
                    + " more details")
            .build();
  }
}
