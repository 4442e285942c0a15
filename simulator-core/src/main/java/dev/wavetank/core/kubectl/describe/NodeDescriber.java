package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.printers.NodeRoles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Describes nodes with their lease, their pods and what these ask for.
 *
 * <p>Follows describeNode of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class NodeDescriber {

  private NodeDescriber() {}

  static void describe(KubeObject node, Context context, Sheet sheet) {
    KubeMap spec = node.spec();
    KubeMap status = node.status();
    sheet.field(0, "Name", node.name());
    sheet.field(0, "Roles", NodeRoles.of(node));
    sheet.labels("Labels", node.labels());
    sheet.annotations("Annotations", node.annotations());
    sheet.field(0, "CreationTimestamp", Sheet.time(node.creationTimestamp()));
    sheet.lines("Taints", taints(spec));
    sheet.field(0, "Unschedulable", spec.bool("unschedulable", false));
    lease(node, context, sheet);
    conditions(status, sheet);
    sheet.line(0, "Addresses:");
    for (KubeMap address : status.listOrEmpty("addresses").maps()) {
      sheet.field(1, address.string("type", ""), address.string("address", ""));
    }
    amounts("Capacity", status.mapOrEmpty("capacity"), sheet);
    amounts("Allocatable", status.mapOrEmpty("allocatable"), sheet);
    systemInfo(status.mapOrEmpty("nodeInfo"), sheet);
    if (!spec.string("podCIDR", "").isEmpty()) {
      sheet.field(0, "PodCIDR", spec.string("podCIDR", ""));
    }
    KubeList cidrs = spec.listOrEmpty("podCIDRs");
    if (!cidrs.isEmpty()) {
      List<String> texts = new ArrayList<>();
      cidrs.forEach(cidr -> texts.add(cidr.toString()));
      sheet.field(0, "PodCIDRs", String.join(",", texts));
    }
    if (!spec.string("providerID", "").isEmpty()) {
      sheet.field(0, "ProviderID", spec.string("providerID", ""));
    }
    NodeResources.describe(node, context, sheet);
    if (context.showEvents()) {
      List<KubeObject> events =
          new ArrayList<>(EventsDescriber.search(node, node.kind(), node.uid(), context));
      events.addAll(EventsDescriber.search(node, node.kind(), node.name(), context));
      EventsDescriber.describe(events, context, sheet);
    }
  }

  private static List<String> taints(KubeMap spec) {
    List<KubeMap> taints = new ArrayList<>();
    spec.listOrEmpty("taints").maps().forEach(taints::add);
    taints.sort(Comparator.comparing(taint -> taint.get("effect") + "," + taint.string("key", "")));
    List<String> lines = new ArrayList<>();
    for (KubeMap taint : taints) {
      String value = taint.string("value", "");
      String effect = taint.string("effect", "");
      lines.add(
          taint.string("key", "")
              + (value.isEmpty() ? "" : "=" + value)
              + (effect.isEmpty() ? "" : ":" + effect));
    }
    return lines;
  }

  private static void lease(KubeObject node, Context context, Sheet sheet) {
    ObjectKey key = ObjectKey.of(ResourceType.LEASES, "kube-node-lease", node.name());
    KubeMap spec;
    try {
      spec = context.reader().get(key).spec();
    } catch (ApiException e) {
      sheet.field(0, "Lease", "Failed to get lease: " + e.getMessage());
      return;
    }
    sheet.line(0, "Lease:");
    sheet.field(1, "HolderIdentity", spec.string("holderIdentity", "<unset>"));
    sheet.field(1, "AcquireTime", time(spec, "acquireTime"));
    sheet.field(1, "RenewTime", time(spec, "renewTime"));
  }

  private static String time(KubeMap spec, String field) {
    return spec.has(field) ? Sheet.time(spec.get(field)) : "<unset>";
  }

  private static void conditions(KubeMap status, Sheet sheet) {
    if (status.listOrEmpty("conditions").isEmpty()) {
      return;
    }
    sheet.line(0, "Conditions:");
    sheet.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    sheet.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      sheet.line(
          1,
          condition.string("type", "")
              + " \t"
              + condition.string("status", "")
              + " \t"
              + Sheet.time(condition.get("lastHeartbeatTime"))
              + " \t"
              + Sheet.time(condition.get("lastTransitionTime"))
              + " \t"
              + condition.string("reason", "")
              + " \t"
              + condition.string("message", ""));
    }
  }

  private static void amounts(String title, KubeMap amounts, Sheet sheet) {
    if (amounts.isEmpty()) {
      return;
    }
    sheet.line(0, title + ":");
    for (String name : Sheet.sortedKeys(amounts)) {
      sheet.field(1, name, Quantity.of(amounts.get(name)).toString());
    }
  }

  private static void systemInfo(KubeMap info, Sheet sheet) {
    sheet.line(0, "System Info:");
    sheet.field(1, "Machine ID", info.string("machineID", ""));
    sheet.field(1, "System UUID", info.string("systemUUID", ""));
    sheet.field(1, "Boot ID", info.string("bootID", ""));
    sheet.field(1, "Kernel Version", info.string("kernelVersion", ""));
    sheet.field(1, "OS Image", info.string("osImage", ""));
    sheet.field(1, "Operating System", info.string("operatingSystem", ""));
    sheet.field(1, "Architecture", info.string("architecture", ""));
    sheet.field(1, "Container Runtime Version", info.string("containerRuntimeVersion", ""));
    sheet.field(1, "Kubelet Version", info.string("kubeletVersion", ""));
  }
}
