package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object in the graph of owners and dependents. It is virtual as long as only a dependent has
 * told of it.
 *
 * <p>Follows pkg/controller/garbagecollector/graph.go (v1.36).
 */
final class Node {

  final ObjectReference identity;
  private @Nullable Set<Node> dependents;
  private KubeList owners = KubeList.EMPTY;
  private boolean virtual;
  private boolean beingDeleted;
  private boolean deletingDependents;

  private Node(ObjectReference identity) {
    this.identity = identity;
  }

  /** An owner that is known from a dependent only. */
  static Node virtual(ObjectReference identity) {
    Node node = new Node(identity);
    node.virtual = true;
    return node;
  }

  /** An object as an informer shows it. */
  static Node observed(ObjectReference identity, KubeObject object) {
    Node node = new Node(identity);
    node.owners = object.ownerReferences();
    node.beingDeleted = object.terminating();
    node.deletingDependents =
        object.terminating() && object.finalizers().contains(Finalizers.FOREGROUND);
    return node;
  }

  /** This node under another identity. */
  Node withIdentity(ObjectReference other) {
    Node node = new Node(other);
    node.dependents = dependents == null ? null : new LinkedHashSet<>(dependents);
    node.owners = owners;
    node.virtual = virtual;
    node.beingDeleted = beingDeleted;
    node.deletingDependents = deletingDependents;
    return node;
  }

  /** Whether an informer has shown it. */
  boolean observed() {
    return !virtual;
  }

  void markObserved() {
    virtual = false;
  }

  boolean beingDeleted() {
    return beingDeleted;
  }

  void markBeingDeleted() {
    beingDeleted = true;
  }

  /** Whether it waits for its dependents to be deleted. */
  boolean deletingDependents() {
    return deletingDependents;
  }

  void markDeletingDependents() {
    deletingDependents = true;
  }

  /** Its owner references. */
  KubeList owners() {
    return owners;
  }

  void owners(KubeList newOwners) {
    owners = newOwners;
  }

  void addDependent(Node dependent) {
    Set<Node> known = dependents;
    if (known == null) {
      known = new LinkedHashSet<>(4);
      dependents = known;
    }
    known.add(dependent);
  }

  void deleteDependent(Node dependent) {
    if (dependents != null) {
      dependents.remove(dependent);
    }
  }

  Collection<Node> dependents() {
    return dependents == null ? List.of() : dependents;
  }

  /** The dependents that hold up the end of this one. */
  List<Node> blockingDependents() {
    List<Node> blocking = new ArrayList<>();
    for (Node dependent : dependents()) {
      for (KubeMap owner : dependent.owners.maps()) {
        if (identity.uid().equals(owner.get("uid")) && blocks(owner)) {
          blocking.add(dependent);
        }
      }
    }
    return blocking;
  }

  /** Whether an owner reference holds up the end of its owner. */
  static boolean blocks(KubeMap ownerReference) {
    return ownerReference.bool("blockOwnerDeletion", false);
  }

  /** Of the identity only: two nodes of one object are still two. */
  @Override
  public int hashCode() {
    return identity.uid().hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return identity.namespace().isEmpty()
        ? identity.kind() + "/" + identity.name()
        : identity.kind() + "/" + identity.namespace() + "/" + identity.name();
  }
}
