package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the environment variables of a container and where they come from.
 *
 * <p>Follows describeContainerEnvVars and describeContainerEnvFrom of
 * staging/src/k8s.io/kubectl/pkg/describe/describe.go and
 * staging/src/k8s.io/kubectl/pkg/util/resource/resource.go (v1.36).
 */
final class ContainerEnvironment {

  private final Sheet sheet;
  private final @Nullable KubeObject pod;

  ContainerEnvironment(Sheet sheet, @Nullable KubeObject pod) {
    this.sheet = sheet;
    this.pod = pod;
  }

  void describe(KubeMap container) {
    if (!container.listOrEmpty("envFrom").isEmpty()) {
      sheet.line(2, "Environment Variables from:");
      container.listOrEmpty("envFrom").maps().forEach(this::source);
    }
    boolean none = container.listOrEmpty("env").isEmpty();
    sheet.line(2, "Environment:" + (none ? "\t<none>" : ""));
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      variable(variable, container);
    }
  }

  private void source(KubeMap source) {
    KubeMap configMap = source.map("configMapRef");
    KubeMap secret = source.map("secretRef");
    KubeMap reference = configMap != null ? configMap : secret == null ? KubeMap.EMPTY : secret;
    String from = configMap != null ? "ConfigMap" : secret == null ? "" : "Secret";
    String prefix = source.string("prefix", "");
    sheet.line(
        3,
        reference.string("name", "")
            + "\t"
            + from
            + (prefix.isEmpty() ? "" : " with prefix '" + prefix + "'")
            + "\t"
            + optional(reference));
  }

  private static String optional(KubeMap reference) {
    return "Optional: " + reference.bool("optional", false);
  }

  private void variable(KubeMap variable, KubeMap container) {
    String name = variable.string("name", "");
    KubeMap from = variable.map("valueFrom");
    if (from == null) {
      String[] lines = variable.string("value", "").split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        sheet.line(3, (i == 0 ? name + ":" : "") + "\t" + lines[i]);
      }
      return;
    }
    KubeMap field = from.map("fieldRef");
    KubeMap resource = from.map("resourceFieldRef");
    KubeMap secret = from.map("secretKeyRef");
    KubeMap configMap = from.map("configMapKeyRef");
    if (field != null) {
      String path = field.string("fieldPath", "");
      sheet.field(
          3, name, fieldValue(path) + " (" + field.string("apiVersion", "") + ":" + path + ")");
    } else if (resource != null) {
      sheet.field(
          3,
          name,
          resourceValue(resource, container) + " (" + resource.string("resource", "") + ")");
    } else if (secret != null) {
      sheet.field(3, name, key(secret, "' in secret '"));
    } else if (configMap != null) {
      sheet.field(3, name, key(configMap, "' of config map '"));
    }
  }

  private static String key(KubeMap reference, String of) {
    return "<set to the key '"
        + reference.string("key", "")
        + of
        + reference.string("name", "")
        + "'>\t"
        + optional(reference);
  }

  private String fieldValue(String path) {
    if (pod == null) {
      return "";
    }
    for (String map : List.of("labels", "annotations")) {
      String prefix = "metadata." + map;
      KubeMap values = pod.metadata().mapOrEmpty(map);
      if (path.equals(prefix)) {
        return formatted(values);
      }
      if (path.startsWith(prefix + "['") && path.endsWith("']")) {
        return values.string(path.substring(prefix.length() + 2, path.length() - 2), "");
      }
    }
    if (path.equals("status.podIPs")) {
      List<String> ips = new ArrayList<>();
      pod.status().listOrEmpty("podIPs").maps().forEach(ip -> ips.add(ip.string("ip", "")));
      return String.join(",", ips);
    }
    return pod.root().at(path.split("\\.", -1)) instanceof String text ? text : "";
  }

  private static String formatted(KubeMap values) {
    List<String> lines = new ArrayList<>();
    for (String key : Sheet.sortedKeys(values)) {
      lines.add(key + "=" + GoQuote.quote(values.string(key, "")));
    }
    return String.join("\n", lines);
  }

  private static String resourceValue(KubeMap reference, KubeMap container) {
    String[] parts = reference.string("resource", "").split("\\.", 2);
    if (parts.length < 2) {
      return "";
    }
    boolean cpu = parts[1].equals("cpu");
    Quantity amount =
        Quantity.of(container.mapOrEmpty("resources").mapOrEmpty(parts[0]).get(parts[1]));
    Quantity divisor = Quantity.of(reference.get("divisor"));
    Quantity per = divisor.isZero() ? Quantity.parse("1") : divisor;
    double value =
        cpu
            ? (double) amount.milliValue() / per.milliValue()
            : (double) amount.value() / per.value();
    long whole = (long) Math.ceil(value);
    boolean unlimited = parts[0].equals("limits") && (cpu || parts[1].equals("memory"));
    return whole == 0 && unlimited ? "node allocatable" : Long.toString(whole);
  }
}
