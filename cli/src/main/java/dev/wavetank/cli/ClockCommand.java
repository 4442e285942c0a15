package dev.wavetank.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code wavetank clock}: the virtual time of a served cluster. */
@Command(
    name = "clock",
    description = "Prints the virtual time of a served cluster, and lets time pass.",
    mixinStandardHelpOptions = true)
final class ClockCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Kubeconfig of the cluster. Default: the one that KUBECONFIG names.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--advance",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Lets that much virtual time pass, such as 30s.")
  private @Nullable Duration advance;

  @Option(
      names = "--settle",
      description = "Lets time pass until nothing changes for a second, within a minute.")
  private boolean settle;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long nanos = advance == null ? 0 : advance.toNanos();
    long quiet = settle ? Duration.ofSeconds(1).toNanos() : 0;
    String query = "/wavetank/clock?advance=" + nanos + "&settle=" + quiet;
    URI target = URI.create(Kubeconfig.server(kubeconfig) + query);
    HttpRequest request =
        HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    JsonNode body = JSON.readTree(response.body());
    if (response.statusCode() != 200) {
      throw new IOException(body.path("message").asText("no answer of a served cluster"));
    }
    spec.commandLine().getOut().println(body.path("now").asText());
    return ExitCode.OK;
  }
}
