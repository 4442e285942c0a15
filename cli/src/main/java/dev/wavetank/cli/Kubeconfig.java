package dev.wavetank.cli;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.server.ClientCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
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
   * @param administrator what the user has; null where nothing is asked for
   * @throws IOException also when the file is there and is somebody else's
   */
  static Path write(@Nullable Path file, String url, @Nullable ClientCredentials administrator)
      throws IOException {
    Path target = file == null ? temporary() : file;
    if (Files.exists(target)
        && !Files.readString(target, StandardCharsets.UTF_8).startsWith(FIRST_LINE)) {
      throw new IOException(
          target + " is there already and was not written by wavetank; name another file");
    }
    forOwnerOnly(target);
    Files.writeString(target, FIRST_LINE + text(url, administrator));
    return target.toAbsolutePath();
  }

  /** Nobody else reads the key. */
  private static void forOwnerOnly(Path file) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, owner);
    } else {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
    }
  }

  private static Path temporary() throws IOException {
    Path directory = Files.createTempDirectory("wavetank-");
    directory.toFile().deleteOnExit();
    Path file = directory.resolve("kubeconfig");
    file.toFile().deleteOnExit();
    return file;
  }

  private static String text(String url, @Nullable ClientCredentials administrator) {
    String believed =
        administrator == null
            ? ""
            : "\n    certificate-authority-data: " + base64(administrator.authority());
    String user =
        administrator == null
            ? "  user: {}"
            : "  user:\n    client-certificate-data: "
                + base64(administrator.certificate())
                + "\n    client-key-data: "
                + base64(administrator.key());
    return String.join(
        "\n",
        "apiVersion: v1",
        "kind: Config",
        "clusters:",
        "- name: wavetank",
        "  cluster:",
        "    server: " + url + believed,
        "users:",
        "- name: kubernetes-admin",
        user,
        "contexts:",
        "- name: wavetank",
        "  context:",
        "    cluster: wavetank",
        "    user: kubernetes-admin",
        "    namespace: default",
        "current-context: wavetank",
        "");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What the current context says.
   *
   * @param namespace that commands mean when they name none
   * @param credentials for TLS; null for a server without
   * @param token that is sent over TLS; empty for none
   */
  record Context(
      URI server, String namespace, @Nullable ClientCredentials credentials, String token) {}

  /**
   * The current context.
   *
   * @param file null for the one that variable KUBECONFIG names
   * @throws IOException when there is none, or a file that it names cannot be read
   */
  static Context context(@Nullable Path file) throws IOException {
    String variable = System.getenv("KUBECONFIG");
    if (file == null && (variable == null || variable.isEmpty())) {
      throw new IOException("no cluster: name its kubeconfig by --kubeconfig or KUBECONFIG");
    }
    Path source = file == null ? Path.of(String.valueOf(variable)) : file;
    Object read = Manifests.value(source.toString(), text(source));
    KubeMap config = read instanceof KubeMap map ? map : KubeMap.EMPTY;
    KubeMap context =
        named(config, "contexts", config.string("current-context", "")).mapOrEmpty("context");
    KubeMap cluster =
        named(config, "clusters", context.string("cluster", "")).mapOrEmpty("cluster");
    KubeMap user = named(config, "users", context.string("user", "")).mapOrEmpty("user");
    String server = cluster.string("server", "");
    boolean tls = server.startsWith("https://");
    if (!tls && !server.startsWith("http://")) {
      throw new IOException(source + " does not name a cluster that wavetank serves");
    }
    ClientCredentials credentials =
        tls
            ? new ClientCredentials(
                pem(source, cluster, "certificate-authority"),
                pem(source, user, "client-certificate"),
                pem(source, user, "client-key"))
            : null;
    return new Context(
        URI.create(server),
        context.string("namespace", "default"),
        credentials,
        user.string("token", ""));
  }

  private static KubeMap named(KubeMap config, String list, String name) {
    KubeMap found = config.listOrEmpty(list).find("name", name);
    return found == null ? KubeMap.EMPTY : found;
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(file + " has more than " + BYTES_MAX + " bytes");
    }
    return Files.readString(file);
  }

  /** What stands there itself, or in the file that is named there; empty for neither. */
  private static String pem(Path source, KubeMap from, String field) throws IOException {
    String data = from.string(field + "-data", "");
    if (data.isEmpty()) {
      String file = from.string(field, "");
      return file.isEmpty() ? "" : text(source.toAbsolutePath().resolveSibling(file));
    }
    try {
      return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException(source + ": " + field + "-data is not in Base64", e);
    }
  }
}
