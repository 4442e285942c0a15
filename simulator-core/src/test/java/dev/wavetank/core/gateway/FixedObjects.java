package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects of a manifest, as the programs would see them. */
final class FixedObjects implements GatewayObjects {

  private final List<KubeObject> all = new ArrayList<>();

  FixedObjects(String yaml) {
    for (Manifest manifest : Manifests.parse("gateway.yaml", yaml)) {
      all.add(manifest.object());
    }
  }

  KubeObject first() {
    return all.get(0);
  }

  private List<KubeObject> kind(String kind) {
    return all.stream().filter(object -> object.kind().equals(kind)).toList();
  }

  @Override
  public List<KubeObject> classes() {
    return kind("GatewayClass");
  }

  @Override
  public List<KubeObject> gateways() {
    return kind("Gateway");
  }

  @Override
  public List<KubeObject> routes() {
    return kind("HTTPRoute");
  }

  @Override
  public List<KubeObject> grants() {
    return kind("ReferenceGrant");
  }

  @Override
  public KubeMap namespaceLabels(String namespace) {
    for (KubeObject object : kind("Namespace")) {
      if (object.name().equals(namespace)) {
        return object.labels();
      }
    }
    return KubeMap.EMPTY;
  }

  @Override
  public @Nullable KubeObject service(String namespace, String name) {
    return named("Service", namespace, name);
  }

  @Override
  public @Nullable KubeObject secret(String namespace, String name) {
    return named("Secret", namespace, name);
  }

  private @Nullable KubeObject named(String kind, String namespace, String name) {
    for (KubeObject object : kind(kind)) {
      if (object.namespace().equals(namespace) && object.name().equals(name)) {
        return object;
      }
    }
    return null;
  }
}
