package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;

/**
 * The row of a node.
 *
 * <p>Follows printNode of pkg/printers/internalversion/printers.go (v1.36).
 */
final class NodePrinter extends TablePrinter {

  static final NodePrinter PRINTER = new NodePrinter();

  private NodePrinter() {
    super(
        NAME,
        column("Status", "The status of the node"),
        column("Roles", "The roles of the node"),
        AGE,
        column("Version", "The version of the node's kubelet."),
        wide("Internal-IP", "The node's address inside the cluster."),
        wide("External-IP", "The node's address outside the cluster."),
        wide("OS-Image", "The node's operating system."),
        wide("Kernel-Version", "The node's kernel and its architecture."),
        wide("Container-Runtime", "The node's container runtime and its version."));
  }

  @Override
  void print(KubeObject node, Instant now, ImmutableList.Builder<Object> cells) {
    KubeMap info = node.status().mapOrEmpty("nodeInfo");
    String architecture = info.string("architecture", "");
    cells
        .add(node.name())
        .add(status(node))
        .add(NodeRoles.of(node))
        .add(age(node, now))
        .add(info.string("kubeletVersion", ""))
        .add(address(node, "InternalIP"))
        .add(address(node, "ExternalIP"))
        .add(orUnknown(info, "osImage"))
        .add(
            orUnknown(info, "kernelVersion")
                + (architecture.isEmpty() ? "" : " (" + architecture + ")"))
        .add(orUnknown(info, "containerRuntimeVersion"));
  }

  private static String status(KubeObject node) {
    KubeMap ready = Conditions.find(node.status(), "Ready");
    String status =
        ready == null ? "Unknown" : "True".equals(ready.get("status")) ? "Ready" : "NotReady";
    return node.spec().bool("unschedulable", false) ? status + ",SchedulingDisabled" : status;
  }

  private static String address(KubeObject node, String type) {
    KubeMap found = node.status().listOrEmpty("addresses").find("type", type);
    return found == null ? "<none>" : found.string("address", "");
  }

  private static String orUnknown(KubeMap info, String field) {
    String text = info.string(field, "");
    return text.isEmpty() ? "<unknown>" : text;
  }
}
