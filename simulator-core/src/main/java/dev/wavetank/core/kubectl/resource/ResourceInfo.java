package dev.wavetank.core.kubectl.resource;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * One object that a command works on.
 *
 * @param namespace empty for a type that has none
 * @param object as it is on the server or in the file; null where only its name is known
 * @param source file that it comes from; empty for one of the server
 */
public record ResourceInfo(
    ResourceType type, String namespace, String name, @Nullable KubeObject object, String source) {

  /** The info of an object on the server. */
  public static ResourceInfo of(ResourceType type, KubeObject object) {
    return new ResourceInfo(type, object.namespace(), object.name(), object, "");
  }

  public ObjectKey key() {
    return ObjectKey.of(type, namespace, name);
  }

  /** The object, which must be known. */
  public KubeObject required() {
    if (object == null) {
      throw new IllegalStateException("the object of " + key() + " was not asked for");
    }
    return object;
  }

  /** The same with another version of its object. */
  public ResourceInfo with(KubeObject changed) {
    return new ResourceInfo(type, changed.namespace(), changed.name(), changed, source);
  }

  /** {@code pods/web}: how errors name it. */
  public String objectName() {
    return type.plural() + "/" + name;
  }

  /** {@code deployment.apps/web}: how what was done to it is told. */
  public String kubectlName() {
    return type.kubectlName() + "/" + name;
  }
}
