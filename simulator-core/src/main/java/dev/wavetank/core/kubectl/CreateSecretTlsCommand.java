package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.nio.charset.StandardCharsets;

/**
 * {@code kubectl create secret tls}. That the files hold PEM data is checked; that the key belongs
 * to the certificate is not.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret_tls.go (v1.36).
 */
final class CreateSecretTlsCommand extends CreateSubcommand {

  CreateSecretTlsCommand() {
    super(ResourceType.SECRETS, "failed to create secret", "tls", "Create a TLS secret");
    flags()
        .string("cert", "", "", "File of the certificate, in PEM")
        .string("key", "", "", "File of the private key, in PEM")
        .bool("append-hash", "", false, "Append a hash of the data to the name");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    Flags flags = call.flags();
    if (flags.string("key").isEmpty() || flags.string("cert").isEmpty()) {
      throw CommandException.of("key and cert must be specified");
    }
    byte[] certificate = read(call, flags.string("cert"));
    byte[] key = read(call, flags.string("key"));
    requirePem(certificate, "certificate");
    requirePem(key, "key");
    SecretData data = new SecretData();
    data.put("tls.crt", certificate);
    data.put("tls.key", key);
    return data.secret(name, "kubernetes.io/tls", flags.bool("append-hash"));
  }

  private static byte[] read(Invocation call, String path) {
    byte[] bytes = call.files().read(path);
    if (bytes == null) {
      throw CommandException.of(
          "Cannot read file " + path + ", open " + path + ": no such file or directory");
    }
    return bytes;
  }

  private static void requirePem(byte[] bytes, String what) {
    if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
      throw CommandException.of("tls: failed to find any PEM data in " + what + " input");
    }
  }
}
