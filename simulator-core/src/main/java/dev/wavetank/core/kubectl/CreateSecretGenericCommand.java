package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * {@code kubectl create secret generic}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret.go (v1.36).
 */
final class CreateSecretGenericCommand extends CreateSubcommand {

  CreateSecretGenericCommand() {
    super(
        ResourceType.SECRETS,
        "failed to create secret",
        "generic",
        "Create a secret from a local file, directory, or literal value");
    KeyedData.addFlags(flags());
    flags().string("type", "", "", "The type of the Secret");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    KeyedData.checkFlags(call);
    SecretData data = new SecretData();
    KeyedData sources = new KeyedData(call.files(), "secret", data::add);
    sources.literals(call.flags().strings("from-literal"));
    sources.files(call.flags().strings("from-file"));
    sources.environmentFiles(call.flags().strings("from-env-file"));
    return data.secret(name, call.flags().string("type"), call.flags().bool("append-hash"));
  }
}
