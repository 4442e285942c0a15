package dev.wavetank.core.httpproxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import org.jspecify.annotations.Nullable;

/**
 * The ready endpoints of a Service as a client knows them that balances its requests itself, such
 * as a sidecar proxy or a gRPC library; as old as its view of EndpointSlices.
 */
public final class EndpointPool {

  private static final int SEED_MAX = 1_000_000;

  private final Simulation simulation;
  private final Backend backend;
  private final Informer services;
  private final Informer slices;
  private final EndpointTurns turns;
  private ImmutableList<ServiceEndpoints.Endpoint> endpoints = ImmutableList.of();
  private long changes;

  /**
   * A pool that is kept up to date from now on.
   *
   * @param watcher name of the client
   * @param random where its turns begin
   */
  public EndpointPool(
      ApiServer api, String watcher, Backend backend, SlowStart slowStart, ChoiceStream random) {
    this.simulation = api.simulation();
    this.backend = backend;
    this.turns = new EndpointTurns(slowStart, random.between(0, SEED_MAX));
    this.services = informer(api, ResourceType.SERVICES, watcher);
    this.slices = informer(api, ResourceType.ENDPOINT_SLICES, watcher);
    refresh();
  }

  private Informer informer(ApiServer api, ResourceType type, String watcher) {
    return Informer.of(
        api,
        type,
        watcher,
        commit -> commit.key().namespace().equals(backend.namespace()),
        (before, after) -> refresh());
  }

  private void refresh() {
    ImmutableList<ServiceEndpoints.Endpoint> next =
        ServiceEndpoints.of(backend, services.view(), slices.view());
    if (!next.equals(endpoints)) {
      endpoints = next;
      changes++;
      turns.update(endpoints, simulation.now());
    }
  }

  /** Those that are known now, sorted. */
  public ImmutableList<ServiceEndpoints.Endpoint> endpoints() {
    return endpoints;
  }

  /** How often they have changed. */
  public long changes() {
    return changes;
  }

  /** The endpoint that takes the next request; null when none is ready. */
  public ServiceEndpoints.@Nullable Endpoint next() {
    return turns.next(simulation.now());
  }
}
