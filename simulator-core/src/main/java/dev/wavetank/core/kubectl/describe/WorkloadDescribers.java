package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.PodTemplates;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes Deployments and ReplicaSets.
 *
 * <p>Follows describeDeployment and describeReplicaSet of
 * staging/src/k8s.io/kubectl/pkg/describe/describe.go and
 * staging/src/k8s.io/kubectl/pkg/util/deployment/deployment.go (v1.36).
 */
final class WorkloadDescribers {

  private WorkloadDescribers() {}

  static void deployment(KubeObject deployment, Context context, Sheet sheet) {
    KubeMap spec = deployment.spec();
    KubeMap status = deployment.status();
    sheet.field(0, "Name", deployment.name()).field(0, "Namespace", deployment.namespace());
    sheet.field(0, "CreationTimestamp", Sheet.time(deployment.creationTimestamp()));
    sheet.labels("Labels", deployment.labels());
    sheet.annotations("Annotations", deployment.annotations());
    sheet.field(0, "Selector", LabelSelector.of(spec.map("selector")).toString());
    sheet.field(
        0,
        "Replicas",
        spec.number("replicas", 0)
            + " desired | "
            + status.number("updatedReplicas", 0)
            + " updated | "
            + status.number("replicas", 0)
            + " total | "
            + status.number("availableReplicas", 0)
            + " available | "
            + status.number("unavailableReplicas", 0)
            + " unavailable");
    KubeMap strategy = spec.mapOrEmpty("strategy");
    sheet.field(0, "StrategyType", strategy.string("type", ""));
    sheet.field(0, "MinReadySeconds", spec.number("minReadySeconds", 0));
    KubeMap rolling = strategy.map("rollingUpdate");
    if (rolling != null) {
      sheet.field(
          0,
          "RollingUpdateStrategy",
          rolling.get("maxUnavailable")
              + " max unavailable, "
              + rolling.get("maxSurge")
              + " max surge");
    }
    PodTemplateDescriber.describe(spec.mapOrEmpty("template"), sheet);
    conditions(status, sheet);
    replicaSets(deployment, context, sheet);
    EventsDescriber.describe(deployment, context, sheet);
  }

  private static void conditions(KubeMap status, Sheet sheet) {
    if (status.listOrEmpty("conditions").isEmpty()) {
      return;
    }
    sheet.line(0, "Conditions:").line(1, "Type\tStatus\tReason");
    sheet.line(1, "----\t------\t------");
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      sheet.line(
          1,
          condition.string("type", "")
              + " \t"
              + condition.string("status", "")
              + "\t"
              + condition.string("reason", ""));
    }
  }

  private static void replicaSets(KubeObject deployment, Context context, Sheet sheet) {
    List<KubeObject> owned = new ArrayList<>();
    String selector = LabelSelector.of(deployment.spec().map("selector")).toString();
    for (KubeObject replicaSet :
        context.reader().list(ResourceType.REPLICA_SETS, deployment.namespace(), selector, "")) {
      if (replicaSet.controlledBy(deployment.uid())) {
        owned.add(replicaSet);
      }
    }
    owned.sort(Comparator.comparing(KubeObject::creationTimestamp).thenComparing(KubeObject::name));
    @Nullable KubeObject newest = newest(deployment, owned);
    List<KubeObject> old = new ArrayList<>(owned);
    old.remove(newest);
    if (!owned.isEmpty()) {
      sheet.field(0, "OldReplicaSets", names(old));
      sheet.field(0, "NewReplicaSet", names(newest == null ? List.of() : List.of(newest)));
    }
  }

  /** The oldest ReplicaSet with the Deployment's template. */
  private static @Nullable KubeObject newest(KubeObject deployment, List<KubeObject> byAge) {
    KubeMap template = deployment.spec().mapOrEmpty("template");
    for (KubeObject replicaSet : byAge) {
      if (PodTemplates.equalIgnoreHash(replicaSet.spec().mapOrEmpty("template"), template)) {
        return replicaSet;
      }
    }
    return null;
  }

  private static String names(List<KubeObject> replicaSets) {
    List<String> texts = new ArrayList<>();
    for (KubeObject replicaSet : replicaSets) {
      texts.add(
          replicaSet.name()
              + " ("
              + replicaSet.status().number("replicas", 0)
              + "/"
              + replicaSet.spec().number("replicas", 0)
              + " replicas created)");
    }
    return Sheet.orNone(String.join(", ", texts));
  }

  static void replicaSet(KubeObject replicaSet, Context context, Sheet sheet) {
    KubeMap spec = replicaSet.spec();
    KubeMap status = replicaSet.status();
    sheet.field(0, "Name", replicaSet.name()).field(0, "Namespace", replicaSet.namespace());
    sheet.field(0, "Selector", LabelSelector.format(spec.map("selector")));
    sheet.labels("Labels", replicaSet.labels());
    sheet.annotations("Annotations", replicaSet.annotations());
    KubeMap controller = replicaSet.controllerRef();
    if (controller != null) {
      sheet.field(0, "Controlled By", controller.get("kind") + "/" + controller.get("name"));
    }
    sheet.field(
        0,
        "Replicas",
        status.number("replicas", 0) + " current / " + spec.number("replicas", 0) + " desired");
    sheet.field(0, "Pods Status", podStatus(replicaSet, context));
    PodTemplateDescriber.describe(spec.mapOrEmpty("template"), sheet);
    conditions(status, sheet);
    EventsDescriber.describe(replicaSet, context, sheet);
  }

  private static String podStatus(KubeObject replicaSet, Context context) {
    int running = 0;
    int waiting = 0;
    int succeeded = 0;
    int failed = 0;
    String selector = LabelSelector.of(replicaSet.spec().map("selector")).toString();
    for (KubeObject pod :
        context.reader().list(ResourceType.PODS, replicaSet.namespace(), selector, "")) {
      if (pod.controlledBy(replicaSet.uid())) {
        switch (pod.status().string("phase", "")) {
          case "Running" -> running++;
          case "Pending" -> waiting++;
          case "Succeeded" -> succeeded++;
          case "Failed" -> failed++;
          default -> {}
        }
      }
    }
    return running
        + " Running / "
        + waiting
        + " Waiting / "
        + succeeded
        + " Succeeded / "
        + failed
        + " Failed";
  }
}
