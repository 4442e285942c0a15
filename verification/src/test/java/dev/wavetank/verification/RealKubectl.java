package dev.wavetank.verification;

import dev.wavetank.core.kubectl.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real kubectl, or another program that reads a kubeconfig, against a served cluster. */
final class RealKubectl {

  private static final long SECONDS_MAX = 120;

  private final Path program;
  private final String url;
  private final Path directory;
  private final Path home;
  private final Path kubeconfig;

  /**
   * A client.
   *
   * @param url of the served cluster
   * @param directory in which commands run
   * @param home for caches and the kubeconfig
   */
  RealKubectl(Path program, String url, Path directory, Path home) throws IOException {
    this.program = program;
    this.url = url;
    this.directory = directory;
    this.home = home;
    this.kubeconfig = home.resolve("kubeconfig");
    Files.writeString(kubeconfig, config(url));
  }

  private static String config(String url) {
    return String.join(
        "\n",
        "apiVersion: v1",
        "kind: Config",
        "clusters: [{name: lab, cluster: {server: '" + url + "'}}]",
        "users: [{name: kubernetes-admin, user: {}}]",
        "contexts: [{name: lab, context: {cluster: lab, user: kubernetes-admin}}]",
        "current-context: lab",
        "");
  }

  /**
   * Runs a command.
   *
   * @param words with the program's name first, which does not count
   */
  Output run(List<String> words, byte[] stdin) {
    List<String> command = new ArrayList<>(words);
    command.set(0, program.toString());
    try {
      Path out = Files.createTempFile(home, "out", "");
      Path err = Files.createTempFile(home, "err", "");
      Path in = Files.write(Files.createTempFile(home, "in", ""), stdin);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      environment.put("HOME", home.toString());
      environment.put("KUBECONFIG", kubeconfig.toString());
      environment.put("TMPDIR", ".");
      environment.put("TZ", "UTC");
      environment.put("LANG", "C.UTF-8");
      Process process = builder.start();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Output("", "ended after " + SECONDS_MAX + " s: " + words, -1);
      }
      return new Output(read(out), read(err), process.exitValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Lets virtual time pass, and then goes on until nothing changes for so long; 0 for neither. */
  void pass(long advanceNanos, long quietNanos) {
    URI clock =
        URI.create(url + "/wavetank/clock?advance=" + advanceNanos + "&settle=" + quietNanos);
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(clock).POST(HttpRequest.BodyPublishers.noBody()).build(),
                  HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
