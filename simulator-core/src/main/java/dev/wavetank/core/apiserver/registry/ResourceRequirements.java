package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests and limits.
 *
 * <p>Follows pkg/apis/core/validation/validation.go and pkg/apis/core/helper/helpers.go (v1.36).
 */
final class ResourceRequirements {

  private ResourceRequirements() {}

  /** The {@code resources} of a container. */
  static void validate(KubeMap resources, KubeList claims, String path, FieldErrors errors) {
    KubeMap limits = resources.mapOrEmpty("limits");
    KubeMap requests = resources.mapOrEmpty("requests");
    boolean compute = false;
    boolean hugePages = false;
    for (int i = 0; i < limits.size(); i++) {
      String name = limits.keyAt(i);
      amount(name, limits.valueAt(i), path + ".limits[" + name + "]", errors);
      compute |= compute(name);
      hugePages |= hugePages(name);
    }
    for (int i = 0; i < requests.size(); i++) {
      String name = requests.keyAt(i);
      amount(name, requests.valueAt(i), path + ".requests[" + name + "]", errors);
      againstLimit(name, quantity(requests.valueAt(i)), limits, path, errors);
      compute |= compute(name);
      hugePages |= hugePages(name);
    }
    if (hugePages && !compute) {
      errors.forbidden(path, "HugePages require cpu or memory");
    }
    claims(resources.listOrEmpty("claims"), claims, path + ".claims", errors);
  }

  private static boolean compute(String name) {
    return name.equals("cpu") || name.equals("memory");
  }

  private static boolean hugePages(String name) {
    return name.startsWith("hugepages-");
  }

  private static void againstLimit(
      String name, @Nullable Quantity request, KubeMap limits, String path, FieldErrors errors) {
    boolean overcommit = nativeResource(name) && !hugePages(name);
    if (!limits.has(name)) {
      if (!overcommit) {
        errors.required(path + ".limits", "Limit must be set for non overcommitable resources");
      }
      return;
    }
    Quantity limit = quantity(limits.get(name));
    if (request == null || limit == null) {
      return;
    }
    int order = request.cmp(limit);
    if (order != 0 && !overcommit) {
      errors.invalid(
          path + ".requests",
          request.toString(),
          "must be equal to " + name + " limit of " + limit);
    } else if (order > 0) {
      errors.invalid(
          path + ".requests",
          request.toString(),
          "must be less than or equal to " + name + " limit of " + limit);
    }
  }

  private static void amount(String name, Object value, String path, FieldErrors errors) {
    name(name, path, errors);
    quantity(name, value, path, errors);
    if (hugePages(name)) {
      Quantity page = quantity(name.substring("hugepages-".length()));
      Quantity amount = quantity(value);
      if (page != null
          && amount != null
          && (page.sign() <= 0 || amount.value() % page.value() != 0)) {
        errors.invalid(
            path, amount.toString(), amount + " is not positive integer multiple of " + name);
      }
    }
  }

  private static void name(String name, String path, FieldErrors errors) {
    List<String> wrong = Formats.qualifiedName(name);
    errors.invalid(path, name, wrong);
    boolean plain = name.indexOf('/') < 0;
    if (plain) {
      if (wrong.isEmpty() && !ResourceNames.isStandard(name) && !hugePages(name)) {
        errors.invalid(path, name, "must be a standard resource type or fully qualified");
      }
      if (!ResourceNames.OF_CONTAINERS.contains(name) && !hugePages(name)) {
        errors.invalid(path, name, "must be a standard resource for containers");
      }
    } else if (!nativeResource(name) && !extended(name)) {
      errors.invalid(path, name, "doesn't follow extended resource name standard");
    }
  }

  private static boolean nativeResource(String name) {
    return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
  }

  private static boolean extended(String name) {
    return !nativeResource(name)
        && !name.startsWith("requests.")
        && Formats.qualifiedName("requests." + name).isEmpty();
  }

  /** An amount of a resource: not negative, and whole where the resource is counted. */
  static void quantity(String name, Object value, String path, FieldErrors errors) {
    Quantity amount = quantity(value);
    if (amount == null) {
      return;
    }
    if (amount.sign() < 0) {
      errors.invalid(path, amount.toString(), Checks.NEGATIVE);
    }
    boolean whole = ResourceNames.COUNTED.contains(name) || extended(name);
    if (whole && amount.milliValue() % 1000 != 0) {
      errors.invalid(path, amount.toString(), "must be an integer");
    }
  }

  private static void claims(KubeList names, KubeList claims, String path, FieldErrors errors) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.map(i).string("name", "");
      String request = names.map(i).string("request", "");
      String key = request.isEmpty() ? name : name + "/" + request;
      if (name.isEmpty()) {
        errors.required(path + "[" + i + "]", "");
        continue;
      }
      if (seen.contains(name) || seen.contains(key)) {
        errors.duplicate(path + "[" + i + "]", key);
      } else {
        seen.add(key);
      }
      if (claims.find("name", name) == null) {
        errors.notFound(path + "[" + i + "].name", name);
      }
    }
  }

  static @Nullable Quantity quantity(@Nullable Object value) {
    try {
      return Quantity.of(value);
    } catch (IllegalArgumentException notAQuantity) {
      return null;
    }
  }
}
