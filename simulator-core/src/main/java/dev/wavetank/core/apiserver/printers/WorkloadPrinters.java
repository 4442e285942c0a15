package dev.wavetank.core.apiserver.printers;

import com.google.common.base.Ascii;
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
 * <p>Follows printDeployment, printReplicaSet, printStatefulSet, printDaemonSet,
 * printReplicationController, printPodTemplate and printControllerRevision of
 * pkg/printers/internalversion/printers.go (v1.36).
 */
final class WorkloadPrinters {

  static final Table.Column CONTAINERS =
      TablePrinter.wide("Containers", "Names of each container in the template.");
  static final Table.Column IMAGES =
      TablePrinter.wide("Images", "Images referenced by each container in the template.");
  static final Table.Column SELECTOR =
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

  static final TablePrinter STATEFUL_SETS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Ready", "Number of the pod with ready state"),
          TablePrinter.AGE,
          CONTAINERS,
          IMAGES) {
        @Override
        void print(KubeObject set, Instant now, ImmutableList.Builder<Object> cells) {
          long ready = set.status().number("readyReplicas", 0);
          cells
              .add(set.name())
              .add(ready + "/" + set.spec().number("replicas", 0))
              .add(age(set, now));
          addContainers(set.spec().mapOrEmpty("template"), cells);
        }
      };

  static final TablePrinter DAEMON_SETS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Desired", "Number of nodes that are to have a pod."),
          TablePrinter.integer("Current", "Number of these that have one."),
          TablePrinter.integer("Ready", "Number of these whose pod is ready."),
          TablePrinter.integer(
              "Up-to-date", "Number of these whose pod is of the newest template."),
          TablePrinter.integer("Available", "Number of these whose pod is available."),
          TablePrinter.column("Node Selector", "The labels of nodes that are to have a pod."),
          TablePrinter.AGE,
          CONTAINERS,
          IMAGES,
          SELECTOR) {
        @Override
        void print(KubeObject set, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap status = set.status();
          KubeMap pod = set.spec().mapOrEmpty("template").mapOrEmpty("spec");
          cells
              .add(set.name())
              .add(status.number("desiredNumberScheduled", 0))
              .add(status.number("currentNumberScheduled", 0))
              .add(status.number("numberReady", 0))
              .add(status.number("updatedNumberScheduled", 0))
              .add(status.number("numberAvailable", 0))
              .add(orNone(LabelSelector.ofLabels(pod.mapOrEmpty("nodeSelector")).toString()))
              .add(age(set, now));
          addWide(set, LabelSelector.format(set.spec().map("selector")), cells);
        }
      };

  static final TablePrinter REPLICATION_CONTROLLERS =
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
        void print(KubeObject controller, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(controller.name())
              .add(controller.spec().number("replicas", 0))
              .add(controller.status().number("replicas", 0))
              .add(controller.status().number("readyReplicas", 0))
              .add(age(controller, now));
          KubeMap selector = controller.spec().mapOrEmpty("selector");
          addWide(controller, orNone(LabelSelector.ofLabels(selector).toString()), cells);
        }
      };

  static final TablePrinter POD_TEMPLATES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Containers", "Names of each container in the template."),
          TablePrinter.column("Images", "Images referenced by each container in the template."),
          TablePrinter.column("Pod Labels", "The labels of pods made from the template.")) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap template = object.root().mapOrEmpty("template");
          cells.add(object.name());
          addContainers(template, cells);
          KubeMap labels = template.mapOrEmpty("metadata").mapOrEmpty("labels");
          cells.add(orNone(LabelSelector.ofLabels(labels).toString()));
        }
      };

  static final TablePrinter CONTROLLER_REVISIONS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Controller", "The controller of the revision."),
          TablePrinter.column("Revision", "Its number."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject revision, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(revision.name())
              .add(orNone(controller(revision)))
              .add(revision.root().number("revision", 0))
              .add(age(revision, now));
        }
      };

  private static String controller(KubeObject object) {
    for (KubeMap owner : object.metadata().listOrEmpty("ownerReferences").maps()) {
      if (owner.bool("controller", false)) {
        String version = owner.string("apiVersion", "");
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : "." + version.substring(0, slash);
        return Ascii.toLowerCase(owner.string("kind", "")) + group + "/" + owner.string("name", "");
      }
    }
    return "";
  }

  private WorkloadPrinters() {}

  private static String selector(KubeObject deployment) {
    try {
      return LabelSelector.of(deployment.spec().map("selector")).toString();
    } catch (IllegalArgumentException e) {
      return "<invalid>";
    }
  }

  static void addWide(KubeObject workload, String selector, ImmutableList.Builder<Object> cells) {
    addContainers(workload.spec().mapOrEmpty("template"), cells);
    cells.add(selector);
  }

  static void addContainers(KubeMap template, ImmutableList.Builder<Object> cells) {
    List<String> names = new ArrayList<>();
    List<String> images = new ArrayList<>();
    for (KubeMap container : template.mapOrEmpty("spec").listOrEmpty("containers").maps()) {
      names.add(container.string("name", ""));
      images.add(container.string("image", ""));
    }
    cells.add(String.join(",", names)).add(String.join(",", images));
  }
}
