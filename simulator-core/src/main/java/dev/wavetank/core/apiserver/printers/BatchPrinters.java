package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.Timestamps;
import java.time.Duration;
import java.time.Instant;

/**
 * The rows of Jobs and CronJobs.
 *
 * <p>Follows printJob and printCronJob of pkg/printers/internalversion/printers.go (v1.36).
 */
final class BatchPrinters {

  private static final ImmutableList<String> ENDS = ImmutableList.of("Complete", "Failed");
  private static final ImmutableList<String> STATES =
      ImmutableList.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

  static final TablePrinter JOBS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Status", "Status of the job."),
          TablePrinter.column("Completions", "How many pods succeeded of how many."),
          TablePrinter.column("Duration", "Time required to complete the job."),
          TablePrinter.AGE,
          WorkloadPrinters.CONTAINERS,
          WorkloadPrinters.IMAGES,
          WorkloadPrinters.SELECTOR) {
        @Override
        void print(KubeObject job, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(job.name())
              .add(status(job))
              .add(completions(job))
              .add(duration(job.status(), now))
              .add(age(job, now));
          String selector = LabelSelector.format(job.spec().map("selector"));
          WorkloadPrinters.addWide(job, selector, cells);
        }
      };

  static final TablePrinter CRON_JOBS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Schedule", "When jobs are made."),
          TablePrinter.column("Timezone", "The time zone of the schedule."),
          TablePrinter.bool("Suspend", "Whether none is made for now."),
          TablePrinter.integer("Active", "Number of jobs that run."),
          TablePrinter.column("Last Schedule", "How long ago the last was made."),
          TablePrinter.AGE,
          WorkloadPrinters.CONTAINERS,
          WorkloadPrinters.IMAGES,
          WorkloadPrinters.SELECTOR) {
        @Override
        void print(KubeObject cronJob, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = cronJob.spec();
          Instant last = Timestamps.parse(cronJob.status().get("lastScheduleTime"));
          cells
              .add(cronJob.name())
              .add(spec.string("schedule", ""))
              .add(spec.string("timeZone", "<none>"))
              .add(spec.has("suspend") ? spec.bool("suspend", false) ? "True" : "False" : "<unset>")
              .add((long) cronJob.status().listOrEmpty("active").size())
              .add(
                  last == null ? "<none>" : HumanDuration.of(Duration.between(last, now).toNanos()))
              .add(age(cronJob, now));
          KubeMap job = spec.mapOrEmpty("jobTemplate").mapOrEmpty("spec");
          WorkloadPrinters.addContainers(job.mapOrEmpty("template"), cells);
          cells.add(LabelSelector.format(job.map("selector")));
        }
      };

  private BatchPrinters() {}

  private static String status(KubeObject job) {
    for (String end : ENDS) {
      if (holds(job, end)) {
        return end;
      }
    }
    if (job.metadata().has("deletionTimestamp")) {
      return "Terminating";
    }
    for (String state : STATES) {
      if (holds(job, state)) {
        return state;
      }
    }
    return "Running";
  }

  private static boolean holds(KubeObject job, String type) {
    for (KubeMap condition : job.status().listOrEmpty("conditions").maps()) {
      if (type.equals(condition.get("type")) && "True".equals(condition.get("status"))) {
        return true;
      }
    }
    return false;
  }

  private static String completions(KubeObject job) {
    long succeeded = job.status().number("succeeded", 0);
    if (job.spec().has("completions")) {
      return succeeded + "/" + job.spec().number("completions", 0);
    }
    long parallelism = job.spec().number("parallelism", 0);
    return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
  }

  private static String duration(KubeMap status, Instant now) {
    Instant start = Timestamps.parse(status.get("startTime"));
    Instant end = Timestamps.parse(status.get("completionTime"));
    return start == null
        ? ""
        : HumanDuration.of(Duration.between(start, end == null ? now : end).toNanos());
  }
}
