package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * An immutable API object of any kind: the root of a persistent tree with the accessors that all
 * kinds share. Every change gives a new object that shares what did not change.
 */
public final class KubeObject {

  private final KubeMap root;

  private KubeObject(KubeMap root) {
    this.root = root;
  }

  public static KubeObject of(KubeMap root) {
    return new KubeObject(root);
  }

  /** An object with {@code apiVersion}, {@code kind} and that metadata. */
  public static KubeObject of(ResourceType type, KubeMap metadata) {
    return new KubeObject(
        KubeMap.of("apiVersion", type.apiVersion(), "kind", type.kind(), "metadata", metadata));
  }

  /** The whole tree. */
  public KubeMap root() {
    return root;
  }

  public String apiVersion() {
    return root.string("apiVersion", "");
  }

  public String kind() {
    return root.string("kind", "");
  }

  public KubeMap metadata() {
    return root.mapOrEmpty("metadata");
  }

  public KubeMap spec() {
    return root.mapOrEmpty("spec");
  }

  public KubeMap status() {
    return root.mapOrEmpty("status");
  }

  public String name() {
    return metadata().string("name", "");
  }

  /** The namespace; empty when it has none. */
  public String namespace() {
    return metadata().string("namespace", "");
  }

  public String uid() {
    return metadata().string("uid", "");
  }

  public String resourceVersion() {
    return metadata().string("resourceVersion", "");
  }

  public long generation() {
    return metadata().number("generation", 0);
  }

  public KubeMap labels() {
    return metadata().mapOrEmpty("labels");
  }

  public KubeMap annotations() {
    return metadata().mapOrEmpty("annotations");
  }

  public KubeList finalizers() {
    return metadata().listOrEmpty("finalizers");
  }

  public KubeList ownerReferences() {
    return metadata().listOrEmpty("ownerReferences");
  }

  /** RFC 3339 text of the creation; empty before the API server has set it. */
  public String creationTimestamp() {
    return metadata().string("creationTimestamp", "");
  }

  /** RFC 3339 text, or null when nobody asked for the object's deletion. */
  public @Nullable String deletionTimestamp() {
    return metadata().string("deletionTimestamp");
  }

  /** Whether the deletion was asked for. */
  public boolean terminating() {
    return metadata().has("deletionTimestamp");
  }

  /** The owner reference with {@code controller: true}, or null. */
  public @Nullable KubeMap controllerRef() {
    for (KubeMap reference : ownerReferences().maps()) {
      if (reference.bool("controller", false)) {
        return reference;
      }
    }
    return null;
  }

  /** Whether the controller of this object is the one with that uid. */
  public boolean controlledBy(String uid) {
    KubeMap controller = controllerRef();
    return controller != null && uid.equals(controller.get("uid"));
  }

  /** The object's key under that type. */
  public ObjectKey key(ResourceType type) {
    return ObjectKey.of(type, namespace(), name());
  }

  /** The value at the end of a path of maps, or null. */
  public @Nullable Object at(String... path) {
    return root.at(path);
  }

  public KubeObject withRoot(KubeMap changed) {
    return changed == root ? this : new KubeObject(changed);
  }

  public KubeObject withMetadata(KubeMap metadata) {
    return withRoot(root.with("metadata", metadata));
  }

  public KubeObject withSpec(KubeMap spec) {
    return withRoot(root.with("spec", spec));
  }

  public KubeObject withStatus(@Nullable KubeMap status) {
    return withRoot(root.with("status", status));
  }

  /** This object with a value set at the end of a path; null takes it out. */
  public KubeObject with(@Nullable Object value, String... path) {
    return withRoot(root.withPath(value, path));
  }

  /** An owner reference to this object, as controllers set it on what they create. */
  public KubeMap asControllerRef() {
    return KubeMap.of(
        "apiVersion", apiVersion(),
        "kind", kind(),
        "name", name(),
        "uid", uid(),
        "controller", true,
        "blockOwnerDeletion", true);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof KubeObject that && root.equals(that.root));
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  /** The object as compact JSON. */
  @Override
  public String toString() {
    return root.toString();
  }
}
