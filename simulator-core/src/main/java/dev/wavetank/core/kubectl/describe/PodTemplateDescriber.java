package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Describes pod templates.
 *
 * <p>Follows DescribePodTemplate of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class PodTemplateDescriber {

  private static final String SPACE = "  ";

  private PodTemplateDescriber() {}

  static void describe(KubeMap template, Sheet sheet) {
    KubeMap metadata = template.mapOrEmpty("metadata");
    KubeMap spec = template.mapOrEmpty("spec");
    sheet.line(0, "Pod Template:");
    sheet.labels(SPACE + "Labels", metadata.mapOrEmpty("labels"));
    if (!metadata.mapOrEmpty("annotations").isEmpty()) {
      sheet.annotations(SPACE + "Annotations", metadata.mapOrEmpty("annotations"));
    }
    String account = spec.string("serviceAccountName", "");
    if (!account.isEmpty()) {
      sheet.field(1, "Service Account", account);
    }
    ContainerDescriber containers = new ContainerDescriber(sheet, SPACE, null);
    if (!spec.listOrEmpty("initContainers").isEmpty()) {
      containers.describe("Init Containers", spec.listOrEmpty("initContainers"), KubeList.EMPTY);
    }
    containers.describe("Containers", spec.listOrEmpty("containers"), KubeList.EMPTY);
    VolumeDescriber.describe(spec.listOrEmpty("volumes"), SPACE, sheet);
    spreadConstraints(spec, SPACE, sheet);
    String priorityClass = spec.string("priorityClassName", "");
    if (!priorityClass.isEmpty()) {
      sheet.field(1, "Priority Class Name", priorityClass);
    }
    sheet.labels(SPACE + "Node-Selectors", spec.mapOrEmpty("nodeSelector"));
    sheet.tolerations(SPACE + "Tolerations", spec.listOrEmpty("tolerations"));
  }

  /** The topology spread constraints of a pod's spec, if it has any. */
  static void spreadConstraints(KubeMap spec, String space, Sheet sheet) {
    List<KubeMap> constraints = new ArrayList<>();
    spec.listOrEmpty("topologySpreadConstraints").maps().forEach(constraints::add);
    if (constraints.isEmpty()) {
      return;
    }
    constraints.sort(Comparator.comparing(constraint -> constraint.string("topologyKey", "")));
    List<String> lines = new ArrayList<>();
    for (KubeMap constraint : constraints) {
      KubeMap selector = constraint.map("labelSelector");
      lines.add(
          constraint.string("topologyKey", "")
              + ":"
              + constraint.string("whenUnsatisfiable", "")
              + " when max skew "
              + constraint.number("maxSkew", 0)
              + " is exceeded"
              + (selector == null ? "" : " for selector " + LabelSelector.format(selector)));
    }
    sheet.lines(space + "Topology Spread Constraints", lines);
  }
}
