package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.Memo;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Fills in the defaults of a pod's spec, in a pod and in a template.
 *
 * <p>Follows pkg/apis/core/v1/defaults.go, conversion.go and zz_generated.defaults.go (v1.36).
 */
final class PodDefaults {

  private static final long FILE_MODE = 420;
  private static final ImmutableList<String> CONTAINER_LISTS =
      ImmutableList.of("containers", "initContainers", "ephemeralContainers");
  private static final ImmutableList<String> PROBES =
      ImmutableList.of("livenessProbe", "readinessProbe", "startupProbe");

  private static final ImmutableList<String> INIT_CONTAINERS =
      ImmutableList.of(
          "pod.beta.kubernetes.io/init-containers",
          "pod.alpha.kubernetes.io/init-containers",
          "pod.beta.kubernetes.io/init-container-statuses",
          "pod.alpha.kubernetes.io/init-container-statuses");

  private final Memo<KubeMap> inTemplates = new Memo<>(PodDefaults::template);
  private final Memo<KubeMap> inPods = new Memo<>(PodDefaults::pod);

  /** The spec of a template with its defaults. */
  KubeMap ofTemplate(KubeMap spec) {
    KubeMap result = inTemplates.of(spec);
    if (result != spec) {
      inTemplates.remember(result, result);
    }
    return result;
  }

  /** The spec of a pod with its defaults. */
  KubeMap ofPod(KubeMap spec) {
    KubeMap result = inPods.of(spec);
    if (result != spec) {
      inPods.remember(result, result);
    }
    return result;
  }

  /** A {@code PodTemplateSpec} with its defaults; the same one when it has them. */
  KubeMap template(KubeMap template, boolean present) {
    KubeMap spec = template.map("spec");
    if (spec == null && !present) {
      return template;
    }
    return withoutOldAnnotations(template)
        .with("spec", ofTemplate(spec == null ? KubeMap.EMPTY : spec));
  }

  /** A pod or template without the annotations by which init containers were once written. */
  static KubeMap withoutOldAnnotations(KubeMap object) {
    KubeMap annotations = object.mapOrEmpty("metadata").mapOrEmpty("annotations");
    KubeMap kept = annotations;
    for (String old : INIT_CONTAINERS) {
      kept = kept.without(old);
    }
    return kept == annotations
        ? object
        : object.with(
            "metadata",
            object.mapOrEmpty("metadata").with("annotations", kept.isEmpty() ? null : kept));
  }

  private static KubeMap template(KubeMap spec) {
    KubeMap s = spec;
    s = unlessSet(s, "dnsPolicy", "ClusterFirst");
    s = unlessSet(s, "restartPolicy", "Always");
    s = s.withDefault("securityContext", KubeMap.EMPTY);
    s = s.withDefault("terminationGracePeriodSeconds", 30L);
    s = unlessSet(s, "schedulerName", "default-scheduler");
    s = serviceAccount(s);
    for (String list : CONTAINER_LISTS) {
      s = each(s, list, PodDefaults::container);
    }
    s = each(s, "volumes", PodDefaults::volume);
    if (s.bool("hostNetwork", false)) {
      s = each(s, "containers", PodDefaults::hostPorts);
      s = each(s, "initContainers", PodDefaults::hostPorts);
    }
    return quantities(s, "overhead");
  }

  /** {@code serviceAccount} is the old name of {@code serviceAccountName}. */
  private static KubeMap serviceAccount(KubeMap spec) {
    String name = spec.string("serviceAccountName", "");
    String old = spec.string("serviceAccount", "");
    if (name.isEmpty() && old.isEmpty()) {
      return spec;
    }
    String both = name.isEmpty() ? old : name;
    return spec.with("serviceAccountName", both).with("serviceAccount", both);
  }

  private static KubeMap pod(KubeMap spec) {
    KubeMap s = template(spec);
    if (s.number("terminationGracePeriodSeconds", 0) < 0) {
      s = s.with("terminationGracePeriodSeconds", 1L);
    }
    s = each(s, "containers", PodDefaults::requestsFromLimits);
    s = each(s, "initContainers", PodDefaults::requestsFromLimits);
    return s.withDefault("enableServiceLinks", true);
  }

