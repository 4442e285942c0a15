package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks the containers of one pod spec.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class ContainerValidation {

  static final ImmutableList<String> PULL_POLICIES =
      ImmutableList.of("Always", "IfNotPresent", "Never");
  private static final ImmutableList<String> MESSAGE_POLICIES =
      ImmutableList.of("File", "FallbackToLogsOnError");
  private static final ImmutableList<String> RESTART_POLICIES =
      ImmutableList.of("Always", "Never", "OnFailure");
  private static final ImmutableList<String> RESTART_ACTIONS =
      ImmutableList.of("Restart", "RestartAllContainers");
  private static final ImmutableList<String> PROPAGATIONS =
      ImmutableList.of("Bidirectional", "HostToContainer", "None");
  private static final ImmutableList<String> RECURSIVE_READ_ONLY =
      ImmutableList.of("Disabled", "Enabled", "IfPossible");
  private static final String SIDECARS_ONLY =
      "may not be set for init containers without restartPolicy=Always";
  private static final int RULES_MAX = 20;

  private final KubeMap spec;
  private final Map<String, KubeMap> volumes;
  private final FieldErrors errors;
  private final ProbeValidation probes;

  ContainerValidation(KubeMap spec, Map<String, KubeMap> volumes, FieldErrors errors) {
    this.spec = spec;
    this.volumes = volumes;
    this.errors = errors;
    Object grace = spec.get("terminationGracePeriodSeconds");
    this.probes = new ProbeValidation(grace instanceof Long seconds ? seconds : null, errors);
  }

  void containers(String path) {
    KubeList containers = spec.listOrEmpty("containers");
    if (containers.isEmpty()) {
      errors.required(path, "");
      return;
    }
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      String at = path + "[" + i + "]";
      common(container, at);
      String name = container.string("name", "");
      if (!names.add(name)) {
        errors.duplicate(at + ".name", name);
      }
      KubeMap lifecycle = container.map("lifecycle");
      if (lifecycle != null) {
        probes.lifecycle(lifecycle, spec.has("os"), at + ".lifecycle");
      }
      probes.probes(container, at);
      restartPolicy(container, at);
    }
    hostPortConflicts(containers, path);
  }

  void initContainers(String path) {
    KubeList containers = spec.listOrEmpty("initContainers");
    Set<String> names = new TreeSet<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      names.add(container.string("name", ""));
    }
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      String at = path + "[" + i + "]";
      common(container, at);
      restartPolicy(container, at);
      String name = container.string("name", "");
      if (names.contains(name)) {
        errors.duplicate(at + ".name", name);
      } else if (!name.isEmpty()) {
        names.add(name);
      }
      hostPortConflicts(KubeList.of(container), path);
      KubeMap lifecycle = container.map("lifecycle");
      if (container.string("restartPolicy", "").equals("Always")) {
        if (lifecycle != null) {
          probes.lifecycle(lifecycle, spec.has("os"), at + ".lifecycle");
        }
        probes.probes(container, at);
      } else {
        for (String field :
            ImmutableList.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
          if (container.map(field) != null) {
            errors.forbidden(at + "." + field, SIDECARS_ONLY);
          }
        }
      }
    }
  }

  private void common(KubeMap container, String path) {
    String name = container.string("name", "");
    if (name.isEmpty()) {
      errors.required(path + ".name", "");
    } else {
      Checks.dnsLabel(name, path + ".name", errors);
    }
    if (container.string("image", "").isEmpty()) {
      errors.required(path + ".image", "");
    }
    errors.oneOf(container, "terminationMessagePolicy", MESSAGE_POLICIES, path);
    ports(container.listOrEmpty("ports"), path + ".ports");
    EnvironmentValidation.variables(container.listOrEmpty("env"), path + ".env", errors);
    EnvironmentValidation.sources(container.listOrEmpty("envFrom"), path + ".envFrom", errors);
    mounts(container, path + ".volumeMounts");
    devices(container, path + ".volumeDevices");
    errors.oneOf(container, "imagePullPolicy", PULL_POLICIES, path);
    ResourceRequirements.validate(
        container.mapOrEmpty("resources"),
        spec.listOrEmpty("resourceClaims"),
        path + ".resources",
        errors);
    resizePolicy(container.listOrEmpty("resizePolicy"), path + ".resizePolicy");
    KubeMap security = container.map("securityContext");
    if (security != null) {
      SecurityContextValidation.container(security, spec, path + ".securityContext", errors);
    }
  }

  private void ports(KubeList ports, String path) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < ports.size(); i++) {
      KubeMap port = ports.map(i);
      String at = path + "[" + i + "]";
      String name = port.string("name", "");
      if (!name.isEmpty()) {
        if (!Formats.portName(name).isEmpty()) {
          errors.invalid(at + ".name", name, Formats.portName(name));
        } else if (!names.add(name)) {
          errors.duplicate(at + ".name", name);
        }
      }
      long number = port.number("containerPort", 0);
      if (number == 0) {
        errors.required(at + ".containerPort", "");
      } else {
        errors.invalid(at + ".containerPort", number, Formats.portNumber(number));
      }
      long hostPort = port.number("hostPort", 0);
      if (hostPort != 0) {
        errors.invalid(at + ".hostPort", hostPort, Formats.portNumber(hostPort));
      }
      errors.oneOf(port, "protocol", Checks.PROTOCOLS, at);
    }
  }

  private void hostPortConflicts(KubeList containers, String path) {
    Set<String> taken = new LinkedHashSet<>();
    for (int i = 0; i < containers.size(); i++) {
      KubeList ports = containers.map(i).listOrEmpty("ports");
      for (int j = 0; j < ports.size(); j++) {
        KubeMap port = ports.map(j);
        long hostPort = port.number("hostPort", 0);
        String key = port.string("protocol", "") + "/" + port.string("hostIP", "") + "/" + hostPort;
        if (hostPort != 0 && !taken.add(key)) {
          errors.duplicate(path + "[" + i + "].ports[" + j + "].hostPort", key);
        }
      }
    }
  }

  private static Map<String, String> paths(KubeList list, String key) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (KubeMap element : list.maps()) {
      byName.put(element.string("name", ""), element.string(key, ""));
    }
    return byName;
  }

  private void mounts(KubeMap container, String path) {
    KubeList mounts = container.listOrEmpty("volumeMounts");
    Map<String, String> devices = paths(container.listOrEmpty("volumeDevices"), "devicePath");
    Set<String> points = new TreeSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      KubeMap mount = mounts.map(i);
      String at = path + "[" + i + "]";
      String name = mount.string("name", "");
      String point = mount.string("mountPath", "");
      if (name.isEmpty()) {
        errors.required(at + ".name", "");
      }
      if (!volumes.containsKey(name)) {
        errors.notFound(at + ".name", name);
      }
      if (point.isEmpty()) {
        errors.required(at + ".mountPath", "");
      }
      if (!points.add(point)) {
        errors.invalid(at + ".mountPath", point, "must be unique");
      }
      if (devices.containsKey(name)) {
        errors.invalid(at + ".name", name, "must not already exist in volumeDevices");
      }
      if (devices.containsValue(point)) {
        errors.invalid(
            at + ".mountPath", point, "must not already exist as a path in volumeDevices");
      }
      subPaths(mount, at, path);
      propagation(mount, container, path);
    }
  }

  private void subPaths(KubeMap mount, String at, String path) {
    String subPath = mount.string("subPath", "");
    String expression = mount.string("subPathExpr", "");
    if (!subPath.isEmpty()) {
      Checks.relativePath(subPath, path + ".subPath", errors);
    }
    if (!expression.isEmpty()) {
      if (!subPath.isEmpty()) {
        errors.invalid(
            at + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
      }
      Checks.relativePath(expression, path + ".subPathExpr", errors);
    }
  }

  private void propagation(KubeMap mount, KubeMap container, String path) {
    Checks.oneOfIfSet(mount, "mountPropagation", PROPAGATIONS, path, errors);
    boolean privileged = container.mapOrEmpty("securityContext").bool("privileged", false);
    String propagation = mount.string("mountPropagation", "None");
    if (propagation.equals("Bidirectional") && !privileged) {
      errors.forbidden(
          path + ".mountPropagation",
          "Bidirectional mount propagation is available only to privileged containers");
    }
    Checks.oneOfIfSet(mount, "recursiveReadOnly", RECURSIVE_READ_ONLY, path, errors);
    String recursive = mount.string("recursiveReadOnly", "Disabled");
    if (recursive.equals("Enabled") || recursive.equals("IfPossible")) {
      if (!mount.bool("readOnly", false)) {
        errors.forbidden(
            path + ".recursiveReadOnly", "may only be specified when readOnly is true");
      }
      if (!propagation.equals("None")) {
        errors.forbidden(
            path + ".recursiveReadOnly",
            "may only be specified when mountPropagation is None or not specified");
      }
    }
  }

  private void devices(KubeMap container, String path) {
    KubeList devices = container.listOrEmpty("volumeDevices");
    Map<String, String> mounts = paths(container.listOrEmpty("volumeMounts"), "mountPath");
    Set<String> names = new TreeSet<>();
    Set<String> devicePaths = new TreeSet<>();
    for (int i = 0; i < devices.size(); i++) {
      KubeMap device = devices.map(i);
      String at = path + "[" + i + "]";
      String name = device.string("name", "");
      String devicePath = device.string("devicePath", "");
      deviceName(name, at, names);
      if (devicePath.isEmpty()) {
        errors.required(at + ".devicePath", "");
      }
      if (devicePaths.contains(devicePath)) {
        errors.invalid(at + ".devicePath", devicePath, "must be unique");
      }
      if (Checks.hasBacksteps(devicePath)) {
        errors.invalid(at + ".devicePath", devicePath, "can not contain backsteps ('..')");
      } else {
        devicePaths.add(devicePath);
      }
      if (mounts.containsKey(name)) {
        errors.invalid(at + ".name", name, "must not already exist in volumeMounts");
      }
      if (mounts.containsValue(devicePath)) {
        errors.invalid(
            at + ".devicePath", devicePath, "must not already exist as a path in volumeMounts");
      }
    }
  }

  private void deviceName(String name, String path, Set<String> names) {
    if (name.isEmpty()) {
      errors.required(path + ".name", "");
    }
    if (!name.isEmpty() && !names.add(name)) {
      errors.invalid(path + ".name", name, "must be unique");
    }
    KubeMap volume = volumes.get(name);
    if (volume == null) {
      errors.notFound(path + ".name", name);
    } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
      errors.invalid(
          path + ".name",
          name,
          "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
    }
  }

  private void resizePolicy(KubeList policies, String path) {
    Set<String> resources = new TreeSet<>();
    for (int i = 0; i < policies.size(); i++) {
      KubeMap policy = policies.map(i);
      String resource = policy.string("resourceName", "");
      String restart = policy.string("restartPolicy", "");
      if (!resources.add(resource)) {
        errors.duplicate(path + "[" + i + "]", resource);
      }
      word(resource, ImmutableList.of("cpu", "memory"), path);
      word(restart, ImmutableList.of("NotRequired", "RestartContainer"), path);
      if (spec.string("restartPolicy", "").equals("Never") && !restart.equals("NotRequired")) {
        errors.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
      }
    }
  }

  private void word(String value, ImmutableList<String> words, String path) {
    if (value.isEmpty()) {
      errors.required(path, "");
    } else if (!words.contains(value)) {
      errors.unsupported(path, value, words);
    }
  }

  private void restartPolicy(KubeMap container, String path) {
    @Nullable String policy = container.string("restartPolicy");
    KubeList rules = container.listOrEmpty("restartPolicyRules");
    if (policy == null) {
      if (!rules.isEmpty()) {
        errors.required(
            path + ".restartPolicy", "must specify restartPolicy when restart rules are used");
      }
    } else if (!RESTART_POLICIES.contains(policy)) {
      errors.unsupported(path + ".restartPolicy", policy, RESTART_POLICIES);
    }
    if (rules.size() > RULES_MAX) {
      errors.tooMany(path + ".restartPolicyRules", rules.size(), RULES_MAX);
    }
    for (int i = 0; i < rules.size(); i++) {
      String at = path + ".restartPolicyRules[" + i + "]";
      String action = rules.map(i).string("action", "");
      if (!RESTART_ACTIONS.contains(action)) {
        errors.unsupported(at + ".action", action, RESTART_ACTIONS);
      }
      KubeMap exitCodes = rules.map(i).map("exitCodes");
      if (exitCodes == null) {
        errors.required(at + ".exitCodes", "must be specified");
        continue;
      }
      String operator = exitCodes.string("operator", "");
      ImmutableList<String> operators = ImmutableList.of("In", "NotIn");
      if (!operators.contains(operator)) {
        errors.unsupported(at + ".exitCodes.operator", operator, operators);
      }
    }
  }
}
