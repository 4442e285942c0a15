package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables of containers: literal, from ConfigMaps and Secrets, from the pod's fields.
 *
 * <p>Follows makeEnvironmentVariables of pkg/kubelet/kubelet_pods.go (v1.36).
 */
final class ContainerEnvironment {

  private static final int LITERALS_MAX = 4096;

  private final ApiServer server;
  private final String hostIp;
  private final Map<KubeList, KubeMap> literals = new LinkedHashMap<>();

  ContainerEnvironment(ApiServer server, String hostIp) {
    this.server = server;
    this.hostIp = hostIp;
  }

  /** Why the variables cannot be made, in the kubelet's words; empty when they can. */
  String missing(KubeObject pod, KubeMap container) {
    for (KubeMap source : container.listOrEmpty("envFrom").maps()) {
      String error = missingSource(pod, source.map("configMapRef"), true);
      if (error.isEmpty()) {
        error = missingSource(pod, source.map("secretRef"), false);
      }
      if (!error.isEmpty()) {
        return error;
      }
    }
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      KubeMap from = variable.mapOrEmpty("valueFrom");
      String error = missingKey(pod, from.map("configMapKeyRef"), true);
      if (error.isEmpty()) {
        error = missingKey(pod, from.map("secretKeyRef"), false);
      }
      if (!error.isEmpty()) {
        return error;
      }
    }
    return "";
  }

  private String missingSource(KubeObject pod, @Nullable KubeMap reference, boolean configMap) {
    if (reference == null
        || reference.bool("optional", false)
        || find(pod, reference, configMap) != null) {
      return "";
    }
    return (configMap ? "configmap" : "secret")
        + " \""
        + reference.string("name", "")
        + "\" not found";
  }

  private String missingKey(KubeObject pod, @Nullable KubeMap reference, boolean configMap) {
    String error = missingSource(pod, reference, configMap);
    if (reference == null || !error.isEmpty() || reference.bool("optional", false)) {
      return error;
    }
    KubeObject source = find(pod, reference, configMap);
    String key = reference.string("key", "");
    if (source != null && source.root().mapOrEmpty("data").has(key)) {
      return "";
    }
    return "couldn't find key "
        + key
        + " in "
        + (configMap ? "ConfigMap " : "Secret ")
        + pod.namespace()
        + "/"
        + reference.string("name", "");
  }

  private @Nullable KubeObject find(KubeObject pod, KubeMap reference, boolean configMap) {
    return server.find(
        ObjectKey.of(
            configMap ? ResourceType.CONFIG_MAPS : ResourceType.SECRETS,
            pod.namespace(),
            reference.string("name", "")));
  }

  /** The variables of a container, in order. */
  KubeMap of(KubeObject pod, KubeMap container, String podIp) {
    KubeList env = container.listOrEmpty("env");
    KubeList sources = container.listOrEmpty("envFrom");
    if (env.isEmpty() && sources.isEmpty()) {
      return KubeMap.EMPTY;
    }
    boolean literal = sources.isEmpty();
    for (KubeMap variable : env.maps()) {
      literal &= !variable.has("valueFrom");
    }
    if (literal) {
      KubeMap known = literals.get(env);
      if (known != null) {
        return known;
      }
    }
    KubeMap made = make(pod, container, podIp);
    if (literal && literals.size() < LITERALS_MAX) {
      literals.put(env, made);
    }
    return made;
  }

  private KubeMap make(KubeObject pod, KubeMap container, String podIp) {
    Map<String, String> values = new LinkedHashMap<>();
    for (KubeMap source : container.listOrEmpty("envFrom").maps()) {
      boolean configMap = source.has("configMapRef");
      KubeMap reference = source.mapOrEmpty(configMap ? "configMapRef" : "secretRef");
      KubeObject found = find(pod, reference, configMap);
      if (found != null) {
        String prefix = source.string("prefix", "");
        found
            .root()
            .mapOrEmpty("data")
            .forEach((key, value) -> values.put(prefix + key, text(value, configMap)));
      }
    }
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      String name = variable.string("name", "");
      KubeMap from = variable.map("valueFrom");
      if (from == null) {
        values.put(name, expand(variable.string("value", ""), values));
      } else {
        String value = from(pod, container, from, podIp);
        if (value != null) {
          values.put(name, value);
        }
      }
    }
    return KubeMap.copyOf(values);
  }

  private @Nullable String from(KubeObject pod, KubeMap container, KubeMap from, String podIp) {
    for (boolean configMap : new boolean[] {true, false}) {
      KubeMap reference = from.map(configMap ? "configMapKeyRef" : "secretKeyRef");
      if (reference != null) {
        KubeObject found = find(pod, reference, configMap);
        Object value =
            found == null ? null : found.root().mapOrEmpty("data").get(reference.string("key", ""));
        return value == null ? null : text(value, configMap);
      }
    }
    KubeMap field = from.map("fieldRef");
    if (field != null) {
      return field(pod, field.string("fieldPath", ""), podIp);
    }
    KubeMap resource = from.map("resourceFieldRef");
    if (resource != null) {
      return resource(container, resource.string("resource", ""));
    }
    return null;
  }

  private static String text(Object value, boolean configMap) {
    String text = value.toString();
    return configMap ? text : new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private String field(KubeObject pod, String path, String podIp) {
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "spec.nodeName" -> pod.spec().string("nodeName", "");
      case "spec.serviceAccountName" -> pod.spec().string("serviceAccountName", "");
      case "status.hostIP", "status.hostIPs" -> hostIp;
      case "status.podIP", "status.podIPs" -> podIp;
      default -> {
        int open = path.indexOf("['");
        String key = open < 0 ? "" : path.substring(open + 2, path.length() - 2);
        KubeMap map = path.startsWith("metadata.labels") ? pod.labels() : pod.annotations();
        yield map.string(key, "");
      }
    };
  }

  private static String resource(KubeMap container, String resource) {
    int dot = resource.indexOf('.');
    String kind = dot < 0 ? "" : resource.substring(0, dot);
    Object amount = container.at("resources", kind, resource.substring(dot + 1));
    return amount == null ? "0" : amount.toString();
  }

  /** Replaces {@code $(NAME)} by what is set before; {@code $$} stands for {@code $}. */
  private static String expand(String text, Map<String, String> values) {
    int dollar = text.indexOf('$');
    if (dollar < 0) {
      return text;
    }
    StringBuilder expanded = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int close = text.startsWith("$(", i) ? text.indexOf(')', i) : -1;
      if (text.startsWith("$$", i)) {
        expanded.append('$');
        i += 2;
      } else if (close > 0 && values.containsKey(text.substring(i + 2, close))) {
        expanded.append(values.get(text.substring(i + 2, close)));
        i = close + 1;
      } else {
        expanded.append(c);
        i++;
      }
    }
    return expanded.toString();
  }
}
