package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fits the endpoints of one set of ports into slices with as few writes as can be: what is gone is
 * taken out, slices that change anyway are filled, the fullest first, and what is left goes into
 * the one unchanged slice that it fills best, or into new ones. Unchanged slices are never
 * rebalanced.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/reconciler.go (v1.36).
 */
final class SlicePacking {

  private final KubeObject service;
  private final String addressType;
  private final KubeList ports;
  private final int endpointsMax;
  private final Map<String, DesiredEndpoint> missing;
  private final List<KubeObject> unchanged = new ArrayList<>();

  final List<SliceDraft> toCreate = new ArrayList<>();
  final List<SliceDraft> toUpdate = new ArrayList<>();
  final List<KubeObject> toDelete = new ArrayList<>();

  /**
   * A packing.
   *
   * @param missing what the slices should show, by pod name; what is placed is taken out
   * @param endpointsMax most endpoints of a slice
   */
  SlicePacking(
      KubeObject service,
      String addressType,
      KubeList ports,
      int endpointsMax,
      Map<String, DesiredEndpoint> missing) {
    this.service = service;
    this.addressType = addressType;
    this.ports = ports;
    this.endpointsMax = endpointsMax;
    this.missing = missing;
  }

  void pack(List<KubeObject> existing) {
    for (KubeObject slice : existing) {
      review(slice);
    }
    if (missing.isEmpty()) {
      return;
    }
    List<DesiredEndpoint> left = new ArrayList<>(missing.values());
    left.sort(Comparator.comparing(DesiredEndpoint::address));
    int placed = 0;
    List<SliceDraft> fullest = new ArrayList<>(toUpdate);
    fullest.sort(Comparator.comparingInt(draft -> -draft.endpoints.size()));
    for (SliceDraft draft : fullest) {
      placed = fill(draft, left, placed);
    }
    while (placed < left.size()) {
      SliceDraft draft = closestToFull(left.size() - placed);
      if (draft == null) {
        draft = SliceDraft.create(service, addressType, ports);
        toCreate.add(draft);
      } else {
        toUpdate.add(draft);
      }
      placed = fill(draft, left, placed);
    }
  }

  private void review(KubeObject slice) {
    KubeList endpoints = slice.root().listOrEmpty("endpoints");
    List<KubeMap> kept = new ArrayList<>(endpoints.size());
    boolean updated = false;
    for (int i = 0; i < endpoints.size(); i++) {
      KubeMap endpoint = endpoints.map(i);
      String pod = endpoint.mapOrEmpty("targetRef").string("name", "");
      DesiredEndpoint desired = missing.get(pod);
      if (desired != null && desired.standsFor(endpoint)) {
        boolean same = desired.sameAs(endpoint);
        updated |= !same;
        kept.add(same ? endpoint.without("hints") : desired.endpoint());
        missing.remove(pod);
      }
    }
    if (updated || kept.size() != endpoints.size()) {
      if (kept.isEmpty()) {
        toDelete.add(slice);
      } else {
        toUpdate.add(SliceDraft.copy(slice, service, kept));
      }
    } else if (SliceDraft.labelsDiffer(slice, service)) {
      toUpdate.add(SliceDraft.copy(slice, service, kept));
    } else {
      unchanged.add(slice);
    }
  }

  private int fill(SliceDraft draft, List<DesiredEndpoint> left, int placed) {
    int next = placed;
    while (next < left.size() && draft.endpoints.size() < endpointsMax) {
      draft.endpoints.add(left.get(next++).endpoint());
    }
    return next;
  }

  private @Nullable SliceDraft closestToFull(int count) {
    if (count >= endpointsMax) {
      return null;
    }
    KubeObject best = null;
    int room = endpointsMax;
    for (KubeObject slice : unchanged) {
      int left = endpointsMax - count - slice.root().listOrEmpty("endpoints").size();
      if (left >= 0 && left < room) {
        room = left;
        best = slice;
      }
    }
    if (best == null) {
      return null;
    }
    unchanged.remove(best);
    return SliceDraft.copy(best);
  }
}
