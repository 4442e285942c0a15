package dev.wavetank.core.kubelet.prober;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.Timer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of an HTTP probe, with the redirects that it follows on the same host.
 *
 * <p>Follows pkg/probe/http/http.go and pkg/probe/http/request.go (v1.36).
 */
final class HttpProbe {

  private static final int REDIRECTS_MAX = 10;
  private static final ImmutableMap<String, String> HEADERS =
      ImmutableMap.of("User-Agent", "kube-probe/1.36", "Accept", "*/*");

  private final Prober prober;
  private final Worker worker;
  private final Container container;
  private final Consumer<ProbeOutcome> then;
  private final KubeMap spec;
  private final String host;
  private final String scheme;
  private final long deadlineNanos;
  private int port;
  private int redirects;
  private String url = "";
  private String hostHeader = "";
  private ImmutableMap<String, String> headers = HEADERS;

  HttpProbe(
      Prober prober,
      Worker worker,
      Container container,
      Consumer<ProbeOutcome> then,
      KubeMap spec,
      int port) {
    this.prober = prober;
    this.worker = worker;
    this.container = container;
    this.then = then;
    this.spec = spec;
    this.port = port;
    this.host = spec.string("host", container.sandbox().ip().toString());
    this.scheme = spec.string("scheme", "HTTP").equals("HTTPS") ? "https" : "http";
    this.deadlineNanos = prober.simulation().now() + worker.probe().timeoutNanos();
  }

  void start() {
    readHeaders();
    String path = spec.string("path", "");
    send(path.isEmpty() || path.startsWith("/") ? path : "/" + path);
  }

  private void readHeaders() {
    if (spec.listOrEmpty("httpHeaders").isEmpty()) {
      return;
    }
    Map<String, String> all = new LinkedHashMap<>(HEADERS);
    for (KubeMap header : spec.listOrEmpty("httpHeaders").maps()) {
      String name = header.string("name", "");
      String value = header.string("value", "");
      if (name.equalsIgnoreCase("Host")) {
        hostHeader = value;
      } else {
        all.keySet().removeIf(name::equalsIgnoreCase);
        if (!name.equalsIgnoreCase("Accept") || !value.isEmpty()) {
          all.put(name, value);
        }
      }
    }
    headers = ImmutableMap.copyOf(all);
  }

  private void fail(String why) {
    prober.failed(worker, then, "Get \"" + url + "\": " + why);
  }

  private void send(String path) {
    String address = SocketAddress.text(host, port);
    url = scheme + "://" + address + path;
    HttpRequest request =
        new HttpRequest(
                "GET",
                hostHeader.isEmpty() ? address : hostHeader,
                path.isEmpty() ? "/" : path,
                headers,
                "")
            .over(scheme.equals("https"));
    if (!host.equals(container.sandbox().ip().toString())) {
      sendElsewhere(request);
      return;
    }
    Container listener = container.sandbox().listener(Protocol.TCP, port);
    if (listener == null) {
      fail(DialError.refused(host, port));
      return;
    }
    HttpAnswer answer = listener.answer(request, port);
    if (answer == null) {
      await(null, true, result -> listener.handle(request, port, result));
    } else if (answer.latencyNanos() == 0) {
      answered(answer.response(), listener);
    } else {
      long left = deadlineNanos - prober.simulation().now();
      boolean late =
          answer.latencyNanos() == ContainerBehavior.FOREVER || answer.latencyNanos() > left;
      await(listener, late, result -> listener.handle(answer, result));
    }
  }

  private void sendElsewhere(HttpRequest request) {
    container
        .sandbox()
        .runtime()
        .network()
        .http(
            container.sandbox(),
            host,
            port,
            request,
            deadlineNanos - prober.simulation().now(),
            outcome -> {
              if (outcome.failure() == ProgramNetwork.Failure.NONE) {
                answered(outcome.response(), null);
              } else {
                fail(DialError.http(outcome, host, port));
              }
            });
  }

  /**
   * Waits for an answer.
   *
   * @param constant whose answers stay as they are for a time; null when that is not known
   * @param late whether the answer may come too late
   */
  private void await(
      @Nullable Container constant, boolean late, Function<Consumer<HttpResult>, Exchange> ask) {
    long left = deadlineNanos - prober.simulation().now();
    Timer[] timeout = new Timer[1];
    Exchange exchange =
        ask.apply(
            result -> {
              if (timeout[0] != null) {
                timeout[0].cancel();
              }
              if (result instanceof HttpResult.Answered done) {
                answered(done.response(), constant);
              } else if (result instanceof HttpResult.NotHttp other) {
                fail(DialError.notHttp(other.received()));
              } else {
                fail("EOF");
              }
            });
    if (late && exchange.pending()) {
      timeout[0] =
          prober
              .simulation()
              .after(
                  left,
                  Prober.TIMEOUT,
                  container.name(),
                  () -> {
                    exchange.cancel();
                    fail(
                        "context deadline exceeded"
                            + " (Client.Timeout exceeded while awaiting headers)");
                  });
    }
  }

  private void answered(HttpResponse response, @Nullable Container listener) {
    int status = response.status();
    String location = response.header("Location");
    boolean redirect =
        switch (status) {
          case 301, 302, 303, 307, 308 -> !location.isEmpty();
          default -> false;
        };
    if (redirect && follow(location)) {
      return;
    }
    if (status >= 300 && status < 400) {
      prober.warned(worker, then, "Probe terminated redirects, Response body: " + response.body());
    } else if (status >= 200 && status < 300) {
      prober.succeeded(then, listener);
    } else {
      prober.failed(worker, then, "HTTP probe failed with statuscode: " + status);
    }
  }

  /** Goes where the answer says, if that is on the same host. */
  private boolean follow(String location) {
    String path = location;
    int newPort = port;
    int at = location.indexOf("://");
    if (at >= 0) {
      String rest = location.substring(at + 3);
      int slash = rest.indexOf('/');
      String place = slash < 0 ? rest : rest.substring(0, slash);
      path = slash < 0 ? "" : rest.substring(slash);
      int colon = place.lastIndexOf(':');
      boolean ported = colon > place.lastIndexOf(']');
      String name = ported ? place.substring(0, colon) : place;
      if (!name.equals(host) && !name.equals("[" + host + "]")) {
        return false;
      }
      newPort = ported ? number(place.substring(colon + 1)) : 80;
    }
    redirects++;
    if (redirects >= REDIRECTS_MAX) {
      fail("stopped after 10 redirects");
      return true;
    }
    port = newPort;
    send(path.isEmpty() || path.startsWith("/") ? path : "/" + path);
    return true;
  }

  private static int number(String text) {
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }
}
