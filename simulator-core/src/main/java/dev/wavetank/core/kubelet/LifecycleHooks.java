package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.kubelet.prober.DialError;
import dev.wavetank.core.kubelet.prober.Ports;
import dev.wavetank.core.network.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs postStart and preStop hooks.
 *
 * <p>Follows pkg/kubelet/lifecycle/handlers.go (v1.36).
 */
final class LifecycleHooks {

  private static final long SECOND = 1_000_000_000L;

  /** The kubelet sets no limit, but the system gives a connection up after so long. */
  private static final long HTTP_TIMEOUT_NANOS = 127 * SECOND;

  /**
   * Runs a hook.
   *
   * @param then gets the error, empty for success; not called when the container dies before a
   *     sleeping hook ends
   */
  void run(ObservedPod worker, Container container, KubeMap hook, Consumer<String> then) {
    if (hook.has("exec")) {
      exec(worker, container, hook.mapOrEmpty("exec"), then);
    } else if (hook.has("httpGet")) {
      http(worker, container, hook.mapOrEmpty("httpGet"), then);
    } else if (hook.has("sleep")) {
      long seconds = hook.mapOrEmpty("sleep").number("seconds", 0);
      worker
          .simulation()
          .after(seconds * SECOND, "kubelet/hook", worker.key(), () -> then.accept(""));
    } else {
      then.accept("Cannot run handler: invalid handler: " + hook);
    }
  }

  private static void exec(
      ObservedPod worker, Container container, KubeMap spec, Consumer<String> then) {
    List<String> command = new ArrayList<>();
    spec.listOrEmpty("command").forEach(word -> command.add((String) word));
    container.exec(
        command,
        output ->
            then.accept(
                output.exitCode() == 0
                    ? ""
                    : "Exec lifecycle hook (["
                        + String.join(" ", command)
                        + "]) for Container \""
                        + container.name()
                        + "\" in Pod \""
                        + worker.label()
                        + "\" failed - error: "
                        + error(command, output)
                        + ", message: \""
                        + output.combined()
                        + "\""));
  }

  private static String error(List<String> command, ProgramOutput output) {
    return output.exitCode() == ProgramOutput.NOT_STARTED
        ? "rpc error: code = Unknown desc = failed to exec in container: " + output.stderr()
        : "command '"
            + String.join(" ", command)
            + "' exited with "
            + output.exitCode()
            + ": "
            + output.stderr();
  }

  private static void http(
      ObservedPod worker, Container container, KubeMap spec, Consumer<String> then) {
    int port = Ports.resolve(spec.get("port"), container.spec());
    String ip = container.sandbox().ip().toString();
    String host = spec.string("host", ip);
    String path = spec.string("path", "/");
    HttpRequest request =
        new HttpRequest(
                "GET",
                SocketAddress.text(host, port),
                path.startsWith("/") ? path : "/" + path,
                ImmutableMap.of("User-Agent", "kube-lifecycle/1.36", "Accept", "*/*"),
                "")
            .over(spec.string("scheme", "HTTP").equals("HTTPS"));
    Consumer<String> failed =
        why ->
            then.accept(
                "HTTP lifecycle hook ("
                    + path
                    + ") for Container \""
                    + container.name()
                    + "\" in Pod \""
                    + worker.label()
                    + "\" failed - error: Get \"http://"
                    + request.host()
                    + request.path()
                    + "\": "
                    + why);
    if (!host.equals(ip)) {
      httpElsewhere(container.sandbox(), host, port, request, then, failed);
      return;
    }
    Exchange exchange =
        container
            .sandbox()
            .handle(
                request,
                port,
                result -> {
                  if (result instanceof HttpResult.Answered) {
                    then.accept("");
                  } else if (result instanceof HttpResult.NotHttp other) {
                    failed.accept(DialError.notHttp(other.received()));
                  } else {
                    failed.accept("EOF");
                  }
                });
    if (exchange == null) {
      failed.accept("dial tcp " + request.host() + ": connect: connection refused");
    }
  }

  private static void httpElsewhere(
      PodSandbox from,
      String host,
      int port,
      HttpRequest request,
      Consumer<String> then,
      Consumer<String> failed) {
    from.runtime()
        .network()
        .http(
            from,
            host,
            port,
            request,
            HTTP_TIMEOUT_NANOS,
            outcome -> {
              if (outcome.failure() == ProgramNetwork.Failure.NONE) {
                then.accept("");
              } else if (outcome.failure() == ProgramNetwork.Failure.NOT_HTTP) {
                failed.accept(DialError.notHttp(outcome.response().body()));
              } else {
                failed.accept("dial tcp " + request.host() + ": connect: connection refused");
              }
            });
  }
}
