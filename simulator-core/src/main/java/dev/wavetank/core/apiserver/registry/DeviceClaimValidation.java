package dev.wavetank.core.apiserver.registry;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a claim for devices may ask for. The expressions of selectors are not compiled.
 *
 * <p>Follows pkg/apis/resource/validation/validation.go (v1.36).
 */
final class DeviceClaimValidation {

  private static final int REQUESTS_MAX = 32;
  private static final int SUBREQUESTS_MAX = 8;
  private static final int SELECTORS_MAX = 32;
  private static final int CONFIG_MAX = 32;
  private static final int CONSTRAINTS_MAX = 32;
  private static final int DRIVER_BYTES_MAX = 63;
  private static final int EXPRESSION_BYTES_MAX = 10 * 1024;
  private static final ImmutableList<String> MODES = ImmutableList.of("All", "ExactCount");
  private static final String REFERENCE =
      "must be the name of a request in the claim or the name of a request and a subrequest"
          + " separated by '/'";
  private static final String ONE_OF = "exactly one of `exactly` or `firstAvailable` is required";

  private DeviceClaimValidation() {}

  /** The spec of a ResourceClaim. */
  static void claim(KubeMap spec, String path, FieldErrors errors) {
    KubeMap devices = spec.mapOrEmpty("devices");
    String at = path + ".devices";
    KubeList requests = devices.listOrEmpty("requests");
    Set<String> names = new TreeSet<>();
    if (fits(requests, REQUESTS_MAX, at + ".requests", errors)) {
      for (int i = 0; i < requests.size(); i++) {
        request(requests.map(i), at + ".requests[" + i + "]", names, errors);
      }
      unique(requests, at + ".requests", errors);
    }
    KubeList constraints = devices.listOrEmpty("constraints");
    if (fits(constraints, CONSTRAINTS_MAX, at + ".constraints", errors)) {
      for (int i = 0; i < constraints.size(); i++) {
        constraint(constraints.map(i), at + ".constraints[" + i + "]", names, errors);
      }
    }
    KubeList config = devices.listOrEmpty("config");
    if (fits(config, CONFIG_MAX, at + ".config", errors)) {
      for (int i = 0; i < config.size(); i++) {
        String place = at + ".config[" + i + "]";
        references(config.map(i).listOrEmpty("requests"), place + ".requests", names, errors);
        configuration(config.map(i), place, errors);
      }
    }
  }

  private static boolean fits(KubeList list, int max, String path, FieldErrors errors) {
    if (list.size() > max) {
      errors.tooMany(path, list.size(), max);
    }
    return list.size() <= max;
  }