  private static KubeMap requestsFromLimits(KubeMap container) {
    KubeMap resources = container.mapOrEmpty("resources");
    KubeMap limits = resources.mapOrEmpty("limits");
    KubeMap requests = resources.mapOrEmpty("requests");
    for (int i = 0; i < limits.size(); i++) {
      if (!requests.has(limits.keyAt(i))) {
        requests = requests.with(limits.keyAt(i), limits.valueAt(i));
      }
    }
    return requests.isEmpty()
        ? container
        : container.with("resources", resources.with("requests", requests));
  }

  private static KubeMap hostPorts(KubeMap container) {
    return each(
        container,
        "ports",
        port ->
            port.number("hostPort", 0) == 0 && port.has("containerPort")
                ? port.with("hostPort", port.get("containerPort"))
                : port);
  }

  private static KubeMap container(KubeMap container) {
    KubeMap c = container;
    c = unlessSet(c, "imagePullPolicy", pullPolicy(c.string("image", "")));
    c = unlessSet(c, "terminationMessagePath", "/dev/termination-log");
    c = unlessSet(c, "terminationMessagePolicy", "File");
    KubeMap resources = c.mapOrEmpty("resources");
    c = c.with("resources", quantities(quantities(resources, "limits"), "requests"));
    c = each(c, "ports", port -> unlessSet(port, "protocol", "TCP"));
    c = each(c, "env", PodDefaults::environmentVariable);
    for (String name : PROBES) {
      KubeMap probe = c.map(name);
      c = probe == null ? c : c.with(name, probe(probe));
    }
    KubeMap lifecycle = c.map("lifecycle");
    if (lifecycle != null) {
      lifecycle = child(lifecycle, "postStart", PodDefaults::handler);
      c = c.with("lifecycle", child(lifecycle, "preStop", PodDefaults::handler));
    }
    return c;
  }

  private static String pullPolicy(String image) {
    return ImageName.latest(image) ? "Always" : "IfNotPresent";
  }

  private static KubeMap environmentVariable(KubeMap variable) {
    KubeMap from = variable.map("valueFrom");
    if (from == null) {
      return variable;
    }
    from = child(from, "fieldRef", PodDefaults::fieldRef);
    from = child(from, "resourceFieldRef", PodDefaults::resourceFieldRef);
    from = child(from, "fileKeyRef", ref -> ref.withDefault("optional", false));
    return variable.with("valueFrom", from);
  }

  private static KubeMap fieldRef(KubeMap reference) {
    return unlessSet(reference, "apiVersion", "v1");
  }

  private static KubeMap resourceFieldRef(KubeMap reference) {
    return reference.withDefault("divisor", "0");
  }

  private static KubeMap probe(KubeMap probe) {
    KubeMap p = handler(probe);
    p = unlessNonzero(p, "timeoutSeconds", 1);
    p = unlessNonzero(p, "periodSeconds", 10);
    p = unlessNonzero(p, "successThreshold", 1);
    p = unlessNonzero(p, "failureThreshold", 3);
    return child(p, "grpc", grpc -> grpc.withDefault("service", ""));
  }

  private static KubeMap handler(KubeMap handler) {
    return child(
        handler, "httpGet", get -> unlessSet(unlessSet(get, "path", "/"), "scheme", "HTTP"));
  }

  private static KubeMap volume(KubeMap volume) {
    if (volume.size() - (volume.has("name") ? 1 : 0) == 0) {
      return volume.with("emptyDir", KubeMap.EMPTY);
    }
    KubeMap v = volume;
    v = child(v, "secret", PodDefaults::mode);
    v = child(v, "configMap", PodDefaults::mode);
    v = child(v, "downwardAPI", source -> downwardItems(mode(source)));
    v = child(v, "projected", PodDefaults::projected);
    v = child(v, "hostPath", path -> path.withDefault("type", ""));
    v = child(v, "iscsi", iscsi -> unlessSet(iscsi, "iscsiInterface", "default"));
    v = child(v, "rbd", PodDefaults::rbd);
    v = child(v, "azureDisk", PodDefaults::azureDisk);
    v = child(v, "scaleIO", PodDefaults::scaleIo);
    v = child(v, "ephemeral", PodDefaults::ephemeral);
    return child(
        v,
        "image",
        image -> unlessSet(image, "pullPolicy", pullPolicy(image.string("reference", ""))));
  }

