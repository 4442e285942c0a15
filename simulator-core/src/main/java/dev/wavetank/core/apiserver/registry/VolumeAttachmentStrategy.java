package dev.wavetank.core.apiserver.registry;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * VolumeAttachments: which volume is to be attached to which node never changes.
 *
 * <p>Follows {@code ValidateVolumeAttachment} of pkg/apis/storage/validation/validation.go (v1.36).
 */
final class VolumeAttachmentStrategy implements ResourceStrategy {

  private static final int DRIVER_NAME_BYTES_MAX = 63;

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return object.withStatus(KubeMap.of("attached", false));
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
    attacher(spec.string("attacher", ""), errors);
    KubeMap source = spec.mapOrEmpty("source");
    boolean named = source.has("persistentVolumeName");
    String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    if (named && source.has("inlineVolumeSpec")) {
      errors.forbidden("spec.source", one);
    } else if (!named && !source.has("inlineVolumeSpec")) {
      errors.required("spec.source", one);
    } else if (named && source.string("persistentVolumeName", "").isEmpty()) {
      errors.required(
          "spec.source.persistentVolumeName", "must specify non empty persistentVolumeName");
    }
    Checks.dnsSubdomain(spec.string("nodeName", ""), "spec.nodeName", errors);
  }

  private static void attacher(String name, FieldErrors errors) {
    if (name.isEmpty()) {
      errors.required("spec.attacher", "");
      return;
    }
    if (name.length() > DRIVER_NAME_BYTES_MAX) {
      errors.tooLong("spec.attacher", DRIVER_NAME_BYTES_MAX);
    }
    errors.invalid("spec.attacher", name, Formats.dnsSubdomain(Ascii.toLowerCase(name)));
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    Checks.immutable(next.spec(), old.spec(), "spec", errors);
  }
}
