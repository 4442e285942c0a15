package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.SimulationBug;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a container works on requests: who answers them, how many at a time, and how long. */
final class ContainerRequests {

  private static final HttpResponse OVERLOADED =
      HttpResponse.of(503, "text/plain", "Service Unavailable\n");

  private ContainerRequests() {}

  /** See {@link Container#answer(HttpRequest, int)}. */
  static @Nullable HttpAnswer answer(Container container, HttpRequest request, int port) {
    boolean forwarded =
        container.behavior() instanceof ForwardingBehavior proxy && proxy.forwards(port);
    return forwarded
            || ContainerPorts.carriesBytes(container, port)
            || container.openPort(Protocol.TCP, port) != null
        ? null
        : container.behavior().http(container, port, request, container.ageNanos());
  }

  /** A request that is worked on. */
  static Exchange begin(Container container, Consumer<HttpResult> then) {
    SimulationBug.check(container.running(), "a request to a container that does not run");
    Exchange exchange = new Exchange(container, then);
    container.state().exchanges().add(exchange);
    return exchange;
  }

  /** Works on a request; see {@link PodSandbox#handle}. */
  static Exchange handle(
      Container container, HttpRequest request, int port, Consumer<HttpResult> then) {
    OpenPort own = container.openPort(Protocol.TCP, port);
    if (own != null && own.listener() instanceof PortListener.Http http) {
      Exchange exchange = begin(container, then);
      own.add(exchange);
      http.request(request, exchange::end);
      return exchange;
    }
    if (ContainerPorts.carriesBytes(container, port)) {
      return BytesRequest.send(container, request, port, then);
    }
    if (container.behavior() instanceof ForwardingBehavior proxy && proxy.forwards(port)) {
      Exchange exchange = begin(container, then);
      proxy.forward(
          container, port, request, response -> exchange.end(new HttpResult.Answered(response)));
      return exchange;
    }
    HttpAnswer answer = container.behavior().http(container, port, request, container.ageNanos());
    Capacity capacity = container.behavior().capacity();
    if (capacity.workers() == Integer.MAX_VALUE
        || container.state().working() < capacity.workers()) {
      return handle(container, answer, then);
    }
    SimulationBug.check(container.running(), "a request to a container that does not run");
    Exchange exchange = new Exchange(container, then);
    if (container.state().waiting().size() >= capacity.queue()) {
      exchange.end(new HttpResult.Answered(OVERLOADED));
    } else {
      container.state().exchanges().add(exchange);
      container.state().waiting().add(new ContainerState.Waiting(exchange, answer));
    }
    return exchange;
  }

  /**
   * Works on a request whose answer was asked for before.
   *
   * @param answer what {@link #answer} gave in this instant
   */
  static Exchange handle(Container container, HttpAnswer answer, Consumer<HttpResult> then) {
    SimulationBug.check(container.running(), "a request to a container that does not run");
    Exchange exchange = new Exchange(container, then);
    if (answer.latencyNanos() == 0) {
      container.state().cpu().use(answer.cpuNanos(), container.simulation().now());
      exchange.end(new HttpResult.Answered(answer.response()));
      return exchange;
    }
    container.state().exchanges().add(exchange);
    work(container, exchange, answer);
    return exchange;
  }

  private static void work(Container container, Exchange exchange, HttpAnswer answer) {
    container.state().cpu().use(answer.cpuNanos(), container.simulation().now());
    if (answer.latencyNanos() != ContainerBehavior.FOREVER) {
      exchange.timer =
          container
              .simulation()
              .after(
                  answer.latencyNanos(),
                  "container/answer",
                  container.id(),
                  () -> exchange.end(new HttpResult.Answered(answer.response())));
    }
  }

  /** A request is over: what waits for its worker goes on. */
  @SuppressWarnings("ReferenceEquality") // an exchange is equal to itself only
  static void ended(Container container, Exchange exchange) {
    ContainerState own = container.state();
    own.exchanges().remove(exchange);
    own.waiting().removeIf(waiting -> waiting.exchange() == exchange);
    while (container.running()
        && !own.waiting().isEmpty()
        && own.working() < container.behavior().capacity().workers()) {
      ContainerState.Waiting next = own.waiting().remove();
      work(container, next.exchange(), next.answer());
    }
  }
}
