package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * {@code kubectl create namespace}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_namespace.go (v1.36).
 */
final class CreateNamespaceCommand extends CreateSubcommand {

  CreateNamespaceCommand() {
    super(
        ResourceType.NAMESPACES,
        "",
        "namespace",
        "Create a namespace with the specified name",
        "ns");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    return KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", name))
        .withSpec(KubeMap.EMPTY)
        .withStatus(KubeMap.EMPTY);
  }
}
