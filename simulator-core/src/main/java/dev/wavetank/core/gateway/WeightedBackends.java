package dev.wavetank.core.gateway;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.SimulationBug;
import org.jspecify.annotations.Nullable;

/**
 * The backends of a rule, each of which takes its share of the requests.
 *
 * <p>Follows apis/v1/httproute_types.go of gateway-api, {@code BackendRef.weight}: an invalid
 * backend has its share, too.
 *
 * @param total of the weights
 */
record WeightedBackends(ImmutableList<Share> shares, long total) {

  /** Most that one weight may be. */
  private static final long WEIGHT_MAX = 1_000_000;

  /** A backend that takes {@code weight} of all. */
  record Share(BackendReference reference, RouteFilters filters, long weight) {}

  static WeightedBackends of(KubeObject route, KubeList references, GatewayObjects objects) {
    ImmutableList.Builder<Share> shares = ImmutableList.builder();
    long total = 0;
    for (KubeMap reference : references.maps()) {
      long weight = Math.max(0, Math.min(reference.number("weight", 1), WEIGHT_MAX));
      if (weight > 0) {
        shares.add(
            new Share(
                BackendReference.of(route, reference, objects),
                RouteFilters.of(reference.listOrEmpty("filters")),
                weight));
        total += weight;
      }
    }
    return new WeightedBackends(shares.build(), total);
  }

  /** The backend for one request; null when none takes any. */
  @Nullable Share choose(ChoiceStream random) {
    if (shares.size() <= 1) {
      return shares.isEmpty() ? null : shares.get(0);
    }
    long at = random.between(1, total);
    for (Share share : shares) {
      at -= share.weight;
      if (at <= 0) {
        return share;
      }
    }
    throw new SimulationBug("weights are more than their total " + total);
  }
}
