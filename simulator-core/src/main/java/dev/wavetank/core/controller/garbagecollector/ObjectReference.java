package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.KubeMap;

/**
 * What names a node of the graph. It is what an informer saw, or for a virtual node what some
 * dependent says.
 *
 * <p>Follows pkg/controller/garbagecollector/graph.go (v1.36).
 *
 * @param namespace empty for an object of the whole cluster
 */
record ObjectReference(String apiVersion, String kind, String namespace, String name, String uid)
    implements Comparable<ObjectReference> {

  /** What an owner reference of an object in that namespace points to. */
  static ObjectReference of(KubeMap ownerReference, String namespace) {
    return new ObjectReference(
        ownerReference.string("apiVersion", ""),
        ownerReference.string("kind", ""),
        namespace,
        ownerReference.string("name", ""),
        ownerReference.string("uid", ""));
  }

  ObjectReference in(String otherNamespace) {
    return new ObjectReference(apiVersion, kind, otherNamespace, name, uid);
  }

  /** Whether an owner reference says the same but for the namespace, which it cannot say. */
  boolean sameCoordinates(KubeMap ownerReference) {
    return uid.equals(ownerReference.string("uid", ""))
        && name.equals(ownerReference.string("name", ""))
        && kind.equals(ownerReference.string("kind", ""))
        && apiVersion.equals(ownerReference.string("apiVersion", ""));
  }

  @Override
  public int compareTo(ObjectReference other) {
    int order = kind.compareTo(other.kind);
    order = order != 0 ? order : apiVersion.compareTo(other.apiVersion);
    order = order != 0 ? order : namespace.compareTo(other.namespace);
    order = order != 0 ? order : name.compareTo(other.name);
    return order != 0 ? order : uid.compareTo(other.uid);
  }

  /** The form of events. */
  @Override
  public String toString() {
    return "["
        + apiVersion
        + "/"
        + kind
        + ", namespace: "
        + namespace
        + ", name: "
        + name
        + ", uid: "
        + uid
        + "]";
  }
}
