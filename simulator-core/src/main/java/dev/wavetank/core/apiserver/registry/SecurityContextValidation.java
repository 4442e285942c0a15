package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the security contexts of a pod and of its containers.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class SecurityContextValidation {

  private static final ImmutableList<String> PROFILE_TYPES =
      ImmutableList.of("Localhost", "RuntimeDefault", "Unconfined");
  private static final String SYSCTL_FORM =
      "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  private static final Pattern SYSCTL = Pattern.compile(SYSCTL_FORM);
  private static final int SYSCTL_LENGTH_MAX = 253;

  private SecurityContextValidation() {}

  static void pod(KubeMap context, KubeMap spec, String path, FieldErrors errors) {
    id(context, "fsGroup", path, errors);
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    KubeList groups = context.listOrEmpty("supplementalGroups");
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i) instanceof Long group) {
        String at = path + ".supplementalGroups[" + i + "]";
        errors.invalid(at, group, Formats.userOrGroupId(group));
      }
    }
    if (spec.bool("shareProcessNamespace", false) && spec.bool("hostPID", false)) {
      errors.invalid(
          path + ".shareProcessNamespace",
          true,
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    sysctls(context.listOrEmpty("sysctls"), spec, path + ".sysctls", errors);
    Checks.oneOfIfSet(
        context, "fsGroupChangePolicy", ImmutableList.of("Always", "OnRootMismatch"), path, errors);
    seccomp(context.map("seccompProfile"), path + ".seccompProfile", errors);
    appArmor(context.map("appArmorProfile"), path + ".appArmorProfile", errors);
    Checks.oneOfIfSet(
        context, "supplementalGroupsPolicy", ImmutableList.of("Merge", "Strict"), path, errors);
    Checks.oneOfIfSet(
        context, "seLinuxChangePolicy", ImmutableList.of("MountOption", "Recursive"), path, errors);
  }

  static void container(KubeMap context, KubeMap spec, String path, FieldErrors errors) {
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    Checks.oneOfIfSet(context, "procMount", ImmutableList.of("Default", "Unmasked"), path, errors);
    if (context.string("procMount", "").equals("Unmasked") && spec.bool("hostUsers", true)) {
      errors.invalid(
          path + ".procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`");
    }
    seccomp(context.map("seccompProfile"), path + ".seccompProfile", errors);
    if (!context.bool("allowPrivilegeEscalation", true)) {
      if (context.bool("privileged", false)) {
        errors.invalid(
            path,
            context,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
      }
      if (context.mapOrEmpty("capabilities").listOrEmpty("add").contains("CAP_SYS_ADMIN")) {
        errors.invalid(
            path,
            context,
            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
      }
    }
    appArmor(context.map("appArmorProfile"), path + ".appArmorProfile", errors);
  }

  private static void id(KubeMap context, String key, String path, FieldErrors errors) {
    if (context.get(key) instanceof Long id) {
      errors.invalid(path + "." + key, id, Formats.userOrGroupId(id));
    }
  }

  private static void sysctls(KubeList sysctls, KubeMap spec, String path, FieldErrors errors) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < sysctls.size(); i++) {
      String name = sysctls.map(i).string("name", "");
      String at = path + "[" + i + "].name";
      if (name.isEmpty()) {
        errors.required(at, "");
      } else if (name.length() > SYSCTL_LENGTH_MAX || !SYSCTL.matcher(name).matches()) {
        errors.invalid(
            at, name, "must have at most 253 characters and match regex ^" + SYSCTL_FORM + "$");
      } else if (names.contains(name)) {
        errors.duplicate(at, name);
      }
      names.add(name);
      String dotted = name.replace('/', '.');
      if (spec.bool("hostNetwork", false) && dotted.startsWith("net.")) {
        errors.invalid(at, name, "may not be specified when 'hostNetwork' is true");
      } else if (spec.bool("hostIPC", false)
          && (dotted.startsWith("kernel.shm")
              || dotted.startsWith("kernel.msg")
              || dotted.equals("kernel.sem")
              || dotted.startsWith("fs.mqueue."))) {
        errors.invalid(at, name, "may not be specified when 'hostIPC' is true");
      }
    }
  }

  private static void seccomp(@Nullable KubeMap profile, String path, FieldErrors errors) {
    if (profile == null) {
      return;
    }
    String type = profile.string("type", "");
    if (type.isEmpty()) {
      errors.required(path + ".type", "type is required when seccompProfile is set");
    } else if (!PROFILE_TYPES.contains(type)) {
      errors.unsupported(path + ".type", type, PROFILE_TYPES);
    }
    String file = profile.string("localhostProfile");
    if (type.equals("Localhost")) {
      if (file == null) {
        errors.required(path + ".localhostProfile", "must be set when seccomp type is Localhost");
      } else {
        Checks.relativePath(file, path + ".localhostProfile", errors);
      }
    } else if (file != null) {
      errors.invalidText(
          path + ".localhostProfile",
          "{\"Type\":\"" + type + "\",\"LocalhostProfile\":\"" + file + "\"}",
          "can only be set when seccomp type is Localhost");
    }
  }

  private static void appArmor(@Nullable KubeMap profile, String path, FieldErrors errors) {
    if (profile == null) {
      return;
    }
    String type = profile.string("type", "");
    String local = profile.string("localhostProfile", "");
    switch (type) {
      case "" -> errors.required(path + ".type", "type is required when appArmorProfile is set");
      case "Localhost" -> {
        if (local.isBlank()) {
          errors.required(
              path + ".localhostProfile", "must be set when AppArmor type is Localhost");
        } else if (!local.equals(local.strip())) {
          errors.invalid(path + ".localhostProfile", local, "must not be padded with whitespace");
        }
      }
      case "RuntimeDefault", "Unconfined" -> {
        if (!local.isEmpty()) {
          errors.invalid(
              path + ".localhostProfile", local, "can only be set when AppArmor type is Localhost");
        }
      }
      default -> errors.unsupported(path + ".type", type, PROFILE_TYPES);
    }
  }
}
