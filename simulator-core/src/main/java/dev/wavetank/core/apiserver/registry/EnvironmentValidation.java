package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.Locale;

/**
 * Checks a container's {@code env} and {@code envFrom}, and the references of the downward API.
 *
 * <p>Follows pkg/apis/core/validation/validation.go and pkg/apis/core/pods/helpers.go (v1.36).
 */
final class EnvironmentValidation {

  private static final ImmutableList<String> ENV_FIELDS =
      ImmutableList.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final ImmutableList<String> CONVERTIBLE =
      ImmutableList.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.serviceAccountName",
          "spec.schedulerName",
          "status.phase",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final ImmutableList<String> RESOURCES =
      ImmutableList.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");
  private static final ImmutableList<String> BYTE_DIVISORS =
      ImmutableList.of(
          "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

  private EnvironmentValidation() {}

  static void variables(KubeList variables, String path, FieldErrors errors) {
    for (int i = 0; i < variables.size(); i++) {
      KubeMap variable = variables.map(i);
      String at = path + "[" + i + "]";
      String name = variable.string("name", "");
      if (name.isEmpty()) {
        errors.required(at + ".name", "");
      } else {
        errors.invalid(at + ".name", name, Formats.environmentVariable(name));
      }
      KubeMap from = variable.map("valueFrom");
      if (from != null) {
        valueFrom(variable, from, at + ".valueFrom", errors);
      }
    }
  }

  private static void valueFrom(KubeMap variable, KubeMap from, String path, FieldErrors errors) {
    int sources = 0;
    KubeMap field = from.map("fieldRef");
    if (field != null) {
      sources++;
      fieldRef(field, ENV_FIELDS, path + ".fieldRef", errors);
    }
    KubeMap resource = from.map("resourceFieldRef");
    if (resource != null) {
      sources++;
      resourceFieldRef(resource, false, path + ".resourceFieldRef", errors);
    }
    for (String kind : ImmutableList.of("configMapKeyRef", "secretKeyRef")) {
      KubeMap key = from.map(kind);
      if (key != null) {
        sources++;
        keyRef(key, path + "." + kind, errors);
      }
    }
    KubeMap file = from.map("fileKeyRef");
    if (file != null) {
      sources++;
      fileKeyRef(file, path + ".fileKeyRef", errors);
    }
    if (sources == 0) {
      errors.invalid(
          path,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
              + " or `fileKeyRef`");
    } else if (!variable.string("value", "").isEmpty()) {
      errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if (sources > 1) {
      errors.invalid(path, "", "may not have more than one field specified at a time");
    }
  }

  private static void keyRef(KubeMap reference, String path, FieldErrors errors) {
    String name = reference.string("name", "");
    String key = reference.string("key", "");
    Checks.dnsSubdomain(name, path + ".name", errors);
    if (key.isEmpty()) {
      errors.required(path + ".key", "");
    } else {
      errors.invalid(path + ".key", key, Formats.configMapKey(key));
    }
  }

  private static void fileKeyRef(KubeMap reference, String path, FieldErrors errors) {
    String key = reference.string("key", "");
    if (key.isEmpty()) {
      errors.required(path + ".key", "");
    } else {
      errors.invalid(path + ".key", key, Formats.environmentVariable(key));
    }
    if (reference.string("volumeName", "").isEmpty()) {
      errors.required(path + ".volumeName", "");
    } else {
      Checks.dnsLabel(reference.string("volumeName", ""), path + ".volumeName", errors);
    }
    if (reference.string("path", "").isEmpty()) {
      errors.required(path + ".path", "");
    } else {
      Checks.noBacksteps(reference.string("path", ""), path + ".path", errors);
    }
  }

  /** A field of the pod, such as {@code metadata.labels['app']}. */
  static void fieldRef(
      KubeMap reference, ImmutableList<String> fields, String path, FieldErrors errors) {
    String version = reference.string("apiVersion", "");
    String fieldPath = reference.string("fieldPath", "");
    if (version.isEmpty()) {
      errors.required(path + ".apiVersion", "");
      return;
    }
    if (fieldPath.isEmpty()) {
      errors.required(path + ".fieldPath", "");
      return;
    }
    String wrong = version.equals("v1") ? "" : "unsupported pod version: " + version;
    int bracket = fieldPath.endsWith("']") ? fieldPath.indexOf("['") : -1;
    String base = bracket < 0 ? fieldPath : fieldPath.substring(0, bracket);
    boolean subscripts = base.equals("metadata.annotations") || base.equals("metadata.labels");
    if (wrong.isEmpty() && bracket >= 0 && !subscripts) {
      wrong = "field label does not support subscript: " + fieldPath;
    } else if (wrong.isEmpty()
        && bracket < 0
        && !base.equals("spec.host")
        && !CONVERTIBLE.contains(base)) {
      wrong = "field label not supported: " + fieldPath;
    }
    if (!wrong.isEmpty()) {
      errors.invalid(path + ".fieldPath", fieldPath, "error converting fieldPath: " + wrong);
      return;
    }
    if (bracket >= 0) {
      String key = fieldPath.substring(bracket + 2, fieldPath.length() - 2);
      boolean annotation = base.equals("metadata.annotations");
      Checks.qualifiedName(annotation ? key.toLowerCase(Locale.ROOT) : key, path, errors);
    } else if (!fields.contains(base.equals("spec.host") ? "spec.nodeName" : base)) {
      errors.unsupported(path + ".fieldPath", base, fields);
    }
  }

  /** A resource of a container, such as {@code limits.cpu}. */
  static void resourceFieldRef(KubeMap reference, boolean volume, String path, FieldErrors errors) {
    String resource = reference.string("resource", "");
    if (volume && reference.string("containerName", "").isEmpty()) {
      errors.required(path + ".containerName", "");
    } else if (resource.isEmpty()) {
      errors.required(path + ".resource", "");
    } else if (!RESOURCES.contains(resource) && !hugePages(resource)) {
      errors.unsupported(path + ".resource", resource, RESOURCES);
    }
    Quantity divisor = ResourceRequirements.quantity(reference.get("divisor"));
    if (divisor == null || divisor.isZero()) {
      return;
    }
    if (resource.endsWith(".cpu")) {
      if (!divisor.toString().equals("1m") && !divisor.toString().equals("1")) {
        errors.invalid(
            path + ".divisor",
            resource,
            "only divisor's values 1m and 1 are supported with the cpu resource");
      }
    } else if (!BYTE_DIVISORS.contains(divisor.toString())) {
      String kind =
          resource.endsWith(".memory")
              ? "memory"
              : hugePages(resource) ? "hugepages" : "local ephemeral storage";
      errors.invalid(
          path + ".divisor",
          resource,
          "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are"
              + " supported with the "
              + kind
              + " resource");
    }
  }

  private static boolean hugePages(String resource) {
    return resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");
  }

  static void sources(KubeList sources, String path, FieldErrors errors) {
    for (int i = 0; i < sources.size(); i++) {
      KubeMap source = sources.map(i);
      String at = path + "[" + i + "]";
      String prefix = source.string("prefix", "");
      if (!prefix.isEmpty()) {
        errors.invalid(at + ".prefix", prefix, Formats.environmentVariable(prefix));
      }
      int kinds = 0;
      for (String kind : ImmutableList.of("configMapRef", "secretRef")) {
        KubeMap reference = source.map(kind);
        if (reference == null) {
          continue;
        }
        kinds++;
        String name = reference.string("name", "");
        if (name.isEmpty()) {
          errors.required(at + "." + kind + ".name", "");
        } else {
          String masked = Formats.maskTrailingDash(name);
          errors.invalid(at + "." + kind + ".name", name, Formats.dnsSubdomain(masked));
        }
      }
      if (kinds == 0) {
        errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
      } else if (kinds > 1) {
        errors.invalid(path, "", "may not have more than one field specified at a time");
      }
    }
  }
}
