package dev.wavetank.cli;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The kubeconfig by which clients, and the other verbs, find a served cluster. */
final class Kubeconfig {

  private static final String FIRST_LINE = "# Written by wavetank serve.\n";
  private static final int BYTES_MAX = 1024 * 1024;

  private Kubeconfig() {}

  /**
   * Writes one.
   *
   * @param file where to; null for a file in the temporary directory
   * @throws IOException also when the file is there and is somebody else's
   */
  static Path write(@Nullable Path file, String url) throws IOException {
    Path target = file == null ? temporary() : file;
    if (Files.exists(target)
        && !Files.readString(target, StandardCharsets.UTF_8).startsWith(FIRST_LINE)) {
      throw new IOException(
          target + " is there already and was not written by wavetank; name another file");
    }
    Files.writeString(target, FIRST_LINE + text(url));
    return target.toAbsolutePath();
  }

  private static Path temporary() throws IOException {
    Path directory = Files.createTempDirectory("wavetank-");
    directory.toFile().deleteOnExit();
    Path file = directory.resolve("kubeconfig");
    file.toFile().deleteOnExit();
    return file;
  }

  private static String text(String url) {
    return String.join(
        "\n",
        "apiVersion: v1",
        "kind: Config",
        "clusters:",
        "- name: wavetank",
        "  cluster:",
        "    server: " + url,
        "users:",
        "- name: kubernetes-admin",
        "  user: {}",
        "contexts:",
        "- name: wavetank",
        "  context:",
        "    cluster: wavetank",
        "    user: kubernetes-admin",
        "    namespace: default",
        "current-context: wavetank",
        "");
  }

  /**
   * What the current context says.
   *
   * @param namespace that commands mean when they name none
   */
  record Context(URI server, String namespace) {}

  /**
   * The current context.
   *
   * @param file null for the one that variable KUBECONFIG names
   * @throws IOException when there is none
   */
  static Context context(@Nullable Path file) throws IOException {
    String variable = System.getenv("KUBECONFIG");
    if (file == null && (variable == null || variable.isEmpty())) {
      throw new IOException("no cluster: name its kubeconfig by --kubeconfig or KUBECONFIG");
    }
    Path source = file == null ? Path.of(String.valueOf(variable)) : file;
    if (Files.size(source) > BYTES_MAX) {
      throw new IOException(source + " has more than " + BYTES_MAX + " bytes");
    }
    Object read = Manifests.value(source.toString(), Files.readString(source));
    KubeMap config = read instanceof KubeMap map ? map : KubeMap.EMPTY;
    KubeMap current =
        config.listOrEmpty("contexts").find("name", config.string("current-context", ""));
    KubeMap context = current == null ? KubeMap.EMPTY : current.mapOrEmpty("context");
    String cluster = context.string("cluster", "");
    KubeMap named = config.listOrEmpty("clusters").find("name", cluster);
    String server = named == null ? "" : named.mapOrEmpty("cluster").string("server", "");
    if (!server.startsWith("http://")) {
      throw new IOException(source + " does not name a cluster that wavetank serves");
    }
    return new Context(URI.create(server), context.string("namespace", "default"));
  }
}
