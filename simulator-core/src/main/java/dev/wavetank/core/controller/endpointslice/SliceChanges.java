package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/** What is to become of the slices of a Service that are of one address type. */
final class SliceChanges {

  private final List<KubeObject> existing;
  final List<SliceDraft> toCreate = new ArrayList<>();
  final List<SliceDraft> toUpdate = new ArrayList<>();
  final List<KubeObject> toDelete = new ArrayList<>();

  SliceChanges(List<KubeObject> existing) {
    this.existing = existing;
  }

  /** The slices that stay as they are, as far as is known. */
  List<KubeObject> unchanged() {
    List<KubeObject> unchanged = new ArrayList<>(existing.size());
    for (KubeObject slice : existing) {
      if (!toDelete.contains(slice)
          && toUpdate.stream().noneMatch(draft -> draft.name().equals(slice.name()))) {
        unchanged.add(slice);
      }
    }
    return unchanged;
  }

  /** The slices that are written, new ones first. */
  List<SliceDraft> drafts() {
    List<SliceDraft> drafts = new ArrayList<>(toCreate.size() + toUpdate.size());
    drafts.addAll(toCreate);
    drafts.addAll(toUpdate);
    return drafts;
  }

  /** Makes an unchanged slice one that is written. */
  void update(KubeObject slice) {
    toUpdate.add(SliceDraft.copy(slice));
  }

  /** Takes all hints away. */
  void removeHints() {
    for (KubeObject slice : unchanged()) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        if (endpoint.has("hints")) {
          update(slice);
          break;
        }
      }
    }
    for (SliceDraft draft : drafts()) {
      draft.endpoints.replaceAll(endpoint -> endpoint.without("hints"));
    }
  }

  /** Whether an endpoint says that it is ready. */
  static boolean ready(KubeMap endpoint) {
    return endpoint.mapOrEmpty("conditions").bool("ready", false);
  }
}
