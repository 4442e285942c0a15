package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A server on port 80 whose answers a test sets and that keeps what it was asked and when. Its
 * answers may change at any time, so that every probe really asks.
 */
final class ScriptedServer implements ContainerBehavior {

  /** A request and the age of the container at which it came, in seconds. */
  record Asked(double ageSeconds, HttpRequest request) {}

  final List<Asked> asked = new ArrayList<>();

  /** Commands that were run. */
  final List<List<String>> commands = new ArrayList<>();

  /** Whether port 80 is open. */
  boolean open = true;

  /** The answer to a request at an age in seconds. */
  BiFunction<HttpRequest, Double, HttpAnswer> answer = (request, age) -> status(200);

  /** Exit code of every command; {@link ProgramOutput#NOT_STARTED} for an error of the runtime. */
  int exitCode;

  Exit terminate = new Exit(0, 0, "");

  static HttpAnswer status(int status) {
    return new HttpAnswer(HttpResponse.of(status, "text/plain", "body\n"), 0);
  }

  static HttpAnswer late(int status, double seconds) {
    return new HttpAnswer(
        HttpResponse.of(status, "text/plain", "body\n"), (long) (seconds * KubeletCluster.SECOND));
  }

  static HttpAnswer hangs() {
    return new HttpAnswer(HttpResponse.of(200, "text/plain", ""), FOREVER);
  }

  static HttpAnswer redirect(int status, String location) {
    return new HttpAnswer(
        new HttpResponse(status, ImmutableMap.of("Location", location), "moved"), 0);
  }

  /** Ages of the requests with that path, in seconds. */
  List<Double> times(String path) {
    List<Double> times = new ArrayList<>();
    for (Asked request : asked) {
      if (request.request().path().equals(path)) {
        times.add(request.ageSeconds());
      }
    }
    return times;
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    return open && port == 80 && protocol == Protocol.TCP;
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    double age = ageNanos / (double) KubeletCluster.SECOND;
    asked.add(new Asked(age, request));
    return answer.apply(request, age);
  }

  @Override
  public @Nullable ProgramOutput exec(List<String> command, long ageNanos) {
    commands.add(command);
    return new ProgramOutput(exitCode, exitCode == 0 ? "" : "out ", exitCode == 0 ? "" : "err");
  }

  @Override
  public Exit terminated(Container container, long ageNanos) {
    return terminate;
  }

  @Override
  public long constantUntilNanos(long ageNanos) {
    return ageNanos;
  }
}
