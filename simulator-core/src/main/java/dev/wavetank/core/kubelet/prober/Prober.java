package dev.wavetank.core.kubelet.prober;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.HttpRequest;
import dev.wavetank.core.container.HttpResponse;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.ProgramRun;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a container what its probe asks, and reports failures as events.
 *
 * <p>Follows pkg/kubelet/prober/prober.go, pkg/probe/http/http.go, pkg/probe/tcp/tcp.go,
 * pkg/probe/exec/exec.go and pkg/probe/grpc/grpc.go (v1.36).
 */
final class Prober implements ProbeAction {

  private static final int RETRIES_MAX = 3;
  private static final int OUTPUT_MAX = 10 * 1024;
  private static final int REDIRECTS_MAX = 10;
  private static final String TIMEOUT = "prober/timeout";

  private final Simulation simulation;
  private final EventRecorder recorder;

  Prober(Simulation simulation, EventRecorder recorder) {
    this.simulation = simulation;
    this.recorder = recorder;
  }

  @Override
  public void probe(Worker worker, Consumer<ProbeOutcome> then) {
    attempt(worker, then, 1);
  }

  private void attempt(Worker worker, Consumer<ProbeOutcome> then, int number) {
    Container container = worker.pod().running(worker.containerId());
    if (container == null) {
      failed(worker, then, "container is not running");
      return;
    }
    KubeMap probe = worker.spec().tree();
    if (probe.has("exec")) {
      exec(worker, container, then, number);
    } else if (probe.has("httpGet")) {
      http(worker, container, probe.mapOrEmpty("httpGet"), then);
    } else if (probe.has("tcpSocket")) {
      tcp(worker, container, probe.mapOrEmpty("tcpSocket"), then);
    } else if (probe.has("grpc")) {
      grpc(worker, container, probe.mapOrEmpty("grpc"), then);
    } else {
      errored(
          worker,
          then,
          "missing probe handler for "
              + worker.pod().pod().name()
              + "_"
              + worker.pod().pod().namespace()
              + "("
              + worker.pod().pod().uid()
              + "):"
              + worker.container().string("name", ""));
    }
  }

  private void succeeded(Consumer<ProbeOutcome> then, @Nullable Container constant) {
    then.accept(
        constant == null
            ? ProbeOutcome.SUCCESS
            : new ProbeOutcome(ProbeResult.SUCCESS, constant.constantUntilNanos()));
  }

  private void failed(Worker worker, Consumer<ProbeOutcome> then, String output) {
    event(worker, "Unhealthy", worker.type().label() + " probe failed: " + output);
    then.accept(ProbeOutcome.FAILURE);
  }

  private void warned(Worker worker, Consumer<ProbeOutcome> then, String output) {
    event(worker, "ProbeWarning", worker.type().label() + " probe warning: " + output);
    then.accept(ProbeOutcome.SUCCESS);
  }

  private void errored(Worker worker, Consumer<ProbeOutcome> then, String error) {
    event(
        worker,
        "Unhealthy",
        worker.type().label() + " probe errored and resulted in unknown state: " + error);
    then.accept(ProbeOutcome.ERROR);
  }

  private void event(Worker worker, String reason, String message) {
    String name = worker.container().string("name", "");
    boolean init =
        worker.pod().pod().spec().listOrEmpty("initContainers").find("name", name) != null;
    recorder.event(
        worker.pod().pod(),
        (init ? "spec.initContainers{" : "spec.containers{") + name + "}",
        "Warning",
        reason,
        message);
  }

  private void exec(Worker worker, Container container, Consumer<ProbeOutcome> then, int number) {
    List<String> command = new ArrayList<>();
    worker
        .spec()
        .tree()
        .mapOrEmpty("exec")
        .listOrEmpty("command")
        .forEach(word -> command.add((String) word));
    ProgramOutput known = container.behavior().exec(command, container.ageNanos());
    Timer[] timeout = new Timer[1];
    ProgramRun run =
        container.exec(
            command,
            output -> {
              if (timeout[0] != null) {
                timeout[0].cancel();
              }
              executed(worker, container, then, number, output, known != null);
            });
    if (!run.over()) {
      timeout[0] =
          simulation.after(
              worker.spec().timeoutNanos(),
              TIMEOUT,
              container.name(),
              () -> {
                run.cancel();
                failed(
                    worker,
                    then,
                    "command timed out: \""
                        + String.join(" ", command)
                        + "\" timed out after "
                        + worker.spec().timeoutSeconds()
                        + "s");
              });
    }
  }

