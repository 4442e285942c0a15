package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks a write to the status of a Job. Most rules are about what the write changed, so that a
 * status that was wrong before can be written on.
 *
 * <p>Follows ValidateJobStatusUpdate of pkg/apis/batch/validation/validation.go and
 * getStatusValidationOptions of pkg/registry/batch/job/strategy.go (v1.36).
 */
final class JobStatusValidation {

  private static final ImmutableList<String> COUNTS =
      ImmutableList.of("active", "succeeded", "failed", "ready", "terminating");
  private static final ImmutableList<String> TERMINAL =
      ImmutableList.of("Failed", "Complete", "FailureTarget");
  private static final String CONDITIONS = "status.conditions";
  private static final String COMPLETED = "completedIndexes";
  private static final String FAILED = "failedIndexes";

  private final KubeObject job;
  private final KubeObject old;
  private final KubeMap spec;
  private final KubeMap status;
  private final FieldErrors errors;
  private final boolean complete;
  private final boolean failed;
  private final boolean finished;

  JobStatusValidation(KubeObject job, KubeObject old, FieldErrors errors) {
    this.job = job;
    this.old = old;
    this.spec = job.spec();
    this.status = job.status();
    this.errors = errors;
    this.complete = holds(job, "Complete");
    this.failed = holds(job, "Failed");
    this.finished = complete || failed;
  }

  /** Whether a condition of the Job is true. */
  static boolean holds(KubeObject job, String type) {
    return is(job, type, "True");
  }

  private static boolean is(KubeObject job, String type, String value) {
    for (KubeMap condition : job.status().listOrEmpty("conditions").maps()) {
      if (type.equals(condition.get("type")) && value.equals(condition.get("status"))) {
        return true;
      }
    }
    return false;
  }

  private boolean changed(String field) {
    return !Objects.equals(status.get(field), old.status().get(field));
  }

  private boolean turned(String condition) {
    return holds(job, condition) != holds(old, condition);
  }

  void validate() {
    for (String count : COUNTS) {
      Checks.nonNegative(status, count, "status", errors);
    }
    uncounted();
    boolean finishedChanged = finished != (holds(old, "Complete") || holds(old, "Failed"));
    conditionsTogether();
    completionTime();
    endings();
    finished(finishedChanged);
    indexes();
    if (status.number("terminating", 0) > 0
        && finished
        && (finishedChanged || changed("terminating"))) {
      errors.invalid(
          "status.terminating",
          status.get("terminating"),
          "terminating>0 is invalid for finished job");
    }
    if ((changed("ready") || changed("active"))
        && status.number("ready", 0) > status.number("active", 0)) {
      errors.invalid("status.ready", status.get("ready"), "cannot set more ready pods than active");
    }
    successCriteria();
    transitions();
  }

  private void uncounted() {
    KubeMap uncounted = status.mapOrEmpty("uncountedTerminatedPods");
    Set<String> seen = new TreeSet<>();
    for (String list : ImmutableList.of("succeeded", "failed")) {
      KubeList uids = uncounted.listOrEmpty(list);
      for (int i = 0; i < uids.size(); i++) {
        String path = "status.uncountedTerminatedPods." + list + "[" + i + "]";
        String uid = uids.get(i).toString();
        if (uid.isEmpty()) {
          errors.invalid(path, uid, "must not be empty");
        } else if (!seen.add(uid)) {
          errors.duplicate(path, uid);
        }
      }
    }
  }

  private void conditionsTogether() {
    if (complete && failed && (turned("Complete") || turned("Failed"))) {
      errors.invalid(CONDITIONS, "cannot set Complete=True and Failed=true conditions");
    }
    if (complete
        && holds(job, "FailureTarget")
        && (turned("Complete") || turned("FailureTarget"))) {
      errors.invalid(CONDITIONS, "cannot set Complete=True and FailureTarget=true conditions");
    }
  }

  private void completionTime() {
    String path = "status.completionTime";
    String end = status.string("completionTime");
    String start = status.string("startTime");
    boolean look = turned("Complete") || changed("completionTime");
    if (look && end != null && !complete) {
      errors.invalid(
          path, end, "cannot set completionTime when there is no Complete=True condition");
    }
    if (look && end == null && complete) {
      errors.required(path, "completionTime is required for Complete jobs");
    }
    if ((changed("startTime") || changed("completionTime"))
        && start != null
        && end != null
        && end.compareTo(start) < 0) {
      errors.invalid(path, end, "must be equal to or after `startTime`");
    }
  }

