package dev.wavetank.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Status;
import dev.wavetank.server.ClientCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The way to the served cluster that a kubeconfig names. */
final class ClusterClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Kubeconfig of the cluster. Default: the one that KUBECONFIG names.")
  private @Nullable Path kubeconfig;

  /** The namespace that commands mean when they name none. */
  String namespace() throws IOException {
    return Kubeconfig.context(kubeconfig).namespace();
  }

  /**
   * The document with which the cluster answers.
   *
   * @param word the last part of the path below {@code /wavetank}
   * @throws ApiException when the cluster refuses
   * @throws IOException when there is no cluster
   */
  JsonNode ask(String method, String word, ImmutableListMultimap<String, String> parameters)
      throws IOException, InterruptedException {
    List<String> query = new ArrayList<>();
    parameters.forEach((name, value) -> query.add(name + "=" + encoded(value)));
    Kubeconfig.Context context = Kubeconfig.context(kubeconfig);
    URI server = context.server();
    URI target = URI.create(server + "/wavetank/" + word + "?" + String.join("&", query));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target).method(method, HttpRequest.BodyPublishers.noBody());
    if (context.credentials() != null && !context.token().isEmpty()) {
      request.header("Authorization", "Bearer " + context.token());
    }
    HttpResponse<String> response;
    try {
      response = client(context).send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException("no cluster is served at " + server, e);
    } catch (SSLException e) {
      throw new IOException("no TLS with " + server + ": " + e.getMessage(), e);
    }
    return document(server, response);
  }

  private static HttpClient client(Kubeconfig.Context context) throws IOException {
    ClientCredentials credentials = context.credentials();
    if (credentials == null) {
      return HttpClient.newHttpClient();
    }
    try {
      return HttpClient.newBuilder().sslContext(credentials.sslContext()).build();
    } catch (GeneralSecurityException e) {
      throw new IOException("the kubeconfig's certificates or key: " + e.getMessage(), e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode document(URI server, HttpResponse<String> response) throws IOException {
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(server + " is not served by wavetank", e);
    }
    if (response.statusCode() != 200) {
      throw new ApiException(
          new Status(
              response.statusCode(),
              body.path("reason").asText(),
              body.path("message").asText("no answer of a served cluster"),
              null,
              "",
              ImmutableList.of()));
    }
    return body;
  }

  /**
   * Asks, and prints what the cluster prints.
   *
   * @return the exit code
   */
  int print(CommandLine command, String word, ImmutableListMultimap<String, String> parameters)
      throws IOException, InterruptedException {
    JsonNode answer = ask("GET", word, parameters);
    PrintWriter out = command.getOut();
    out.print(answer.path("stdout").asText());
    out.flush();
    command.getErr().print(answer.path("stderr").asText());
    command.getErr().flush();
    return answer.path("exitCode").asInt();
  }
}
