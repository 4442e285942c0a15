package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * PersistentVolumeClaims: what a claim asks for stays, but a bound claim may ask for more room.
 *
 * <p>Follows {@code ValidatePersistentVolumeClaim} of pkg/apis/core/validation/validation.go
 * (v1.36); data sources are not checked.
 */
final class PersistentVolumeClaimStrategy implements ResourceStrategy {

  @Override
  public KubeObject defaults(KubeObject object) {
    return object.withSpec(PodDefaults.unlessSet(object.spec(), "volumeMode", "Filesystem"));
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return object.withStatus(KubeMap.of("phase", "Pending"));
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(object.spec(), "spec", errors);
  }

  /** What a claim asks for, in a claim and in the template of one. */
  static void spec(KubeMap spec, String path, FieldErrors errors) {
    KubeList modes = spec.listOrEmpty("accessModes");
    if (modes.isEmpty()) {
      errors.required(path + ".accessModes", "at least 1 access mode is required");
    }
    Checks.labelSelector(spec.map("selector"), path + ".selector", errors);
    PersistentVolumeStrategy.accessModes(modes, path + ".accessModes", errors);
    KubeMap requests = spec.mapOrEmpty("resources").mapOrEmpty("requests");
    String request = path + ".resources[storage]";
    if (requests.has("storage")) {
      PersistentVolumeStrategy.positive(requests.get("storage"), request, errors);
    } else {
      errors.required(request, "");
    }
    Checks.dnsSubdomainIfSet(spec, "storageClassName", path, errors);
    Checks.oneOfIfSet(spec, "volumeMode", PersistentVolumeStrategy.VOLUME_MODES, path, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    KubeMap before = old.spec();
    KubeMap after = next.spec();
    if (before.string("volumeName", "").isEmpty()) {
      before = before.with("volumeName", after.get("volumeName"));
    }
    if (!before.has("storageClassName")) {
      before = before.with("storageClassName", after.get("storageClassName"));
    }
    if (next.status().string("phase", "").equals("Bound")) {
      before =
          before
              .with("volumeAttributesClassName", after.get("volumeAttributesClassName"))
              .with("resources", after.get("resources"));
      shrinks(next, old, errors);
    }
    if (!before.equals(after)) {
      errors.forbidden(
          "spec",
          "spec is immutable after creation except resources.requests and"
              + " volumeAttributesClassName for bound claims"
              + SpecDifference.of(before, after));
    }
  }

  private static void shrinks(KubeObject next, KubeObject old, FieldErrors errors) {
    Quantity asked = storage(next.spec().mapOrEmpty("resources").mapOrEmpty("requests"));
    Quantity before = storage(old.spec().mapOrEmpty("resources").mapOrEmpty("requests"));
    Quantity has = storage(old.status().mapOrEmpty("capacity"));
    if (asked.compareTo(before) < 0 && asked.compareTo(has) <= 0) {
      errors.forbidden(
          "spec.resources.requests.storage", "field can not be less than status.capacity");
    }
  }

  private static Quantity storage(KubeMap amounts) {
    Quantity amount = ResourceRequirements.quantity(amounts.get("storage"));
    return amount == null ? Quantity.ZERO : amount;
  }
}
