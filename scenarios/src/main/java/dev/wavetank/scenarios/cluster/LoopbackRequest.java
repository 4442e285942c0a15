package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.TlsClient;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
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
  private @Nullable ShownCertificate certificate;

  LoopbackRequest(PodSandbox sandbox, String host, int port, Consumer<Outcome> then) {
    this.sandbox = sandbox;
    this.address = SocketAddress.text(host, port);
    this.port = port;
    this.then = then;
  }

  /** Where a process of the pod sees another come from. */
  static String client(PodSandbox sandbox) {
    long port = 32_768 + sandbox.runtime().simulation().now() / 1000 % 28_232;
    return SocketAddress.text("127.0.0.1", (int) port);
  }

  /**
   * Sends it.
   *
   * @param request null to connect only
   * @param tls makes a handshake first; null for none
   */
  void send(@Nullable HttpRequest request, @Nullable TlsClient tls, long timeoutNanos) {
    if (!sandbox.listening(Protocol.TCP, port)) {
      end(Failure.REFUSED, HttpClient.NOTHING);
      return;
    }
    if (tls != null) {
      TlsAnswer answer = sandbox.tls(port, tls.serverName());
      certificate = answer.certificate();
      Failure failure = answer.with(tls);
      if (failure != Failure.NONE) {
        end(failure, HttpClient.NOTHING);
        return;
      }
    }
    if (request == null) {
      sandbox.touch(port, client(sandbox));
      end(Failure.NONE, HttpClient.NOTHING);
      return;
    }
    HttpRequest seen = request.from(client(sandbox));
    Exchange exchange = sandbox.handle(seen, port, this::answered);
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
                    end(Failure.TIMED_OUT, HttpClient.NOTHING);
                  });
    }
  }

  private void answered(HttpResult result) {
    if (result instanceof HttpResult.Answered answer) {
      end(Failure.NONE, answer.response());
    } else if (result instanceof HttpResult.NotHttp other) {
      end(Failure.NOT_HTTP, HttpClient.received(other));
    } else {
      end(Failure.RESET, HttpClient.NOTHING);
    }
  }

  private void end(Failure failure, HttpResponse response) {
    Consumer<Outcome> hears = then;
    if (hears == null) {
      return;
    }
    then = null;
    if (timeout != null) {
      timeout.cancel();
    }
    hears.accept(new Outcome(failure, response, address, certificate));
  }
}