  private void executed(
      Worker worker,
      Container container,
      Consumer<ProbeOutcome> then,
      int number,
      ProgramOutput output,
      boolean constant) {
    if (output.exitCode() == 0) {
      succeeded(then, constant ? container : null);
    } else if (output.exitCode() == ProgramOutput.NOT_STARTED) {
      if (number < RETRIES_MAX) {
        attempt(worker, then, number + 1);
      } else {
        errored(
            worker,
            then,
            "rpc error: code = Unknown desc = failed to exec in container: " + output.stderr());
      }
    } else {
      String text = output.combined();
      failed(worker, then, text.length() > OUTPUT_MAX ? text.substring(0, OUTPUT_MAX) : text);
    }
  }

  private void tcp(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = Ports.resolve(spec.get("port"), worker.container());
    if (port <= 0) {
      errored(worker, then, "invalid port number: " + port);
      return;
    }
    String ip = container.sandbox().ip().toString();
    String host = spec.string("host", ip);
    if (!host.equals(ip)) {
      container
          .sandbox()
          .runtime()
          .network()
          .connect(
              container.sandbox(),
              host,
              port,
              worker.spec().timeoutNanos(),
              outcome -> {
                if (outcome.failure() == ProgramNetwork.Failure.NONE) {
                  succeeded(then, null);
                } else {
                  failed(worker, then, DialError.tcp(outcome, host, port));
                }
              });
      return;
    }
    Container listener = container.sandbox().listener(Protocol.TCP, port);
    if (listener != null) {
      succeeded(then, listener);
    } else {
      failed(worker, then, DialError.refused(host, port));
    }
  }

