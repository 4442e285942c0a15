package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpRequest;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request of a program to a server of its own pod, which no packet leaves the pod for. */
final class LoopbackRequest {

  private final PodSandbox sandbox;
  private final String address;
  private final int port;
  private @Nullable Consumer<Outcome> then;
  private @Nullable Timer timeout;

  LoopbackRequest(PodSandbox sandbox, String host, int port, Consumer<Outcome> then) {
    this.sandbox = sandbox;
    this.address = address(host, port);
    this.port = port;
    this.then = then;
  }

  /** Address and port as errors name them. */
  static String address(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /**
   * Sends it.
   *
   * @param request null to connect only
   */
  void send(@Nullable HttpRequest request, long timeoutNanos) {
    if (!sandbox.listening(Protocol.TCP, port)) {
      end(Failure.REFUSED, null);
      return;
    }
    if (request == null) {
      end(Failure.NONE, null);
      return;
    }
    Exchange exchange = sandbox.handle(request, port, this::answered);
    if (exchange != null && then != null) {
      timeout =
          sandbox
              .runtime()
              .simulation()
              .after(
                  timeoutNanos,
                  "http/timeout",
                  address,
                  () -> {
                    exchange.cancel();
                    end(Failure.TIMED_OUT, null);
                  });
    }
  }

  private void answered(HttpResult result) {
    if (result instanceof HttpResult.Answered answer) {
      end(Failure.NONE, answer);
    } else {
      end(Failure.RESET, null);
    }
  }

  private void end(Failure failure, HttpResult.@Nullable Answered answer) {
    Consumer<Outcome> hears = then;
    if (hears == null) {
      return;
    }
    then = null;
    if (timeout != null) {
      timeout.cancel();
    }
    hears.accept(
        new Outcome(failure, answer == null ? HttpClient.NOTHING : answer.response(), address));
  }
}
