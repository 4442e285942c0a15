package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The strategies of dynamic resource allocation: classes, claims, templates of claims and slices of
 * devices. Nothing allocates devices here.
 *
 * <p>Follows pkg/registry/resource, pkg/apis/resource/v1/defaults.go and
 * pkg/apis/resource/validation/validation.go (v1.36).
 */
final class DeviceStrategies {

  private static final int DEVICES_MAX = 128;
  private static final ImmutableList<String> PLACES =
      ImmutableList.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection");
  private static final String ONE_PLACE =
      "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is"
          + " required";

  private DeviceStrategies() {}

  static ResourceStrategy ofClasses() {
    return new SpecStrategy() {
      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        KubeMap spec = object.spec();
        DeviceClaimValidation.selectors(spec.listOrEmpty("selectors"), "spec.selectors", errors);
        DeviceClaimValidation.configurations(spec.listOrEmpty("config"), "spec.config", errors);
        String resource = spec.string("extendedResourceName", "");
        if (spec.has("extendedResourceName") && !isExtended(resource)) {
          errors.invalid(
              "spec.extendedResourceName", resource, "must be a valid extended resource name");
        }
      }
    };
  }

  private static boolean isExtended(String resource) {
    FieldErrors errors = new FieldErrors();
    Checks.qualifiedName("requests." + resource, "", errors);
    boolean own = resource.indexOf('/') < 0 || resource.startsWith("kubernetes.io/");
    return !own && !resource.startsWith("requests.") && errors.isEmpty();
  }

  static ResourceStrategy ofClaims() {
    return new SpecStrategy(KubeMap.EMPTY) {
      @Override
      public boolean generation() {
        return false;
      }

      @Override
      public KubeObject defaults(KubeObject object) {
        return object.withSpec(withDefaults(object.spec()));
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        DeviceClaimValidation.claim(object.spec(), "spec", errors);
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        Checks.immutable(next.spec(), old.spec(), "spec", errors);
      }
    };
  }

  static ResourceStrategy ofTemplates() {
    return new SpecStrategy() {
      @Override
      public boolean generation() {
        return false;
      }

      @Override
      public KubeObject defaults(KubeObject object) {
        KubeMap claim = object.spec().mapOrEmpty("spec");
        return object.withSpec(object.spec().with("spec", withDefaults(claim)));
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        DeviceClaimValidation.claim(object.spec().mapOrEmpty("spec"), "spec.spec", errors);
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        Checks.immutable(next.spec(), old.spec(), "spec", errors);
      }
    };
  }

  private static KubeMap withDefaults(KubeMap claim) {
    KubeMap devices = claim.mapOrEmpty("devices");
    KubeList requests = devices.listOrEmpty("requests");
    for (int i = 0; i < requests.size(); i++) {
      KubeMap request = requests.map(i);
      KubeMap exactly = request.map("exactly");
      if (exactly != null) {
        request = request.with("exactly", counted(exactly));
      }
      KubeList alternatives = request.listOrEmpty("firstAvailable");
      for (int j = 0; j < alternatives.size(); j++) {
        alternatives = alternatives.with(j, counted(alternatives.map(j)));
      }
      request = alternatives.isEmpty() ? request : request.with("firstAvailable", alternatives);
      requests = requests.with(i, request);
    }
    return requests.isEmpty() ? claim : claim.with("devices", devices.with("requests", requests));
  }

  private static KubeMap counted(KubeMap request) {
    KubeMap made = request;
    if (made.string("allocationMode", "").isEmpty()) {
      made = made.with("allocationMode", "ExactCount");
    }
    boolean uncounted = made.number("count", 0) == 0;
    return uncounted && "ExactCount".equals(made.get("allocationMode"))
        ? made.with("count", 1L)
        : made;
  }

  /**
   * The strategy of ResourceSlices.
   *
   * @param now the time as an API timestamp, at which taints are added
   */
  static ResourceStrategy ofSlices(Supplier<String> now) {
    return new SpecStrategy() {
      @Override
      public KubeObject defaults(KubeObject object) {
        KubeList devices = object.spec().listOrEmpty("devices");
        for (int i = 0; i < devices.size(); i++) {
          KubeMap device = devices.map(i);
          KubeList taints = device.listOrEmpty("taints");
          for (int j = 0; j < taints.size(); j++) {
            KubeMap taint = taints.map(j);
            taints = taints.with(j, taint.withDefault("timeAdded", now.get()));
          }
          devices = taints.isEmpty() ? devices : devices.with(i, device.with("taints", taints));
        }
        return devices.isEmpty() ? object : object.with(devices, "spec", "devices");
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        slice(object.spec(), null, errors);
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        slice(next.spec(), old.spec(), errors);
      }
    };
  }

  private static void slice(KubeMap spec, @Nullable KubeMap old, FieldErrors errors) {
    DeviceClaimValidation.driver(spec.string("driver", ""), "spec.driver", errors);
    KubeMap pool = spec.mapOrEmpty("pool");
    pool(pool, errors);
    if (old != null) {
      String name = old.mapOrEmpty("pool").string("name", "");
      Checks.immutable(pool.string("name", ""), name, "spec.pool.name", errors);
      for (String field : ImmutableList.of("driver", "nodeName")) {
        Checks.immutable(spec.get(field), old.get(field), "spec." + field, errors);
      }
    }
    place(spec, errors);
    KubeList devices = spec.listOrEmpty("devices");
    if (spec.has("sharedCounters") && spec.has("devices")) {
      errors.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
    }
    if (devices.size() > DEVICES_MAX) {
      errors.tooMany("spec.devices", devices.size(), DEVICES_MAX);
      return;
    }
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < devices.size(); i++) {
      String name = devices.map(i).string("name", "");
      Checks.dnsLabel(name, "spec.devices[" + i + "].name", errors);
    }
    for (int i = 0; i < devices.size(); i++) {
      String name = devices.map(i).string("name", "");
      if (!seen.add(name)) {
        errors.duplicate("spec.devices[" + i + "]", name);
      }
    }
  }

  private static void pool(KubeMap pool, FieldErrors errors) {
    String name = pool.string("name", "");
    if (name.isEmpty()) {
      errors.required("spec.pool.name", "");
    } else {
      for (String part : name.split("/", -1)) {
        Checks.dnsSubdomain(part, "spec.pool.name", errors);
      }
    }
    long slices = pool.number("resourceSliceCount", 0);
    if (slices <= 0) {
      errors.invalid("spec.pool.resourceSliceCount", slices, "must be greater than zero");
    }
    long generation = pool.number("generation", 0);
    if (generation < 0) {
      errors.invalid("spec.pool.generation", generation, "must be greater than or equal to zero");
    }
  }

  private static void place(KubeMap spec, FieldErrors errors) {
    List<String> set = new ArrayList<>();
    for (String field : PLACES) {
      Object value = spec.get(field);
      if ("".equals(value)) {
        errors.invalid("spec." + field, value, "must be either unset or set to a non-empty string");
      } else if (Boolean.FALSE.equals(value)) {
        errors.invalid("spec." + field, value, "must be either unset or set to true");
      } else if (value != null) {
        set.add("`" + field + "`");
      }
    }
    if (set.isEmpty()) {
      errors.required("spec", ONE_PLACE);
    } else if (set.size() > 1) {
      errors.invalid(
          "spec", "{" + String.join(", ", set) + "}", ONE_PLACE + ", but multiple fields are set");
    }
  }
}