  private static void unique(KubeList named, String path, FieldErrors errors) {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < named.size(); i++) {
      String name = named.map(i).string("name", "");
      if (!seen.add(name)) {
        errors.duplicate(path + "[" + i + "]", name);
      }
    }
  }

  private static void request(KubeMap request, String path, Set<String> names, FieldErrors errors) {
    String name = request.string("name", "");
    requestName(name, path + ".name", errors);
    names.add(name);
    KubeMap exactly = request.map("exactly");
    KubeList alternatives = request.listOrEmpty("firstAvailable");
    if (exactly == null && alternatives.isEmpty()) {
      errors.required(path, ONE_OF);
    } else if (exactly != null && !alternatives.isEmpty()) {
      errors.invalid(path, (Object) null, ONE_OF + ", but multiple fields are set");
    } else if (exactly != null) {
      exact(exactly, path + ".exactly", errors);
    } else if (fits(alternatives, SUBREQUESTS_MAX, path + ".firstAvailable", errors)) {
      for (int i = 0; i < alternatives.size(); i++) {
        String at = path + ".firstAvailable[" + i + "]";
        String sub = alternatives.map(i).string("name", "");
        requestName(sub, at + ".name", errors);
        names.add(name + "/" + sub);
        exact(alternatives.map(i), at, errors);
      }
      unique(alternatives, path + ".firstAvailable", errors);
    }
  }

  private static void requestName(String name, String path, FieldErrors errors) {
    if (name.isEmpty()) {
      errors.required(path, "");
    } else {
      Checks.dnsLabel(name, path, errors);
    }
  }

  private static void exact(KubeMap request, String path, FieldErrors errors) {
    String className = request.string("deviceClassName", "");
    if (className.isEmpty()) {
      errors.required(path + ".deviceClassName", "");
    } else {
      Checks.dnsSubdomain(className, path + ".deviceClassName", errors);
    }
    selectors(request.listOrEmpty("selectors"), path + ".selectors", errors);
    String mode = request.string("allocationMode", "");
    long count = request.number("count", 0);
    if (!MODES.contains(mode)) {
      errors.unsupported(path + ".allocationMode", mode, MODES);
    } else if (mode.equals("All") && count != 0) {
      errors.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'");
    } else if (mode.equals("ExactCount") && count <= 0) {
      errors.invalid(path + ".count", count, "must be greater than zero");
    }
    KubeList tolerations = request.listOrEmpty("tolerations");
    for (int i = 0; i < tolerations.size(); i++) {
      toleration(tolerations.map(i), path + ".tolerations[" + i + "]", errors);
    }
  }

  private static void toleration(KubeMap toleration, String path, FieldErrors errors) {
    String key = toleration.string("key", "");
    if (!key.isEmpty()) {
      Checks.qualifiedName(key, path + ".key", errors);
    }
    String value = toleration.string("value", "");
    switch (toleration.string("operator", "")) {
      case "Exists" -> {
        if (!value.isEmpty()) {
          errors.invalid(path + ".value", value, "must be empty for operator `Exists`");
        }
      }
      case "Equal" -> errors.invalid(path + ".value", value, Formats.labelValue(value));
      default -> errors.oneOf(toleration, "operator", ImmutableList.of("Equal", "Exists"), path);
    }
    Checks.oneOfIfSet(
        toleration, "effect", ImmutableList.of("NoExecute", "NoSchedule", "None"), path, errors);
  }

  /** The selectors of a request or of a class. */
  static void selectors(KubeList selectors, String path, FieldErrors errors) {
    if (!fits(selectors, SELECTORS_MAX, path, errors)) {
      return;
    }
    for (int i = 0; i < selectors.size(); i++) {
      String at = path + "[" + i + "].cel";
      KubeMap cel = selectors.map(i).map("cel");
      if (cel == null) {
        errors.required(at, "");
      } else if (cel.string("expression", "").isEmpty()) {
        errors.required(at + ".expression", "");
      } else if (cel.string("expression", "").length() > EXPRESSION_BYTES_MAX) {
        errors.tooLong(at + ".expression", EXPRESSION_BYTES_MAX);
      }
    }
  }

  /** What a driver is told. */
  static void configuration(KubeMap config, String path, FieldErrors errors) {
    KubeMap opaque = config.map("opaque");
    if (opaque == null) {
      errors.required(path + ".opaque", "");
      return;
    }
    driver(opaque.string("driver", ""), path + ".opaque.driver", errors);
    if (opaque.get("parameters") == null) {
      errors.required(path + ".opaque.parameters", "");
    }
  }

  /** The name of a driver. */
  static void driver(String name, String path, FieldErrors errors) {
    if (name.isEmpty()) {
      errors.required(path, "");
      return;
    }
    if (name.length() > DRIVER_BYTES_MAX) {
      errors.tooLong(path, DRIVER_BYTES_MAX);
    }
    errors.invalid(path, name, Formats.dnsSubdomain(Ascii.toLowerCase(name)));
  }

  /** The configurations of a class. */
  static void configurations(KubeList config, String path, FieldErrors errors) {
    if (fits(config, CONFIG_MAX, path, errors)) {
      for (int i = 0; i < config.size(); i++) {
        configuration(config.map(i), path + "[" + i + "]", errors);
      }
    }
  }

  private static void constraint(
      KubeMap constraint, String path, Set<String> names, FieldErrors errors) {
    references(constraint.listOrEmpty("requests"), path + ".requests", names, errors);
    boolean set = false;
    for (String field : ImmutableList.of("matchAttribute", "distinctAttribute")) {
      String attribute = constraint.string(field, "");
      if (!set && constraint.has(field)) {
        set = true;
        qualified(attribute, path + "." + field, errors);
      }
    }
    if (!set) {
      errors.required(
          path,
          "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple"
              + " fields are set");
    }
  }

  private static void qualified(String attribute, String path, FieldErrors errors) {
    int slash = attribute.indexOf('/');
    if (attribute.isEmpty()) {
      errors.required(path, "name required");
    } else if (slash < 0) {
      errors.invalid(path, attribute, "must include a domain");
    } else {
      Checks.dnsSubdomain(attribute.substring(0, slash), path, errors);
    }
  }

  private static void references(
      KubeList references, String path, Set<String> names, FieldErrors errors) {
    for (int i = 0; i < references.size(); i++) {
      String reference = references.get(i).toString();
      if (!names.contains(reference)) {
        errors.invalid(path + "[" + i + "]", reference, REFERENCE);
      }
    }
  }
}
