package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * {@code kubectl create serviceaccount}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_serviceaccount.go (v1.36).
 */
final class CreateServiceAccountCommand extends CreateSubcommand {

  CreateServiceAccountCommand() {
    super(
        ResourceType.SERVICE_ACCOUNTS,
        "failed to create serviceaccount:",
        "serviceaccount",
        "Create a service account with the specified name",
        "sa");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    return KubeObject.of(ResourceType.SERVICE_ACCOUNTS, KubeMap.of("name", name));
  }
}