  private void endings() {
    if (failed && !holds(job, "FailureTarget") && (turned("Failed") || changed(FAILED))) {
      errors.invalid(
          CONDITIONS, "cannot set Failed=True condition without the FailureTarget=true condition");
    }
    if (complete
        && !holds(job, "SuccessCriteriaMet")
        && (turned("Complete") || turned("SuccessCriteriaMet"))) {
      errors.invalid(
          CONDITIONS,
          "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    }
  }

  private void finished(boolean finishedChanged) {
    if (!finished) {
      return;
    }
    if (status.number("active", 0) > 0 && (finishedChanged || changed("active"))) {
      errors.invalid("status.active", status.get("active"), "active>0 is invalid for finished job");
    }
    boolean suspended = spec.bool("suspend", false) && spec.number("completions", -1) == 0;
    if (!status.has("startTime") && (finishedChanged || changed("startTime")) && !suspended) {
      errors.required("status.startTime", "startTime is required for finished job");
    }
    KubeMap uncounted = status.mapOrEmpty("uncountedTerminatedPods");
    int size = uncounted.listOrEmpty("succeeded").size() + uncounted.listOrEmpty("failed").size();
    if (size > 0 && (finishedChanged || changed("uncountedTerminatedPods"))) {
      errors.invalid("status.uncountedTerminatedPods", uncounted, "must be empty for finished job");
    }
  }

  private void indexes() {
    String completed = status.string(COMPLETED, "");
    String failures = status.string(FAILED);
    JobIndexes good = JobIndexes.parse(completed, spec.number("completions", Long.MAX_VALUE));
    JobIndexes bad =
        JobIndexes.parse(
            failures == null ? "" : failures, spec.number("completions", Long.MAX_VALUE));
    boolean counted = spec.has("completions");
    if (changed(COMPLETED) && counted && good.error() != null) {
      errors.invalid(
          "status." + COMPLETED, completed, "error parsing completedIndexes: " + good.error());
    }
    if (changed(FAILED) && counted && spec.has("backoffLimitPerIndex") && bad.error() != null) {
      errors.invalid("status." + FAILED, failures, "error parsing failedIndexes: " + bad.error());
    }
    if (changed(COMPLETED) && !completed.isEmpty() && !indexed()) {
      errors.invalid(
          "status." + COMPLETED,
          completed,
          "cannot set non-empty completedIndexes when non-indexed completion mode");
    }
    if (changed(FAILED) && failures != null && !spec.has("backoffLimitPerIndex")) {
      errors.invalid(
          "status." + FAILED,
          failures,
          "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    }
    long both = counted && (changed(FAILED) || changed(COMPLETED)) ? bad.overlap(good) : -1;
    if (both >= 0) {
      errors.invalid(
          "status." + FAILED,
          failures,
          "failedIndexes and completedIndexes overlap at index: " + both);
    }
  }

  private boolean indexed() {
    return spec.string("completionMode", "").equals(JobValidation.INDEXED);
  }

  private void successCriteria() {
    boolean met = holds(job, "SuccessCriteriaMet");
    if (met && failed) {
      errors.invalid(CONDITIONS, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
    }
    if (met && holds(job, "FailureTarget")) {
      errors.invalid(
          CONDITIONS, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    }
    if (spec.has("successPolicy") && !met && complete) {
      errors.invalid(
          CONDITIONS,
          "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
    }
  }

  private void transitions() {
    for (String type : TERMINAL) {
      if (holds(old, type) && !holds(job, type)) {
        errors.invalid(CONDITIONS, "cannot disable the terminal " + type + "=True condition");
      }
    }
    decreases("failed");
    if (!indexed() || !Objects.equals(spec.get("completions"), spec.get("parallelism"))) {
      decreases("succeeded");
    }
    if (status.has("completionTime")
        && old.status().has("completionTime")
        && changed("completionTime")) {
      errors.invalid("status.completionTime", status.get("completionTime"), "field is immutable");
    }
    boolean resumed = holds(old, "Suspended") && is(job, "Suspended", "False");
    if (old.status().has("startTime")
        && changed("startTime")
        && !resumed
        && !spec.bool("suspend", false)) {
      errors.invalid(
          "status.startTime",
          status.get("startTime"),
          "field is immutable for unsuspended job once set");
    }
    boolean wasMet = holds(old, "SuccessCriteriaMet");
    boolean met = holds(job, "SuccessCriteriaMet");
    if (wasMet && !met) {
      errors.invalid(CONDITIONS, "cannot disable the SuccessCriteriaMet=True condition");
    }
    if (holds(old, "Complete") && !wasMet && met) {
      errors.invalid(
          CONDITIONS,
          "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }
  }

  private void decreases(String count) {
    if (status.number(count, 0) < old.status().number(count, 0)) {
      errors.invalid(
          "status." + count, status.get(count), "cannot decrease the " + count + " counter");
    }
  }
}
