package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A served cluster with a pod that has a shell and one that serves a page, both ready. */
final class ServedPods implements AutoCloseable {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: box, labels: {app: box}}
      spec:
        containers: [{name: c, image: busybox, command: [sleep, "100000"]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: shell}
      spec:
        containers: [{name: c, image: busybox, command: [sh], stdin: true, stdinOnce: true, tty: true}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 8080, targetPort: 80}]}
      """;

  final ClusterServer server;
  final HttpClient client;

  ServedPods() throws IOException, InterruptedException {
    this(ClusterServer.options());
  }

  private ServedPods(ClusterServer.Options plain) throws IOException, InterruptedException {
    server =
        ClusterServer.start(
            plain
                .withNodes(1)
                .withSeed(7)
                .withManifests(
                    ImmutableList.of(new SessionSettings.ManifestFile("pods.yaml", PODS))));
    client = clients().version(HttpClient.Version.HTTP_1_1).build();
    send("POST", "/wavetank/clock?advance=60000000000");
  }

  static ServedPods recorded(Path file) throws IOException, InterruptedException {
    return new ServedPods(ClusterServer.options().withRecord(file));
  }

  static ServedPods withTls() throws IOException, InterruptedException {
    return new ServedPods(ClusterServer.options().withTls());
  }

  /** Clients of the administrator. */
  HttpClient.Builder clients() {
    HttpClient.Builder clients = HttpClient.newBuilder();
    SSLContext context = sslContext();
    return context == null ? clients : clients.sslContext(context);
  }

  /** The administrator's keys; null without TLS. */
  @Nullable SSLContext sslContext() {
    ClientCredentials administrator = server.administrator();
    try {
      return administrator == null ? null : administrator.sslContext();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> send(String method, String target, String... headers)
      throws IOException, InterruptedException {
    return send(method, target, "", headers);
  }

  HttpResponse<String> send(String method, String target, String body, String[] headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  long nanos() throws IOException, InterruptedException {
    String clock = send("POST", "/wavetank/clock").body();
    return Long.parseLong(clock.replaceAll(".*\"nanos\":(\\d+).*\n", "$1"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