  private void grpc(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = (int) spec.number("port", 0);
    String service = spec.string("service", "");
    Container listener = container.sandbox().listener(Protocol.TCP, port);
    int seconds = worker.spec().timeoutSeconds();
    if (listener == null) {
      simulation.after(
          worker.spec().timeoutNanos(),
          TIMEOUT,
          container.name(),
          () ->
              failed(
                  worker,
                  then,
                  "timeout: failed to connect service \""
                      + DialError.join(container.sandbox().ip().toString(), port)
                      + "\" within "
                      + seconds
                      + "s: context deadline exceeded"));
      return;
    }
    String status = listener.behavior().grpcHealth(port, service, listener.ageNanos());
    if (status == null) {
      failed(
          worker,
          then,
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health):"
              + " unknown service grpc.health.v1.Health");
    } else if (status.equals("SERVING")) {
      succeeded(then, listener);
    } else {
      failed(worker, then, "service unhealthy (responded with \"" + status + "\")");
    }
  }

  private void http(Worker worker, Container container, KubeMap spec, Consumer<ProbeOutcome> then) {
    int port = Ports.resolve(spec.get("port"), worker.container());
    if (port <= 0) {
      errored(worker, then, "invalid port number: " + port);
      return;
    }
    String ip = container.sandbox().ip().toString();
    String host = spec.string("host", ip);
    String scheme = spec.string("scheme", "HTTP").equals("HTTPS") ? "https" : "http";
    String path = spec.string("path", "");
    String address = DialError.join(host, port);
    String separator = path.isEmpty() || path.startsWith("/") ? "" : "/";
    String url = scheme + "://" + address + separator + path;
    HttpRequest request =
        new HttpRequest("GET", address, path.isEmpty() ? "/" : separator + path, headers(spec), "");
    new HttpProbe(worker, container, then, ip, host, port, url).send(request, 0);
  }

  private static ImmutableMap<String, String> headers(KubeMap spec) {
    KubeList list = spec.listOrEmpty("httpHeaders");
    if (list.isEmpty()) {
      return PROBE_HEADERS;
    }
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    headers.putAll(PROBE_HEADERS);
    for (KubeMap header : list.maps()) {
      headers.put(header.string("name", ""), header.string("value", ""));
    }
    return headers.buildKeepingLast();
  }

  private static final ImmutableMap<String, String> PROBE_HEADERS =
      ImmutableMap.of("User-Agent", "kube-probe/1.36", "Accept", "*/*");

  /** One HTTP probe with the redirects that it follows. */
  private final class HttpProbe {
    private final Worker worker;
    private final Container container;
    private final Consumer<ProbeOutcome> then;
    private final String ip;
    private final String host;
    private final int port;
    private final String url;
    private final long deadlineNanos;

    HttpProbe(
        Worker worker,
        Container container,
        Consumer<ProbeOutcome> then,
        String ip,
        String host,
        int port,
        String url) {
      this.worker = worker;
      this.container = container;
      this.then = then;
      this.ip = ip;
      this.host = host;
      this.port = port;
      this.url = url;
      this.deadlineNanos = simulation.now() + worker.spec().timeoutNanos();
    }

    private void fail(String why) {
      failed(worker, then, "Get \"" + url + "\": " + why);
    }

    void send(HttpRequest request, int redirects) {
      if (!host.equals(ip)) {
        container
            .sandbox()
            .runtime()
            .network()
            .http(
                container.sandbox(),
                host,
                port,
                request,
                deadlineNanos - simulation.now(),
                outcome -> {
                  if (outcome.failure() == ProgramNetwork.Failure.NONE) {
                    answered(request, outcome.response(), redirects, null);
                  } else {
                    fail(DialError.http(outcome, host, port));
                  }
                });
        return;
      }
      Container listener = container.sandbox().listener(Protocol.TCP, port);
      if (listener == null) {
        fail(DialError.refused(host, port));
        return;
      }
      HttpAnswer answer = listener.answer(request, port);
      if (answer.latencyNanos() == 0) {
        answered(request, answer.response(), redirects, listener);
        return;
      }
      await(listener, request, redirects, answer);
    }

    private void await(Container listener, HttpRequest request, int redirects, HttpAnswer answer) {
      long left = deadlineNanos - simulation.now();
      Timer[] timeout = new Timer[1];
      Exchange exchange =
          listener.handle(
              request,
              port,
              result -> {
                if (timeout[0] != null) {
                  timeout[0].cancel();
                }
                if (result instanceof HttpResult.Answered done) {
                  answered(request, done.response(), redirects, listener);
                } else {
                  fail("EOF");
                }
              });
      if (exchange.pending()
          && (answer.latencyNanos() == ContainerBehavior.FOREVER || answer.latencyNanos() > left)) {
        timeout[0] =
            simulation.after(
                left,
                TIMEOUT,
                container.name(),
                () -> {
                  exchange.cancel();
                  fail(
                      "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
                });
      }
    }

    private void answered(
        HttpRequest request, HttpResponse response, int redirects, @Nullable Container listener) {
      int status = response.status();
      String location = response.header("Location");
      boolean redirect =
          !location.isEmpty()
              && (status == 301
                  || status == 302
                  || status == 303
                  || status == 307
                  || status == 308);
      if (redirect && sameHost(location)) {
        if (redirects + 1 >= REDIRECTS_MAX) {
          fail("stopped after 10 redirects");
        } else {
          send(
              new HttpRequest("GET", request.host(), pathOf(location), request.headers(), ""),
              redirects + 1);
        }
      } else if (status >= 300 && status < 400) {
        warned(worker, then, "Probe terminated redirects, Response body: " + response.body());
      } else if (status >= 200 && status < 300) {
        succeeded(then, listener);
      } else {
        failed(worker, then, "HTTP probe failed with statuscode: " + status);
      }
    }

    private boolean sameHost(String location) {
      int scheme = location.indexOf("://");
      if (scheme < 0) {
        return true;
      }
      String rest = location.substring(scheme + 3);
      return rest.equals(host) || rest.startsWith(host + "/") || rest.startsWith(host + ":");
    }

    private String pathOf(String location) {
      int scheme = location.indexOf("://");
      if (scheme < 0) {
        return location.startsWith("/") ? location : "/" + location;
      }
      int slash = location.indexOf('/', scheme + 3);
      return slash < 0 ? "/" : location.substring(slash);
    }
  }
}
