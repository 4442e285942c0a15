package dev.wavetank.core.controller.endpoints;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * How many addresses an Endpoints object may hold. Of too many, ready ones stay first, and each
 * subset keeps its share of them.
 *
 * <p>Follows pkg/controller/endpoint/endpoints_controller.go (v1.36).
 */
final class Capacity {

  /** Most addresses of an Endpoints object. */
  static final int MAX = 1_000;

  /** Annotation that says {@link #TRUNCATED} when addresses were left out. */
  static final String ANNOTATION = "endpoints.kubernetes.io/over-capacity";

  static final String TRUNCATED = "truncated";

  private static final String READY = "addresses";
  private static final String NOT_READY = "notReadyAddresses";

  private Capacity() {}

  /** How many addresses subsets hold. */
  static int used(KubeList subsets) {
    return count(subsets, READY) + count(subsets, NOT_READY);
  }

  private static int count(KubeList subsets, String field) {
    int count = 0;
    for (KubeMap subset : subsets.maps()) {
      count += subset.listOrEmpty(field).size();
    }
    return count;
  }

  /** Subsets with at most {@link #MAX} addresses: the same ones when that is so already. */
  static KubeList truncate(KubeList subsets) {
    int ready = count(subsets, READY);
    int notReady = count(subsets, NOT_READY);
    if (ready + notReady <= MAX) {
      return subsets;
    }
    boolean onlyReady = ready > MAX;
    String field = onlyReady ? READY : NOT_READY;
    int total = onlyReady ? ready : notReady;
    int max = onlyReady ? MAX : MAX - ready;
    int left = max;
    Object[] kept = new Object[subsets.size()];
    for (int i = 0; i < kept.length; i++) {
      KubeList addresses = subsets.map(i).listOrEmpty(field);
      int share = (int) Math.ceil((double) addresses.size() / total * max);
      KubeList some = first(addresses, Math.min(share, left));
      left -= some.size();
      KubeMap subset = subsets.map(i).with(field, some.isEmpty() ? null : some);
      kept[i] = onlyReady ? subset.without(NOT_READY) : subset;
    }
    return KubeList.of(kept);
  }

  private static KubeList first(KubeList addresses, int count) {
    if (addresses.size() <= count) {
      return addresses;
    }
    Object[] some = new Object[count];
    for (int i = 0; i < count; i++) {
      some[i] = addresses.get(i);
    }
    return KubeList.of(some);
  }
}
