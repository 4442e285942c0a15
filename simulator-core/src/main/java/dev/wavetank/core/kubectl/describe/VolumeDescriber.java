package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes the volumes of a pod or a pod template. Sources of storage that no cluster of this
 * simulation has are named, without their fields.
 *
 * <p>Follows describeVolumes of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class VolumeDescriber {

  private static final int ATTRIBUTE_MAX = 140;

  private VolumeDescriber() {}

  static void describe(KubeList volumes, String space, Sheet sheet) {
    if (volumes.isEmpty()) {
      sheet.field(0, space + "Volumes", "<none>");
      return;
    }
    sheet.line(0, space + "Volumes:");
    for (KubeMap volume : volumes.maps()) {
      sheet.line(1, (space.isEmpty() ? "" : " ") + volume.string("name", "") + ":");
      source(volume, sheet);
    }
  }

  private static void source(KubeMap volume, Sheet sheet) {
    for (String kind : volume.keys()) {
      KubeMap source = volume.mapOrEmpty(kind);
      switch (kind) {
        case "hostPath" -> {
          type(sheet, "HostPath (bare host directory volume)");
          sheet.field(2, "Path", source.string("path", ""));
          sheet.field(2, "HostPathType", source.string("type", "<none>"));
        }
        case "emptyDir" -> emptyDir(source, sheet);
        case "secret" -> {
          type(sheet, "Secret (a volume populated by a Secret)");
          sheet.field(2, "SecretName", source.string("secretName", ""));
          sheet.field(2, "Optional", source.bool("optional", false));
        }
        case "configMap" -> {
          type(sheet, "ConfigMap (a volume populated by a ConfigMap)");
          sheet.field(2, "Name", source.string("name", ""));
          sheet.field(2, "Optional", source.bool("optional", false));
        }
        case "nfs" -> {
          type(sheet, "NFS (an NFS mount that lasts the lifetime of a pod)");
          sheet.field(2, "Server", source.string("server", ""));
          sheet.field(2, "Path", source.string("path", ""));
          sheet.field(2, "ReadOnly", source.bool("readOnly", false));
        }
        case "persistentVolumeClaim" -> {
          type(
              sheet,
              "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same"
                  + " namespace)");
          sheet.field(2, "ClaimName", source.string("claimName", ""));
          sheet.field(2, "ReadOnly", source.bool("readOnly", false));
        }
        case "downwardAPI" -> downwardApi(source, sheet);
        case "projected" -> projected(source, sheet);
        case "csi" -> csi(source, sheet);
        case "image" -> {
          type(sheet, "Image (a container image or OCI artifact)");
          sheet.field(2, "Reference", source.string("reference", ""));
          sheet.field(2, "PullPolicy", source.string("pullPolicy", ""));
        }
        case "name" -> {
          continue;
        }
        default -> type(sheet, kind);
      }
      return;
    }
    sheet.line(1, "<unknown>");
  }

  private static void type(Sheet sheet, String text) {
    sheet.field(2, "Type", text);
  }

  private static void emptyDir(KubeMap source, Sheet sheet) {
    Quantity limit = Quantity.of(source.get("sizeLimit"));
    type(sheet, "EmptyDir (a temporary directory that shares a pod's lifetime)");
    sheet.field(2, "Medium", source.string("medium", ""));
    sheet.field(2, "SizeLimit", limit.sign() > 0 ? limit.toString() : "<unset>");
  }

  private static void downwardApi(KubeMap source, Sheet sheet) {
    type(sheet, "DownwardAPI (a volume populated by information about the pod)");
    sheet.line(2, "Items:");
    for (KubeMap item : source.listOrEmpty("items").maps()) {
      KubeMap field = item.map("fieldRef");
      KubeMap resource = item.map("resourceFieldRef");
      if (field != null) {
        sheet.line(3, field.string("fieldPath", "") + " -> " + item.string("path", ""));
      }
      if (resource != null) {
        sheet.line(3, resource.string("resource", "") + " -> " + item.string("path", ""));
      }
    }
  }

  private static void projected(KubeMap projected, Sheet sheet) {
    type(sheet, "Projected (a volume that contains injected data from multiple sources)");
    for (KubeMap source : projected.listOrEmpty("sources").maps()) {
      KubeMap secret = source.map("secret");
      KubeMap configMap = source.map("configMap");
      KubeMap token = source.map("serviceAccountToken");
      if (secret != null) {
        sheet.field(2, "SecretName", secret.string("name", ""));
        sheet.field(2, "Optional", secret.bool("optional", false));
      } else if (source.has("downwardAPI")) {
        sheet.field(2, "DownwardAPI", "true");
      } else if (configMap != null) {
        sheet.field(2, "ConfigMapName", configMap.string("name", ""));
        sheet.field(2, "Optional", configMap.bool("optional", false));
      } else if (token != null) {
        sheet.field(2, "TokenExpirationSeconds", token.number("expirationSeconds", 0));
      }
    }
  }

  private static void csi(KubeMap source, Sheet sheet) {
    type(sheet, "CSI (a Container Storage Interface (CSI) volume source)");
    sheet.field(2, "Driver", source.string("driver", ""));
    sheet.field(2, "FSType", source.string("fsType", ""));
    sheet.field(2, "ReadOnly", source.bool("readOnly", false));
    KubeMap attributes = source.mapOrEmpty("volumeAttributes");
    List<String> lines = new ArrayList<>();
    for (String key : Sheet.sortedKeys(attributes)) {
      String line = key + "=" + attributes.get(key);
      lines.add(line.length() > ATTRIBUTE_MAX ? line.substring(0, ATTRIBUTE_MAX) + "..." : line);
    }
    sheet.lines("    VolumeAttributes", lines);
  }
}
