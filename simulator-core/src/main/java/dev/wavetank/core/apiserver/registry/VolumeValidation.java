package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the volumes of a pod.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class VolumeValidation {

  private static final String FILE_MODE =
      "must be a number between 0 and 0777 (octal), both inclusive";

  /** The sources in the order in which they are looked at. */
  private static final ImmutableList<String> SOURCES =
      ImmutableList.of(
          "emptyDir",
          "hostPath",
          "gitRepo",
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "secret",
          "nfs",
          "iscsi",
          "glusterfs",
          "flocker",
          "persistentVolumeClaim",
          "rbd",
          "cinder",
          "cephfs",
          "quobyte",
          "downwardAPI",
          "fc",
          "flexVolume",
          "configMap",
          "azureFile",
          "vsphereVolume",
          "photonPersistentDisk",
          "portworxVolume",
          "azureDisk",
          "storageos",
          "projected",
          "scaleIO",
          "csi",
          "ephemeral",
          "image");

  private static final ImmutableList<String> HOST_PATH_TYPES =
      ImmutableList.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");

  private static final ImmutableList<String> VOLUME_FIELDS =
      ImmutableList.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");

  private VolumeValidation() {}

  /** The volumes that are sound, by name: mounts may refer to these only. */
  static Map<String, KubeMap> validate(KubeList volumes, String path, FieldErrors errors) {
    Map<String, KubeMap> sound = new LinkedHashMap<>();
    for (int i = 0; i < volumes.size(); i++) {
      KubeMap volume = volumes.map(i);
      String at = path + "[" + i + "]";
      String name = volume.string("name", "");
      FieldErrors found = new FieldErrors();
      source(volume, at, found);
      if (name.isEmpty()) {
        found.required(at + ".name", "");
      } else {
        Checks.dnsLabel(name, at + ".name", found);
      }
      if (sound.containsKey(name)) {
        found.duplicate(at + ".name", name);
      }
      if (found.isEmpty()) {
        sound.put(name, volume);
      } else {
        errors.addAll(found);
      }
    }
    return sound;
  }

  private static void source(KubeMap volume, String path, FieldErrors errors) {
    boolean one = false;
    for (String name : SOURCES) {
      KubeMap source = volume.map(name);
      if (source == null) {
        continue;
      }
      if (one) {
        errors.forbidden(path + "." + name, "may not specify more than 1 volume type");
        continue;
      }
      one = true;
      source(name, source, path + "." + name, errors);
    }
    if (!one) {
      errors.required(path, "must specify a volume type");
    }
  }

  /** The source of that name, such as {@code hostPath}. */
  static void source(String name, KubeMap source, String path, FieldErrors errors) {
    switch (name) {
      case "emptyDir" -> emptyDir(source, path, errors);
      case "hostPath" -> hostPath(source, path, errors);
      case "secret" -> named(source, "secretName", path, errors);
      case "configMap" -> named(source, "name", path, errors);
      case "persistentVolumeClaim" -> required(source, "claimName", path, errors);
      case "nfs" -> nfs(source, path, errors);
      case "gitRepo" -> required(source, "repository", path, errors);
      case "downwardAPI" -> {
        mode(source, "defaultMode", path, errors);
        downward(source, path, errors);
      }
      case "projected" -> projected(source, path, errors);
      case "csi" -> required(source, "driver", path, errors);
      case "ephemeral" -> {
        if (source.map("volumeClaimTemplate") == null) {
          errors.required(path + ".volumeClaimTemplate", "");
        }
      }
      case "image" -> {
        required(source, "reference", path, errors);
        errors.oneOf(source, "pullPolicy", ContainerValidation.PULL_POLICIES, path);
      }
      default -> {}
    }
  }

  private static void required(KubeMap source, String key, String path, FieldErrors errors) {
    if (source.string(key, "").isEmpty()) {
      errors.required(path + "." + key, "");
    }
  }

  private static void emptyDir(KubeMap source, String path, FieldErrors errors) {
    Quantity limit = ResourceRequirements.quantity(source.get("sizeLimit"));
    if (source.has("sizeLimit") && limit != null && limit.sign() < 0) {
      errors.forbidden(path + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
    }
  }

  private static void hostPath(KubeMap source, String path, FieldErrors errors) {
    String directory = source.string("path", "");
    if (directory.isEmpty()) {
      errors.required(path + ".path", "");
      return;
    }
    Checks.noBacksteps(directory, path + ".path", errors);
    Checks.oneOfIfSet(source, "type", HOST_PATH_TYPES, path, errors);
  }

  private static void nfs(KubeMap source, String path, FieldErrors errors) {
    required(source, "server", path, errors);
    required(source, "path", path, errors);
    if (!source.string("path", "/").startsWith("/")) {
      errors.invalid(path + ".path", source.get("path"), "must be an absolute path");
    }
  }

  private static void named(KubeMap source, String key, String path, FieldErrors errors) {
    required(source, key, path, errors);
    mode(source, "defaultMode", path, errors);
    items(source.listOrEmpty("items"), path + ".items", errors);
  }

  private static void mode(KubeMap source, String key, String path, FieldErrors errors) {
    long mode = source.number(key, 0);
    if (mode < 0 || mode > 0777) {
      errors.invalid(path + "." + key, mode, FILE_MODE);
    }
  }

  private static void items(KubeList items, String path, FieldErrors errors) {
    for (int i = 0; i < items.size(); i++) {
      KubeMap item = items.map(i);
      String at = path + "[" + i + "]";
      required(item, "key", at, errors);
      required(item, "path", at, errors);
      Checks.unreservedPath(item.string("path", ""), at + ".path", errors);
      mode(item, "mode", at, errors);
    }
  }

  private static void downward(KubeMap source, String path, FieldErrors errors) {
    for (KubeMap file : source.listOrEmpty("items").maps()) {
      required(file, "path", path, errors);
      Checks.unreservedPath(file.string("path", ""), path + ".path", errors);
      KubeMap field = file.map("fieldRef");
      KubeMap resource = file.map("resourceFieldRef");
      if (field != null) {
        EnvironmentValidation.fieldRef(field, VOLUME_FIELDS, path + ".fieldRef", errors);
        if (resource != null) {
          errors.invalid(
              path,
              "resource",
              "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
      } else if (resource != null) {
        EnvironmentValidation.resourceFieldRef(resource, true, path + ".resourceFieldRef", errors);
      } else {
        errors.required(path, "one of fieldRef and resourceFieldRef is required");
      }
      mode(file, "mode", path, errors);
    }
  }

  private static void projected(KubeMap projected, String path, FieldErrors errors) {
    mode(projected, "defaultMode", path, errors);
    KubeList sources = projected.listOrEmpty("sources");
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      KubeMap source = sources.map(i);
      String at = path + ".sources[" + i + "]";
      int kinds = 0;
      for (String kind : ImmutableList.of("secret", "configMap", "downwardAPI")) {
        KubeMap one = source.map(kind);
        if (one == null) {
          continue;
        }
        if (kinds++ > 0) {
          errors.forbidden(at + "." + kind, "may not specify more than 1 volume type");
          continue;
        }
        projection(kind, one, at + "." + kind, paths, errors);
      }
      token(source.map("serviceAccountToken"), kinds, at + ".serviceAccountToken", paths, errors);
    }
  }

  private static void projection(
      String kind, KubeMap source, String path, List<String> paths, FieldErrors errors) {
    if (kind.equals("downwardAPI")) {
      downward(source, path, errors);
    } else {
      required(source, "name", path, errors);
      items(source.listOrEmpty("items"), path + ".items", errors);
    }
    for (KubeMap item : source.listOrEmpty("items").maps()) {
      unique(item, path, paths, errors);
    }
  }

  private static void token(
      @Nullable KubeMap token, int kinds, String path, List<String> paths, FieldErrors errors) {
    if (token == null) {
      return;
    }
    if (kinds > 0) {
      errors.forbidden(path, "may not specify more than 1 volume type");
      return;
    }
    long seconds = token.number("expirationSeconds", 3600);
    if (seconds < 600) {
      errors.invalid(
          path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
    } else if (seconds > 1L << 32) {
      errors.invalid(
          path + ".expirationSeconds",
          seconds,
          "may not specify a duration larger than 2^32 seconds");
    }
    if (token.string("path", "").isEmpty()) {
      errors.required(path + ".path", "");
    } else {
      Checks.unreservedPath(token.string("path", ""), path + ".path", errors);
      unique(token, path, paths, errors);
    }
  }

  private static void unique(KubeMap item, String path, List<String> paths, FieldErrors errors) {
    String file = item.string("path", "");
    if (!file.isEmpty() && paths.contains(file)) {
      errors.invalid(path, file, "conflicting duplicate paths");
    }
    paths.add(file);
  }
}
