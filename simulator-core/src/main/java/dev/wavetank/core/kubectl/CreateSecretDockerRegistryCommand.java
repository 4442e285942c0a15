package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * {@code kubectl create secret docker-registry}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret_docker.go (v1.36).
 */
final class CreateSecretDockerRegistryCommand extends CreateSubcommand {

  private static final String KEY = ".dockerconfigjson";

  CreateSecretDockerRegistryCommand() {
    super(
        ResourceType.SECRETS,
        "failed to create secret",
        "docker-registry",
        "Create a secret for use with a Docker registry");
    flags()
        .string("docker-username", "", "", "User of the registry")
        .string("docker-password", "", "", "Password of the registry")
        .string("docker-email", "", "", "Email of the user")
        .string("docker-server", "", "https://index.docker.io/v1/", "The registry")
        .strings("from-file", "", "File of a Docker configuration")
        .bool("append-hash", "", false, "Append a hash of the data to the name");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    Flags flags = call.flags();
    String server = flags.string("docker-server");
    String username = flags.string("docker-username");
    String password = flags.string("docker-password");
    List<String> files = new ArrayList<>();
    for (String file : flags.strings("from-file")) {
      files.add(file.contains("=") ? file : KEY + "=" + file);
    }
    SecretData data = new SecretData();
    if (!files.isEmpty()) {
      new KeyedData(call.files(), "secret", data::add).files(files);
    } else if (username.isEmpty() || password.isEmpty() || server.isEmpty()) {
      throw CommandException.of(
          "either --from-file or the combination of --docker-username, --docker-password and"
              + " --docker-server is required");
    } else {
      data.put(KEY, configuration(server, username, password, flags.string("docker-email")));
    }
    return data.secret(name, "kubernetes.io/dockerconfigjson", flags.bool("append-hash"));
  }

  private static byte[] configuration(
      String server, String username, String password, String email) {
    String auth =
        Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    KubeMap.Builder entry = KubeMap.builder().put("username", username).put("password", password);
    entry.put("email", email.isEmpty() ? null : email).put("auth", auth);
    KubeMap root = KubeMap.of("auths", KubeMap.of(server, entry.build()));
    return GoText.jsonOfStruct(root).getBytes(StandardCharsets.UTF_8);
  }
}
