package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/** What names an object in a cluster: its type, namespace and name. */
public final class ObjectKey implements Comparable<ObjectKey> {

  private final ResourceType type;
  private final String namespace;
  private final String name;
  private final int hash;

  private ObjectKey(ResourceType type, String namespace, String name) {
    this.type = type;
    this.namespace = namespace;
    this.name = name;
    this.hash = (type.hashCode() * 31 + namespace.hashCode()) * 31 + name.hashCode();
  }

  /**
   * The key of an object: that of the version in which it is stored.
   *
   * @param namespace empty for a type that has no namespaces
   */
  public static ObjectKey of(ResourceType type, String namespace, String name) {
    return new ObjectKey(type.stored(), type.namespaced() ? namespace : "", name);
  }

  public ResourceType type() {
    return type;
  }

  /** The namespace; empty for an object of the whole cluster. */
  public String namespace() {
    return namespace;
  }

  public String name() {
    return name;
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byType = type == other.type ? 0 : type.toString().compareTo(other.type.toString());
    if (byType != 0) {
      return byType;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ObjectKey that
            && hash == that.hash
            && name.equals(that.name)
            && namespace.equals(that.namespace)
            && type.equals(that.type));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** {@code pods/default/web-1} or {@code nodes/node-1}. */
  @Override
  public String toString() {
    return namespace.isEmpty()
        ? type.plural() + "/" + name
        : type.plural() + "/" + namespace + "/" + name;
  }
}
