package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.kubelet.prober.Expansion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables of containers: literal, from ConfigMaps and Secrets, from the fields of the
 * pod and the container's resources, and those of the Services.
 *
 * <p>Follows makeEnvironmentVariables of pkg/kubelet/kubelet_pods.go and
 * pkg/api/v1/resource/helpers.go (v1.36).
 */
final class ContainerEnvironment {

  private static final int LITERALS_MAX = 4096;

  /** The variables of an {@code env} that names nothing else, with those of Services. */
  private record Literal(KubeMap services, KubeMap made) {}

  private final ApiServer server;
  private final ServiceVariables services;
  private final KubeList hostIps;
  private final KubeMap allocatable;
  private final Map<KubeList, Literal> literals = new LinkedHashMap<>();

  ContainerEnvironment(
      ApiServer server, ServiceVariables services, KubeList hostIps, KubeMap allocatable) {
    this.server = server;
    this.services = services;
    this.hostIps = hostIps;
    this.allocatable = allocatable;
  }

  /** Why the variables cannot be made, in the kubelet's words; empty when they can. */
  String missing(KubeObject pod, KubeMap container) {
    for (KubeMap source : container.listOrEmpty("envFrom").maps()) {
      String error = missing(pod, source, "configMapRef", ConfigSource.CONFIG_MAP);
      if (error.isEmpty()) {
        error = missing(pod, source, "secretRef", ConfigSource.SECRET);
      }
      if (!error.isEmpty()) {
        return error;
      }
    }
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      KubeMap from = variable.mapOrEmpty("valueFrom");
      String error = missing(pod, from, "configMapKeyRef", ConfigSource.CONFIG_MAP);
      if (error.isEmpty()) {
        error = missing(pod, from, "secretKeyRef", ConfigSource.SECRET);
      }
      if (!error.isEmpty()) {
        return error;
      }
    }
    return "";
  }

  private String missing(KubeObject pod, KubeMap from, String field, ConfigSource source) {
    KubeMap reference = from.map(field);
    if (reference == null || reference.bool("optional", false)) {
      return "";
    }
    String name = reference.string("name", "");
    KubeObject object = source.find(server, pod.namespace(), name);
    if (object == null) {
      return source.notFound(name);
    }
    String key = reference.string("key", "");
    return key.isEmpty() || source.data(object).has(key)
        ? ""
        : source.keyNotFound(pod.namespace(), name, key);
  }

  /** The variables of a container, those that it declares first. */
  KubeMap of(KubeObject pod, KubeMap container, KubeList podIps) {
    KubeMap ofServices = services.of(pod.namespace(), pod.spec().bool("enableServiceLinks", true));
    KubeList env = container.listOrEmpty("env");
    KubeList sources = container.listOrEmpty("envFrom");
    if (env.isEmpty() && sources.isEmpty()) {
      return ofServices;
    }
    boolean literal = sources.isEmpty();
    for (KubeMap variable : env.maps()) {
      literal &= !variable.has("valueFrom");
    }
    if (!literal) {
      return make(pod, container, podIps, ofServices);
    }
    Literal known = literals.get(env);
    if (known == null || known.services() != ofServices) {
      if (literals.size() >= LITERALS_MAX) {
        literals.clear();
      }
      known = new Literal(ofServices, make(pod, container, podIps, ofServices));
      literals.put(env, known);
    }
    return known.made();
  }

  private KubeMap make(KubeObject pod, KubeMap container, KubeList podIps, KubeMap ofServices) {
    Map<String, String> values = new LinkedHashMap<>();
    for (KubeMap source : container.listOrEmpty("envFrom").maps()) {
      addAll(pod, source, values);
    }
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      String value = variable.string("value", "");
      KubeMap from = variable.map("valueFrom");
      if (!value.isEmpty() || from == null) {
        value = Expansion.of(value, name -> values.getOrDefault(name, ofServices.string(name)));
      } else {
        value = from(pod, container, from, podIps);
      }
      if (value != null) {
        values.put(variable.string("name", ""), value);
      }
    }
    ofServices.forEach((name, value) -> values.putIfAbsent(name, (String) value));
    return KubeMap.copyOf(values);
  }

  private void addAll(KubeObject pod, KubeMap from, Map<String, String> values) {
    ConfigSource source = from.has("configMapRef") ? ConfigSource.CONFIG_MAP : ConfigSource.SECRET;
    KubeMap reference =
        from.mapOrEmpty(source == ConfigSource.CONFIG_MAP ? "configMapRef" : "secretRef");
    KubeObject object = source.find(server, pod.namespace(), reference.string("name", ""));
    if (object != null) {
      String prefix = from.string("prefix", "");
      source.data(object).forEach((key, value) -> values.put(prefix + key, source.text(value)));
    }
  }

  private @Nullable String from(KubeObject pod, KubeMap container, KubeMap from, KubeList podIps) {
    KubeMap field = from.map("fieldRef");
    KubeMap resource = from.map("resourceFieldRef");
    if (field != null) {
      return field(pod, field.string("fieldPath", ""), podIps);
    }
    if (resource != null) {
      return resource(pod.spec(), container, resource);
    }
    boolean configMap = from.has("configMapKeyRef");
    ConfigSource source = configMap ? ConfigSource.CONFIG_MAP : ConfigSource.SECRET;
    KubeMap reference = from.mapOrEmpty(configMap ? "configMapKeyRef" : "secretKeyRef");
    KubeObject object = source.find(server, pod.namespace(), reference.string("name", ""));
    Object value = object == null ? null : source.data(object).get(reference.string("key", ""));
    return value == null ? null : source.text(value);
  }

  /** What a file of the downward API says. */
  String downward(KubeObject pod, KubeMap item, KubeList podIps) {
    KubeMap field = item.map("fieldRef");
    KubeMap resource = item.map("resourceFieldRef");
    if (resource != null) {
      return resource(pod.spec(), KubeMap.EMPTY, resource);
    }
    String path = field == null ? "" : field.string("fieldPath", "");
    return switch (path) {
      case "metadata.labels" -> lines(pod.labels());
      case "metadata.annotations" -> lines(pod.annotations());
      default -> field(pod, path, podIps);
    };
  }

  /** Lines such as {@code key="value"}, sorted, as fieldpath.FormatMap writes them. */
  private static String lines(KubeMap map) {
    Map<String, String> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(key, (String) value));
    List<String> lines = new ArrayList<>(sorted.size());
    sorted.forEach((key, value) -> lines.add(key + "=" + GoQuote.quote(value)));
    return String.join("\n", lines);
  }

  private String field(KubeObject pod, String path, KubeList podIps) {
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "spec.nodeName" -> pod.spec().string("nodeName", "");
      case "spec.serviceAccountName" -> pod.spec().string("serviceAccountName", "");
      case "status.hostIP" -> PodIps.first(hostIps);
      case "status.hostIPs" -> PodIps.joined(hostIps);
      case "status.podIP" -> PodIps.first(podIps);
      case "status.podIPs" -> PodIps.joined(podIps);
      default -> {
        int open = path.indexOf("['");
        String key = open < 0 ? "" : path.substring(open + 2, path.length() - 2);
        KubeMap map = path.startsWith("metadata.labels") ? pod.labels() : pod.annotations();
        yield map.string(key, "");
      }
    };
  }

  /** An amount in units of the divisor, rounded up; a limit that is not set is the node's. */
  private String resource(KubeMap podSpec, KubeMap container, KubeMap reference) {
    String path = reference.string("resource", "");
    int dot = path.indexOf('.');
    String part = path.substring(0, Math.max(dot, 0));
    String name = path.substring(dot + 1);
    KubeMap of = container;
    String other = reference.string("containerName", "");
    if (!other.isEmpty()) {
      KubeMap found = podSpec.listOrEmpty("containers").find("name", other);
      of = found == null ? container : found;
    }
    Quantity amount = quantity(of.at("resources", part, name));
    if (part.equals("limits") && amount.isZero() && !name.startsWith("hugepages-")) {
      Object ofPod = podSpec.at("resources", "limits", name);
      amount = quantity(ofPod != null ? ofPod : allocatable.get(name));
    }
    Quantity divisor = quantity(reference.get("divisor"));
    boolean cpu = name.equals("cpu");
    long unit = divisor.isZero() ? (cpu ? 1000 : 1) : cpu ? divisor.milliValue() : divisor.value();
    long whole = cpu ? amount.milliValue() : amount.value();
    return Long.toString(-Math.floorDiv(-whole, unit));
  }

  private static Quantity quantity(@Nullable Object text) {
    return text == null ? Quantity.ZERO : Quantity.of(text);
  }
}
