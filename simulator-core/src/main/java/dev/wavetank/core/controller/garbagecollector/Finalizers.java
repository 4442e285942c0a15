package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.DeleteOptions;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What the collector reads and changes in the metadata of objects.
 *
 * <p>Follows pkg/controller/garbagecollector/patch.go and operations.go (v1.36).
 */
final class Finalizers {

  /** The object goes when its dependents are gone. */
  static final String FOREGROUND = "foregroundDeletion";

  /** The object goes when its dependents know it no more. */
  static final String ORPHAN = "orphan";

  private Finalizers() {}

  /** Whether a change begins a deletion that waits for that finalizer. */
  static boolean deletionStarts(@Nullable KubeObject before, KubeObject after, String finalizer) {
    return waits(after, finalizer) && (before == null || !waits(before, finalizer));
  }

  /** Whether an object is being deleted and has that finalizer. */
  static boolean waits(KubeObject object, String finalizer) {
    return object.terminating() && object.finalizers().contains(finalizer);
  }

  /** The propagation that an object's own finalizers ask for. */
  static DeleteOptions.Propagation propagation(KubeObject object) {
    if (object.finalizers().contains(ORPHAN)) {
      return DeleteOptions.Propagation.ORPHAN;
    }
    return object.finalizers().contains(FOREGROUND)
        ? DeleteOptions.Propagation.FOREGROUND
        : DeleteOptions.Propagation.BACKGROUND;
  }

  static KubeObject without(KubeObject object, String finalizer) {
    int index = object.finalizers().indexOf(finalizer);
    return index < 0 ? object : with(object, "finalizers", object.finalizers().without(index));
  }

  static KubeObject withoutOwners(KubeObject object, Collection<String> uids) {
    KubeList kept = KubeList.EMPTY;
    for (KubeMap reference : object.ownerReferences().maps()) {
      kept = uids.contains(reference.string("uid", "")) ? kept : kept.plus(reference);
    }
    return with(object, "ownerReferences", kept);
  }

  /**
   * The object with those of its owner references that are in a list and block blocking no more.
   */
  static KubeObject unblocked(KubeObject object, KubeList owners) {
    KubeList references = object.ownerReferences();
    for (int i = 0; i < references.size(); i++) {
      KubeMap known = owners.find("uid", references.map(i).string("uid", ""));
      if (known != null && Node.blocks(known)) {
        references = references.with(i, references.map(i).with("blockOwnerDeletion", false));
      }
    }
    return with(object, "ownerReferences", references);
  }

  private static KubeObject with(KubeObject object, String field, KubeList list) {
    return object.withMetadata(object.metadata().with(field, list.isEmpty() ? null : list));
  }
}
