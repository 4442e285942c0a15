package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of workloads: how many of their pods there are, and of what they are made.
 *
 * <p>Follows printDeployment and printReplicaSet of pkg/printers/internalversion/printers.go
 * (v1.36).
 */
final class WorkloadPrinters {

  private static final Table.Column CONTAINERS =
      TablePrinter.wide("Containers", "Names of each container in the template.");
  private static final Table.Column IMAGES =
      TablePrinter.wide("Images", "Images referenced by each container in the template.");
  private static final Table.Column SELECTOR =
      TablePrinter.wide("Selector", "The labels of the pods that count.");

  static final TablePrinter DEPLOYMENTS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Ready", "Number of the pod with ready state"),
          TablePrinter.column("Up-to-date", "Number of pods made from the newest template."),
          TablePrinter.column("Available", "Number of pods that are available."),
          TablePrinter.AGE,
          CONTAINERS,
          IMAGES,
          SELECTOR) {
        @Override
        void print(KubeObject deployment, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap status = deployment.status();
          cells
              .add(deployment.name())
              .add(
                  status.number("readyReplicas", 0) + "/" + deployment.spec().number("replicas", 0))
              .add(status.number("updatedReplicas", 0))
              .add(status.number("availableReplicas", 0))
              .add(age(deployment, now));
          addWide(deployment, selector(deployment), cells);
        }
      };

  static final TablePrinter REPLICA_SETS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Desired", "Number of pods that are asked for."),
          TablePrinter.integer("Current", "Number of pods that exist."),
          TablePrinter.integer("Ready", "Number of pods that are ready."),
          TablePrinter.AGE,
          CONTAINERS,
          IMAGES,
          SELECTOR) {
        @Override
        void print(KubeObject replicaSet, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(replicaSet.name())
              .add(replicaSet.spec().number("replicas", 0))
              .add(replicaSet.status().number("replicas", 0))
              .add(replicaSet.status().number("readyReplicas", 0))
              .add(age(replicaSet, now));
          addWide(replicaSet, LabelSelector.format(replicaSet.spec().map("selector")), cells);
        }
      };

  private WorkloadPrinters() {}

  private static String selector(KubeObject deployment) {
    try {
      return LabelSelector.of(deployment.spec().map("selector")).toString();
    } catch (IllegalArgumentException e) {
      return "<invalid>";
    }
  }

  private static void addWide(
      KubeObject workload, String selector, ImmutableList.Builder<Object> cells) {
    List<String> names = new ArrayList<>();
    List<String> images = new ArrayList<>();
    KubeMap template = workload.spec().mapOrEmpty("template").mapOrEmpty("spec");
    for (KubeMap container : template.listOrEmpty("containers").maps()) {
      names.add(container.string("name", ""));
      images.add(container.string("image", ""));
    }
    cells.add(String.join(",", names)).add(String.join(",", images)).add(selector);
  }
}
