package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import org.jspecify.annotations.Nullable;

/**
 * PersistentVolumes: how large they are, where they are and by whom they are claimed. What the
 * single kinds of storage want of their fields is not checked.
 *
 * <p>Follows {@code ValidatePersistentVolume} of pkg/apis/core/validation/validation.go (v1.36).
 */
final class PersistentVolumeStrategy implements ResourceStrategy {

  static final ImmutableList<String> ACCESS_MODES =
      ImmutableList.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

  static final ImmutableList<String> VOLUME_MODES = ImmutableList.of("Block", "Filesystem");
  private static final ImmutableList<String> RECLAIM_POLICIES =
      ImmutableList.of("Delete", "Recycle", "Retain");

  /** The sources that pods have too, with the same fields. */
  private static final ImmutableList<String> POD_SOURCES = ImmutableList.of("hostPath", "nfs");

  private static final ImmutableList<String> SOURCES =
      ImmutableList.of(
          "hostPath",
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "glusterfs",
          "flocker",
          "nfs",
          "rbd",
          "quobyte",
          "cephfs",
          "iscsi",
          "cinder",
          "fc",
          "flexVolume",
          "azureFile",
          "vsphereVolume",
          "photonPersistentDisk",
          "portworxVolume",
          "azureDisk",
          "scaleIO",
          "local",
          "storageos",
          "csi");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = PodDefaults.unlessSet(object.spec(), "persistentVolumeReclaimPolicy", "Retain");
    KubeMap hostPath = spec.map("hostPath");
    if (hostPath != null && !hostPath.has("type")) {
      spec = spec.with("hostPath", hostPath.with("type", ""));
    }
    return object.withSpec(PodDefaults.unlessSet(spec, "volumeMode", "Filesystem"));
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
    KubeMap spec = object.spec();
    KubeList modes = spec.listOrEmpty("accessModes");
    if (modes.isEmpty()) {
      errors.required("spec.accessModes", "");
    }
    accessModes(modes, "spec.accessModes", errors);
    KubeMap capacity = spec.mapOrEmpty("capacity");
    if (capacity.isEmpty()) {
      errors.required("spec.capacity", "");
    }
    if (!capacity.has("storage") || capacity.size() > 1) {
      errors.unsupported("spec.capacity", capacity, ImmutableList.of("storage"));
    }
    for (int i = 0; i < capacity.size(); i++) {
      positive(capacity.valueAt(i), "spec.capacity[" + capacity.keyAt(i) + "]", errors);
    }
    Checks.oneOfIfSet(spec, "persistentVolumeReclaimPolicy", RECLAIM_POLICIES, "spec", errors);
    nodeAffinity(spec.map("nodeAffinity"), errors);
    source(spec, errors);
    Checks.dnsSubdomainIfSet(spec, "storageClassName", "spec", errors);
    Checks.oneOfIfSet(spec, "volumeMode", VOLUME_MODES, "spec", errors);
  }

  private static void nodeAffinity(@Nullable KubeMap affinity, FieldErrors errors) {
    if (affinity == null) {
      return;
    }
    KubeMap required = affinity.map("required");
    String path = "spec.nodeAffinity.required";
    if (required == null) {
      errors.required(path, "must specify required node constraints");
    } else {
      new SchedulingValidation(errors).nodeSelector(required, path);
    }
  }

  static void accessModes(KubeList modes, String path, FieldErrors errors) {
    boolean single = false;
    boolean shared = false;
    for (Object mode : modes) {
      String word = mode.toString();
      if (!ACCESS_MODES.contains(word)) {
        errors.unsupported(path, word, ACCESS_MODES);
      } else if (word.equals("ReadWriteOncePod")) {
        single = true;
      } else {
        shared = true;
      }
    }
    if (single && shared) {
      errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
  }

  static void positive(@Nullable Object amount, String path, FieldErrors errors) {
    Quantity quantity = ResourceRequirements.quantity(amount);
    if (quantity != null && quantity.sign() <= 0) {
      errors.invalid(path, quantity.toString(), "must be greater than zero");
    }
  }

  private static void source(KubeMap spec, FieldErrors errors) {
    boolean one = false;
    for (String name : SOURCES) {
      KubeMap source = spec.map(name);
      if (source == null) {
        continue;
      }
      if (one) {
        errors.forbidden("spec." + name, "may not specify more than 1 volume type");
      } else if (POD_SOURCES.contains(name)) {
        VolumeValidation.source(name, source, "spec." + name, errors);
      }
      one = true;
    }
    if (!one) {
      errors.required("spec", "must specify a volume type");
    }
    if (spec.map("local") != null && spec.map("nodeAffinity") == null) {
      errors.required("spec.nodeAffinity", "Local volume requires node affinity");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    KubeMap before = source(old.spec());
    KubeMap after = source(next.spec());
    if (!before.equals(after)) {
      errors.forbidden(
          "spec.persistentvolumesource",
          "spec.persistentvolumesource is immutable after creation"
              + SpecDifference.of(before, after));
    }
    Checks.immutable(
        next.spec().get("volumeMode"), old.spec().get("volumeMode"), "volumeMode", errors);
    KubeMap affinity = old.spec().map("nodeAffinity");
    if (affinity != null && !affinity.equals(next.spec().map("nodeAffinity"))) {
      errors.invalidText(
          "nodeAffinity",
          InternalJson.write(next.spec().map("nodeAffinity"), "core.VolumeNodeAffinity"),
          "field is immutable, except for updating from beta label to GA");
    }
  }

  private static KubeMap source(KubeMap spec) {
    KubeMap.Builder source = KubeMap.builder();
    for (String name : SOURCES) {
      if (spec.has(name)) {
        source.put(name, spec.get(name));
      }
    }
    return source.build();
  }
}
