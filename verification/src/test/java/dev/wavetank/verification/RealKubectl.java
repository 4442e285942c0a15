package dev.wavetank.verification;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.server.ClientCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** The real kubectl, or another program that reads a kubeconfig, against a served cluster. */
final class RealKubectl {

  private static final long SECONDS_MAX = 120;

  private final Path program;
  private final String url;
  private final String config;
  private final Path directory;
  private final Path home;
  private final Path kubeconfig;
  private final Map<String, String> more = new LinkedHashMap<>();
  private long commandSecondsMax = SECONDS_MAX;
  private HttpClient clock = HttpClient.newHttpClient();

  /**
   * A client.
   *
   * @param url of the served cluster
   * @param directory in which commands run
   * @param home for caches and the kubeconfig
   */
  RealKubectl(Path program, String url, Path directory, Path home) throws IOException {
    this(program, url, config("server: '" + url + "'", ""), directory, home);
  }

  private RealKubectl(Path program, String url, String config, Path directory, Path home)
      throws IOException {
    this.program = program;
    this.url = url;
    this.config = config;
    this.directory = directory;
    this.home = home;
    this.kubeconfig = home.resolve("kubeconfig");
    Files.writeString(kubeconfig, config);
  }

  /**
   * A client of a server with TLS.
   *
   * @param token empty for none
   */
  static RealKubectl withTls(
      Path program,
      String url,
      ClientCredentials credentials,
      String token,
      Path directory,
      Path home)
      throws IOException {
    String cluster =
        "server: '" + url + "', certificate-authority-data: " + base64(credentials.authority());
    StringJoiner user = new StringJoiner(", ");
    if (!credentials.certificate().isEmpty()) {
      user.add("client-certificate-data: " + base64(credentials.certificate()));
      user.add("client-key-data: " + base64(credentials.key()));
    }
    if (!token.isEmpty()) {
      user.add("token: " + token);
    }
    return new RealKubectl(program, url, config(cluster, user.toString()), directory, home);
  }

  /**
   * A client that shows a token to a server with TLS and does not look at its certificate, as the
   * recorded ones did.
   *
   * @param credentials by which virtual time is steered
   */
  static RealKubectl withTlsUnverified(
      Path program,
      String url,
      ClientCredentials credentials,
      String token,
      Path directory,
      Path home)
      throws IOException {
    String cluster = "server: '" + url + "', insecure-skip-tls-verify: true";
    RealKubectl kubectl =
        new RealKubectl(program, url, config(cluster, "token: " + token), directory, home);
    try {
      kubectl.clock = HttpClient.newBuilder().sslContext(credentials.sslContext()).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return kubectl;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String config(String cluster, String user) {
    return String.join(
        "\n",
        "apiVersion: v1",
        "kind: Config",
        "clusters: [{name: lab, cluster: {" + cluster + "}}]",
        "users: [{name: kubernetes-admin, user: {" + user + "}}]",
        "contexts: [{name: lab, context: {cluster: lab, user: kubernetes-admin}}]",
        "current-context: lab",
        "");
  }

  /** Ends commands that run longer from now on. */
  void endCommandsAfter(long seconds) {
    commandSecondsMax = seconds;
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
      Process process = builder(command, in, out, err).start();
      if (!process.waitFor(commandSecondsMax, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Output("", "ended after " + commandSecondsMax + " s: " + words, -1);
      }
      return new Output(read(out), read(err), process.exitValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ProcessBuilder builder(List<String> command, Path in, Path out, Path err) {
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
    environment.putAll(more);
    return builder;
  }

  /** The same client with one more variable of the environment. */
  RealKubectl with(String variable, String value) throws IOException {
    RealKubectl other = new RealKubectl(program, url, config, directory, home);
    other.more.putAll(more);
    other.more.put(variable, value);
    return other;
  }

  /** A command that goes on until it is closed. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final Path out;

    private Running(Process process, Path out) {
      this.process = process;
      this.out = out;
    }

    String output() {
      try {
        return read(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it has printed that, or has ended; all that it has printed. */
    String await(String text) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
      while (!output().contains(text)
          && System.nanoTime() < end
          && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
        // It goes on.
      }
      return output();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Starts a command that goes on; what it prints to both streams is its output. */
  Running start(List<String> words) {
    List<String> command = new ArrayList<>(words);
    command.set(0, program.toString());
    try {
      Path out = Files.createTempFile(home, "out", "");
      Path in = Files.createTempFile(home, "in", "");
      ProcessBuilder builder = builder(command, in, out, out).redirectErrorStream(true);
      return new Running(builder.start(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Lets virtual time pass, and then goes on until nothing changes for so long; 0 for neither. */
  void pass(long advanceNanos, long quietNanos) {
    URI uri = URI.create(url + "/wavetank/clock?advance=" + advanceNanos + "&settle=" + quietNanos);
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
    try {
      HttpResponse<String> response = clock.send(request, HttpResponse.BodyHandlers.ofString());
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
