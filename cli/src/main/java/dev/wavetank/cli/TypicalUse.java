package dev.wavetank.cli;

import dev.wavetank.server.ClusterServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What users do first, in one process: the demo, and a served cluster with the requests of a {@code
 * kubectl get}. The launcher keeps the classes that this loads in the archive from which every
 * command starts.
 */
final class TypicalUse {

  private static final String DISCOVERY =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

  private TypicalUse() {}

  /** Does it, and ends the process. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Wavetank.commandLine(nowhere, nowhere).execute("demo");
    Wavetank.commandLine(nowhere, nowhere).execute("serve", "--help");
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      get(server, "/api", DISCOVERY);
      get(server, "/apis", DISCOVERY);
      get(server, "/api/v1/namespaces/default/pods?limit=500", TABLE);
      get(server, "/api/v1/nodes?limit=500", TABLE);
    }
    System.exit(ExitCode.OK);
  }

  private static void get(ClusterServer server, String target, String accept)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + target)).header("Accept", accept).build();
    HttpResponse<Void> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    if (response.statusCode() != 200) {
      throw new IOException(target + " was answered with " + response.statusCode());
    }
  }
}