  private static KubeMap mode(KubeMap source) {
    return source.withDefault("defaultMode", FILE_MODE);
  }

  private static KubeMap downwardItems(KubeMap source) {
    return each(
        source,
        "items",
        item ->
            child(
                child(item, "fieldRef", PodDefaults::fieldRef),
                "resourceFieldRef",
                PodDefaults::resourceFieldRef));
  }

  private static KubeMap projected(KubeMap projected) {
    return each(
        mode(projected),
        "sources",
        source ->
            child(
                child(source, "downwardAPI", PodDefaults::downwardItems),
                "serviceAccountToken",
                token -> token.withDefault("expirationSeconds", 3600L)));
  }

  private static KubeMap rbd(KubeMap rbd) {
    KubeMap r = unlessSet(rbd, "pool", "rbd");
    return unlessSet(unlessSet(r, "user", "admin"), "keyring", "/etc/ceph/keyring");
  }

  private static KubeMap azureDisk(KubeMap disk) {
    KubeMap d = unlessSet(unlessSet(disk, "cachingMode", "ReadWrite"), "kind", "Shared");
    d = unlessSet(d, "fsType", "ext4");
    return d.withDefault("readOnly", false);
  }

  private static KubeMap scaleIo(KubeMap scaleIo) {
    return unlessSet(unlessSet(scaleIo, "storageMode", "ThinProvisioned"), "fsType", "xfs");
  }

  private static KubeMap ephemeral(KubeMap ephemeral) {
    KubeMap claim = ephemeral.map("volumeClaimTemplate");
    KubeMap spec = claim == null ? null : claim.map("spec");
    if (claim == null || spec == null) {
      return ephemeral;
    }
    return ephemeral.with(
        "volumeClaimTemplate", claim.with("spec", unlessSet(spec, "volumeMode", "Filesystem")));
  }

  /** The quantities of a resource list, rounded up to thousandths. */
  static KubeMap quantities(KubeMap parent, String list) {
    KubeMap resources = parent.map(list);
    if (resources == null) {
      return parent;
    }
    KubeMap result = resources;
    for (int i = 0; i < resources.size(); i++) {
      Object value = resources.valueAt(i);
      String text = canonical(value);
      if (text != null && !text.equals(value)) {
        result = result.with(resources.keyAt(i), text);
      }
    }
    return parent.with(list, result);
  }

  private static @Nullable String canonical(Object value) {
    if (!(value instanceof String || value instanceof Long || value instanceof Double)) {
      return null;
    }
    try {
      return Quantity.of(value).roundUpMilli().toString();
    } catch (IllegalArgumentException notAQuantity) {
      return null;
    }
  }

  /** The map with that text where it has none or an empty one. */
  static KubeMap unlessSet(KubeMap map, String key, String value) {
    Object old = map.get(key);
    return old == null || old.equals("") ? map.with(key, value) : map;
  }

  private static KubeMap unlessNonzero(KubeMap map, String key, long value) {
    Object old = map.get(key);
    return old == null || old.equals(0L) ? map.with(key, value) : map;
  }

  private static KubeMap child(KubeMap map, String key, UnaryOperator<KubeMap> change) {
    KubeMap child = map.map(key);
    return child == null ? map : map.with(key, change.apply(child));
  }

  /** The map with every map of a list of it changed. */
  static KubeMap each(KubeMap map, String key, UnaryOperator<KubeMap> change) {
    KubeList list = map.list(key);
    if (list == null) {
      return map;
    }
    KubeList result = list;
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof KubeMap element) {
        result = result.with(i, change.apply(element));
      }
    }
    return map.with(key, result);
  }
}
