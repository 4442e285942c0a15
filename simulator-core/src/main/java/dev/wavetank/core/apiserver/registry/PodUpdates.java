package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;

/**
 * What an update may change in a pod's spec: images, a shorter deadline, more tolerations, fewer
 * scheduling gates, and while gated a narrower choice of nodes.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class PodUpdates {

  private static final String FORBIDDEN =
      "pod updates may not change fields other than"
          + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
          + "`spec.tolerations` (only additions to existing"
          + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
          + " previously negative)";
  private static final ImmutableList<String> CONTAINER_LISTS =
      ImmutableList.of("containers", "initContainers");

  private PodUpdates() {}

  static void validate(KubeMap next, KubeMap old, FieldErrors errors) {
    if (next == old) {
      return;
    }
    for (String list : CONTAINER_LISTS) {
      int size = next.listOrEmpty(list).size();
      if (size != old.listOrEmpty(list).size()) {
        errors.forbidden("spec." + list, "pod updates may not add or remove containers");
        return;
      }
      images(next.listOrEmpty(list), "spec." + list, errors);
    }
    deadline(next, old, errors);
    tolerations(next.listOrEmpty("tolerations"), old.listOrEmpty("tolerations"), errors);
    gates(next.listOrEmpty("schedulingGates"), old.listOrEmpty("schedulingGates"), errors);
    KubeMap munged = withOldWhereAllowed(next, old);
    if (!old.listOrEmpty("schedulingGates").isEmpty()) {
      munged = nodeChoice(munged, old, errors);
    }
    if (!munged.equals(old)) {
      errors.forbidden("spec", FORBIDDEN + SpecDifference.of(old, munged));
    }
  }

  private static void images(KubeList containers, String path, FieldErrors errors) {
    for (int i = 0; i < containers.size(); i++) {
      String image = containers.map(i).string("image", "");
      if (image.isEmpty()) {
        errors.required(path + "[" + i + "].image", "");
      }
      if (!image.equals(image.strip())) {
        errors.invalid(
            path + "[" + i + "].image", image, "must not have leading or trailing whitespace");
      }
    }
  }

  private static void deadline(KubeMap next, KubeMap old, FieldErrors errors) {
    String path = "spec.activeDeadlineSeconds";
    Object before = old.get("activeDeadlineSeconds");
    if (next.get("activeDeadlineSeconds") instanceof Long seconds) {
      if (seconds < 0 || seconds > Integer.MAX_VALUE) {
        errors.invalid(path, seconds, Formats.range(0, Integer.MAX_VALUE));
      }
      if (before instanceof Long earlier && earlier < seconds) {
        errors.invalid(path, seconds, "must be less than or equal to previous value");
      }
    } else if (before != null) {
      errors.invalid(path, null, "must not update from a positive integer to nil value");
    }
  }

  private static void tolerations(KubeList next, KubeList old, FieldErrors errors) {
    for (KubeMap toleration : old.maps()) {
      boolean found = false;
      for (KubeMap candidate : next.maps()) {
        found |=
            toleration.without("tolerationSeconds").equals(candidate.without("tolerationSeconds"));
      }
      if (!found) {
        errors.forbidden(
            "spec.tolerations",
            "existing toleration can not be modified except its tolerationSeconds");
      }
    }
  }

  private static void gates(KubeList next, KubeList old, FieldErrors errors) {
    for (int i = 0; i < next.size(); i++) {
      String name = next.map(i).string("name", "");
      if (old.find("name", name) == null) {
        errors.forbidden(
            "spec.schedulingGates[" + i + "].name",
            "only deletion is allowed, but found new scheduling gate '" + name + "'");
      }
    }
  }

  private static KubeMap withOldWhereAllowed(KubeMap next, KubeMap old) {
    KubeMap munged = next;
    for (String list : CONTAINER_LISTS) {
      KubeList containers = next.listOrEmpty(list);
      for (int i = 0; i < containers.size(); i++) {
        Object image = old.listOrEmpty(list).map(i).get("image");
        containers = containers.with(i, containers.map(i).with("image", image));
      }
      munged = next.has(list) ? munged.with(list, containers) : munged;
    }
    munged = munged.with("activeDeadlineSeconds", old.get("activeDeadlineSeconds"));
    munged = munged.with("schedulingGates", old.get("schedulingGates"));
    munged = munged.with("tolerations", old.get("tolerations"));
    if (old.number("terminationGracePeriodSeconds", 0) < 0
        && munged.number("terminationGracePeriodSeconds", 0) == 1) {
      munged =
          munged.with("terminationGracePeriodSeconds", old.get("terminationGracePeriodSeconds"));
    }
    return munged;
  }

  /** A gated pod may ask for more of its node, never for less. */
  private static KubeMap nodeChoice(KubeMap next, KubeMap old, FieldErrors errors) {
    KubeMap before = old.mapOrEmpty("nodeSelector");
    KubeMap after = next.mapOrEmpty("nodeSelector");
    for (int i = 0; i < before.size(); i++) {
      if (!before.valueAt(i).equals(after.get(before.keyAt(i)))) {
        errors.invalid(
            "spec.nodeSelector",
            after,
            "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        break;
      }
    }
    KubeMap munged = next.with("nodeSelector", old.get("nodeSelector"));
    KubeMap oldAffinity = old.mapOrEmpty("affinity");
    KubeMap affinity = munged.mapOrEmpty("affinity");
    if (NodeAffinityUpdates.unchanged(affinity, oldAffinity)) {
      return munged;
    }
    NodeAffinityUpdates.validate(
        affinity.mapOrEmpty("nodeAffinity"), oldAffinity.mapOrEmpty("nodeAffinity"), errors);
    KubeMap restored = affinity.with("nodeAffinity", oldAffinity.get("nodeAffinity"));
    boolean none = restored.isEmpty() && !old.has("affinity");
    return munged.with("affinity", none ? null : restored);
  }
}
