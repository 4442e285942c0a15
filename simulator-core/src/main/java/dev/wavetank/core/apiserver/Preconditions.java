package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a stored object before it is written: its version and its uid, as the client
 * knows them.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go,
 * pkg/registry/rest/delete.go and pkg/storage/errors.go (v1.36).
 */
final class Preconditions {

  private static final String MODIFIED =
      "the object has been modified; please apply your changes to the latest version and try again";

  /** Where the store keeps types that are not kept under their plural. */
  private static final ImmutableMap<String, String> STORED_UNDER =
      ImmutableMap.of(
          "services", "services/specs", "endpoints", "services/endpoints", "nodes", "minions");

  private static final String RECREATED = ". The object might have been deleted and then recreated";
  private static final String CHANGED = ". The object might have been modified";

  private Preconditions() {}

  /** The version of an update must be that of the stored object, where it has one. */
  static void requireVersion(
      ResourceType type, ResourceStrategy strategy, KubeObject object, KubeObject old) {
    String version = object.resourceVersion();
    if (version.equals(old.resourceVersion())) {
      return;
    }
    if (version.isEmpty() || version.equals("0")) {
      if (!strategy.unconditionalUpdate()) {
        throw new ApiException(versionRequired(type, object.name()));
      }
      return;
    }
    requireNumber(version);
    throw new ApiException(Status.conflict(type, object.name(), MODIFIED));
  }

  private static void requireNumber(String version) {
    boolean number = version.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw new ApiException(
          unexplained("strconv.ParseUint: parsing " + GoQuote.quote(version) + ": invalid syntax"));
    }
  }

  private static Status versionRequired(ResourceType type, String name) {
    String message = "Invalid value: 0: must be specified for an update";
    return new Status(
        422,
        "Invalid",
        type.groupResource() + " \"" + name + "\" is invalid: metadata.resourceVersion: " + message,
        type,
        name,
        ImmutableList.of(
            new Status.Cause("FieldValueInvalid", message, "metadata.resourceVersion")));
  }

  /** A new object has no version yet. */
  static void requireNoVersion(KubeObject object) {
    if (!object.resourceVersion().isEmpty()) {
      throw new ApiException(
          unexplained("resourceVersion should not be set on objects to be created"));
    }
  }

  /** An error of the store for which upstream has neither code nor reason. */
  private static Status unexplained(String message) {
    return Status.bare(500, "", message);
  }

  /** The uid of an update must be that of the stored object, where it has one. */
  static void requireUid(ObjectKey key, KubeObject object, @Nullable KubeObject old) {
    String stored = old == null ? "" : old.uid();
    if (object.uid().isEmpty() || object.uid().equals(stored)) {
      return;
    }
    String kept = STORED_UNDER.getOrDefault(key.type().plural(), key.type().plural());
    String place = key.namespace().isEmpty() ? "" : key.namespace() + "/";
    throw new ApiException(
        Status.conflict(
            key.type(),
            key.name(),
            "StorageError: invalid object, Code: 4, Key: /registry/"
                + kept
                + "/"
                + place
                + key.name()
                + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in"
                + " precondition: "
                + object.uid()
                + ", UID in object meta: "
                + stored));
  }

  /** What a delete demands of the object. */
  static void require(ResourceType type, KubeObject object, DeleteOptions options) {
    String uid = options.uid();
    String version = options.resourceVersion();
    boolean namespace = type.equals(ResourceType.NAMESPACES);
    if (!uid.isEmpty() && !uid.equals(object.uid())) {
      throw new ApiException(
          namespace
              ? Status.conflict(type, object.name(), failed("UID", uid, object.uid()))
              : conflict(type, object, mismatch("UID", uid, object.uid()) + RECREATED));
    }
    if (!version.isEmpty() && !version.equals(object.resourceVersion())) {
      String stored = object.resourceVersion();
      throw new ApiException(
          namespace
              ? Status.conflict(type, object.name(), failed("ResourceVersion", version, stored))
              : conflict(type, object, mismatch("ResourceVersion", version, stored) + CHANGED));
    }
  }

  private static String failed(String what, String asked, String stored) {
    return "Precondition failed: "
        + what
        + " in precondition: "
        + asked
        + ", "
        + what
        + " in object meta: "
        + stored;
  }

  private static String mismatch(String what, String asked, String stored) {
    return "the "
        + what
        + " in the precondition ("
        + asked
        + ") does not match the "
        + what
        + " in record ("
        + stored
        + ")";
  }

  /** A conflict that names the kind, where others name the resource. */
  private static Status conflict(ResourceType type, KubeObject object, String why) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new Status(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind + " \"" + object.name() + "\": " + why,
        type,
        object.name(),
        ImmutableList.of());
  }
}
