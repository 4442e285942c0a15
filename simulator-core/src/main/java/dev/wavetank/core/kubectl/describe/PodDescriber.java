package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.registry.QosClass;

/**
 * Describes pods.
 *
 * <p>Follows describePod of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class PodDescriber {

  private static final String MIRROR = "kubernetes.io/config.mirror";

  private PodDescriber() {}

  static void describe(KubeObject pod, Context context, Sheet sheet) {
    KubeMap spec = pod.spec();
    KubeMap status = pod.status();
    sheet.field(0, "Name", pod.name()).field(0, "Namespace", pod.namespace());
    if (spec.has("priority")) {
      sheet.field(0, "Priority", spec.number("priority", 0));
    }
    ifSet(sheet, "Priority Class Name", spec.string("priorityClassName", ""));
    ifSet(sheet, "Runtime Class Name", spec.string("runtimeClassName", ""));
    ifSet(sheet, "Service Account", spec.string("serviceAccountName", ""));
    String node = spec.string("nodeName", "");
    sheet.field(0, "Node", node.isEmpty() ? "<none>" : node + "/" + status.string("hostIP", ""));
    if (status.has("startTime")) {
      sheet.field(0, "Start Time", Sheet.time(status.get("startTime")));
    }
    sheet.labels("Labels", pod.labels());
    sheet.annotations("Annotations", pod.annotations());
    state(pod, context, sheet);
    addresses(status, sheet);
    KubeMap controller = pod.controllerRef();
    if (controller != null) {
      sheet.field(0, "Controlled By", controller.get("kind") + "/" + controller.get("name"));
    }
    ifSet(sheet, "NominatedNodeName", status.string("nominatedNodeName", ""));
    ContainerDescriber.resources(sheet, 0, spec.map("resources"));
    containers(pod, sheet);
    conditions(pod, sheet);
    VolumeDescriber.describe(spec.listOrEmpty("volumes"), "", sheet);
    String qosClass = status.string("qosClass", "");
    sheet.field(0, "QoS Class", qosClass.isEmpty() ? QosClass.of(spec) : qosClass);
    sheet.labels("Node-Selectors", spec.mapOrEmpty("nodeSelector"));
    sheet.tolerations("Tolerations", spec.listOrEmpty("tolerations"));
    PodTemplateDescriber.spreadConstraints(spec, "", sheet);
    if (context.showEvents()) {
      String mirror = pod.annotations().string(MIRROR, "");
      String uid = mirror.isEmpty() ? pod.uid() : mirror;
      EventsDescriber.describe(EventsDescriber.search(pod, "", uid, context), context, sheet);
    }
  }

  private static void ifSet(Sheet sheet, String name, String value) {
    if (!value.isEmpty()) {
      sheet.field(0, name, value);
    }
  }

  private static void state(KubeObject pod, Context context, Sheet sheet) {
    KubeMap status = pod.status();
    String phase = status.string("phase", "");
    if (pod.terminating() && !phase.equals("Failed") && !phase.equals("Succeeded")) {
      String lasts = HumanDuration.since(pod.deletionTimestamp(), context.now());
      long grace = pod.metadata().number("deletionGracePeriodSeconds", 0);
      sheet.field(0, "Status", "Terminating (lasts " + lasts + ")");
      sheet.field(0, "Termination Grace Period", grace + "s");
    } else {
      sheet.field(0, "Status", phase);
    }
    ifSet(sheet, "Reason", status.string("reason", ""));
    ifSet(sheet, "Message", status.string("message", ""));
    KubeMap seccomp = pod.spec().mapOrEmpty("securityContext").map("seccompProfile");
    if (seccomp != null) {
      sheet.field(0, "SeccompProfile", seccomp.string("type", ""));
      ifSet(sheet, "LocalhostProfile", seccomp.string("localhostProfile", ""));
    }
  }

  private static void addresses(KubeMap status, Sheet sheet) {
    sheet.field(0, "IP", status.string("podIP", ""));
    if (status.listOrEmpty("podIPs").isEmpty()) {
      sheet.field(0, "IPs", "<none>");
      return;
    }
    sheet.line(0, "IPs:");
    for (KubeMap ip : status.listOrEmpty("podIPs").maps()) {
      sheet.field(1, "IP", ip.string("ip", ""));
    }
  }

  private static void containers(KubeObject pod, Sheet sheet) {
    ContainerDescriber describer = new ContainerDescriber(sheet, "", pod);
    KubeMap spec = pod.spec();
    KubeMap status = pod.status();
    if (!spec.listOrEmpty("initContainers").isEmpty()) {
      describer.describe(
          "Init Containers",
          spec.listOrEmpty("initContainers"),
          status.listOrEmpty("initContainerStatuses"));
    }
    describer.describe(
        "Containers", spec.listOrEmpty("containers"), status.listOrEmpty("containerStatuses"));
    if (!spec.listOrEmpty("ephemeralContainers").isEmpty()) {
      describer.describe(
          "Ephemeral Containers",
          spec.listOrEmpty("ephemeralContainers"),
          status.listOrEmpty("ephemeralContainerStatuses"));
    }
  }

  private static void conditions(KubeObject pod, Sheet sheet) {
    if (!pod.spec().listOrEmpty("readinessGates").isEmpty()) {
      sheet.line(0, "Readiness Gates:").line(1, "Type\tStatus");
      for (KubeMap gate : pod.spec().listOrEmpty("readinessGates").maps()) {
        String type = gate.string("conditionType", "");
        KubeMap condition = Conditions.find(pod.status(), type);
        String status = condition == null ? "<none>" : condition.string("status", "");
        sheet.line(1, type + " \t" + status + " ");
      }
    }
    if (!pod.status().listOrEmpty("conditions").isEmpty()) {
      sheet.line(0, "Conditions:").line(1, "Type\tStatus");
      for (KubeMap condition : pod.status().listOrEmpty("conditions").maps()) {
        sheet.line(1, condition.string("type", "") + " \t" + condition.string("status", "") + " ");
      }
    }
  }
}
