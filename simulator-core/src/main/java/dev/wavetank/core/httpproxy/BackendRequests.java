package dev.wavetank.core.httpproxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a proxy to the pods behind its backends, in turn.
 *
 * <p>Addresses are as old as the proxy's view of EndpointSlices. A request whose pod cannot be
 * reached is tried at two more pods; without any the answer is 502, after a minute without an
 * answer 504, without endpoints 503.
 */
public final class BackendRequests {

  private static final int TRIES_MAX = 3;
  private static final long TIMEOUT_NANOS = 60_000_000_000L;

  private final Container container;
  private final ChoiceStream random;
  private final Informer services;
  private final Informer slices;
  private final Map<Backend, ImmutableList<ServiceEndpoints.Endpoint>> endpoints =
      new LinkedHashMap<>();
  private final Map<Backend, Integer> turns = new LinkedHashMap<>();

  /**
   * Requests from that container.
   *
   * @param watcher name of the program
   * @param random where the turns of a backend begin
   * @param servicesChanged runs after each change of a Service
   */
  public BackendRequests(
      ApiServer api,
      Container container,
      String watcher,
      ChoiceStream random,
      Runnable servicesChanged) {
    this.container = container;
    this.random = random;
    this.services =
        Informer.of(
            api,
            ResourceType.SERVICES,
            watcher,
            (before, after) -> {
              endpoints.clear();
              servicesChanged.run();
            });
    this.slices =
        Informer.of(
            api, ResourceType.ENDPOINT_SLICES, watcher, (before, after) -> endpoints.clear());
  }

  public void stop() {
    services.stop();
    slices.stop();
  }

  /** The Services, as the proxy sees them. */
  public Snapshot services() {
    return services.view();
  }

  /** Looks the endpoints of every backend up again. */
  public void refresh() {
    endpoints.clear();
  }

  /**
   * Sends a request to a pod.
   *
   * @param error the answer for a status when no pod gives one
   * @param then takes the answer, at once or later
   */
  public void send(
      Backend backend,
      HttpRequest request,
      IntFunction<HttpResponse> error,
      Consumer<HttpResponse> then) {
    send(backend, request, TRIES_MAX, error, then);
  }

  private void send(
      Backend backend,
      HttpRequest request,
      int triesLeft,
      IntFunction<HttpResponse> error,
      Consumer<HttpResponse> then) {
    ServiceEndpoints.Endpoint endpoint = next(backend);
    if (endpoint == null) {
      then.accept(error.apply(503));
      return;
    }
    ProgramNetwork network = container.sandbox().runtime().network();
    network.http(
        container.sandbox(),
        endpoint.host(),
        endpoint.port(),
        request,
        TIMEOUT_NANOS,
        outcome -> {
          ProgramNetwork.Failure failure = outcome.failure();
          if (failure == ProgramNetwork.Failure.NONE) {
            then.accept(outcome.response());
          } else if (triesLeft > 1 && container.running()) {
            send(backend, request, triesLeft - 1, error, then);
          } else {
            boolean late = failure == ProgramNetwork.Failure.TIMED_OUT;
            then.accept(error.apply(late ? 504 : 502));
          }
        });
  }

  /** The next endpoint in turn; each backend begins anywhere. */
  private ServiceEndpoints.@Nullable Endpoint next(Backend backend) {
    ImmutableList<ServiceEndpoints.Endpoint> all =
        endpoints.computeIfAbsent(
            backend, any -> ServiceEndpoints.of(any, services.view(), slices.view()));
    if (all.isEmpty()) {
      return null;
    }
    Integer last = turns.get(backend);
    int turn = (last == null ? (int) random.between(0, all.size() - 1) : last + 1) % all.size();
    turns.put(backend, turn);
    return all.get(turn);
  }
}
