package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;

/**
 * The rows of what decides which pod comes first and which may be disturbed.
 *
 * <p>Follows printPriorityClass and printPodDisruptionBudget of
 * pkg/printers/internalversion/printers.go (v1.36).
 */
final class SchedulingPrinters {

  static final TablePrinter PRIORITY_CLASSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Value", "The priority that pods of the class get."),
          TablePrinter.bool("Global-Default", "Whether pods that name no class get this one."),
          TablePrinter.AGE,
          TablePrinter.column(
              "PreemptionPolicy", "Whether its pods push others from their nodes.")) {
        @Override
        void print(KubeObject priorityClass, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap root = priorityClass.root();
          cells
              .add(priorityClass.name())
              .add(root.number("value", 0))
              .add(root.bool("globalDefault", false))
              .add(age(priorityClass, now))
              .add(root.string("preemptionPolicy", ""));
        }
      };

  static final TablePrinter POD_DISRUPTION_BUDGETS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Min Available", "How many pods must stay available."),
          TablePrinter.column("Max Unavailable", "How many pods may be away."),
          TablePrinter.integer("Allowed Disruptions", "How many pods may be evicted now."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject budget, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(budget.name())
              .add(orNotApplicable(budget.spec(), "minAvailable"))
              .add(orNotApplicable(budget.spec(), "maxUnavailable"))
              .add(budget.status().number("disruptionsAllowed", 0))
              .add(age(budget, now));
        }
      };

  private SchedulingPrinters() {}

  private static String orNotApplicable(KubeMap spec, String field) {
    Object value = spec.get(field);
    return value == null ? "N/A" : value.toString();
  }
}
