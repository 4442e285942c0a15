package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the graph of owners and dependents as informers tell of changes, and names the nodes that
 * should be looked at because of them. A change costs as much as what it touches: the owners of the
 * changed object, and its dependents when it goes.
 *
 * <p>Follows pkg/controller/garbagecollector/graph_builder.go (v1.36).
 */
final class GraphBuilder {

  /** Where nodes go that should be looked at. */
  interface Attempts {
    /** Look whether it should be deleted. */
    void delete(Node node);

    /** The same after its back-off. */
    void deleteRateLimited(Node node);

    /** Take it out of its dependents' owner references. */
    void orphan(Node node);
  }

  private final Attempts attempts;
  private final EventRecorder recorder;
  private final ReferenceCache absentOwners;
  private final Map<String, Node> uidToNode = new LinkedHashMap<>();

  GraphBuilder(Attempts attempts, EventRecorder recorder, ReferenceCache absentOwners) {
    this.attempts = attempts;
    this.recorder = recorder;
    this.absentOwners = absentOwners;
  }

  /** The node of a uid, or null. */
  @Nullable Node find(String uid) {
    return uidToNode.get(uid);
  }

  /** How many nodes there are. */
  int size() {
    return uidToNode.size();
  }

  /**
   * An informer tells of a change.
   *
   * @param apiVersion of the object's type
   */
  void changed(String apiVersion, @Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject object = after != null ? after : before;
    if (object == null) {
      return;
    }
    ObjectReference identity =
        new ObjectReference(
            apiVersion, object.kind(), object.namespace(), object.name(), object.uid());
    Node existing = uidToNode.get(identity.uid());
    if (existing != null && !existing.observed()) {
      existing = observe(existing, identity);
    }
    if (after != null) {
      Node node = existing == null ? insert(identity, after) : update(existing, after);
      transitions(before, after, node);
    } else if (existing != null) {
      remove(existing, identity);
    }
  }

  /** A virtual node turns out to exist; whoever knew it under another identity is looked at. */
  private Node observe(Node virtual, ObjectReference identity) {
    Node node = virtual;
    if (!identity.equals(virtual.identity)) {
      for (Node dependent : Partition.of(virtual.dependents(), identity).others) {
        if (!identity.namespace().isEmpty()
            && !dependent.identity.namespace().equals(identity.namespace())) {
          reportInvalidNamespace(dependent, identity.uid());
        }
        attempts.delete(dependent);
      }
      node = virtual.withIdentity(identity);
      uidToNode.put(identity.uid(), node);
    }
    node.markObserved();
    return node;
  }

  private Node insert(ObjectReference identity, KubeObject object) {
    Node node = Node.observed(identity, object);
    uidToNode.put(identity.uid(), node);
    addToOwners(node, node.owners());
    return node;
  }

  private Node update(Node node, KubeObject object) {
    KubeList old = node.owners();
    KubeList owners = object.ownerReferences();
    if (old != owners && !old.equals(owners)) {
      ReferencesDiff diff = new ReferencesDiff(old, owners);
      for (String uid : diff.unblocked()) {
        Node owner = uidToNode.get(uid);
        if (owner != null) {
          attempts.delete(owner);
        }
      }
      node.owners(owners);
      addToOwners(node, diff.added());
      removeFromOwners(node, diff.removed());
    }
    if (object.terminating()) {
      node.markBeingDeleted();
    }
    return node;
  }

  private void transitions(@Nullable KubeObject before, KubeObject after, Node node) {
    if (Finalizers.deletionStarts(before, after, Finalizers.ORPHAN)) {
      attempts.orphan(node);
    } else if (Finalizers.deletionStarts(before, after, Finalizers.FOREGROUND)) {
      // A node that was virtual does not know it yet.
      node.markDeletingDependents();
      node.dependents().forEach(attempts::delete);
      attempts.delete(node);
    }
  }

  private void addToOwners(Node node, KubeList owners) {
    boolean perhapsInvalid = false;
    for (KubeMap reference : owners.maps()) {
      String uid = reference.string("uid", "");
      Node owner = uidToNode.get(uid);
      if (owner == null) {
        owner = Node.virtual(ObjectReference.of(reference, node.identity.namespace()));
        uidToNode.put(uid, owner);
        owner.addDependent(node);
        attempts.delete(owner);
      } else {
        owner.addDependent(node);
        perhapsInvalid = perhapsInvalid || perhapsInvalid(node, reference, owner);
      }
    }
    if (perhapsInvalid) {
      attempts.delete(node);
    }
  }

  /** Whether an owner reference may say something wrong of an owner that is in the graph. */
  private boolean perhapsInvalid(Node node, KubeMap reference, Node owner) {
    String namespace = node.identity.namespace();
    boolean namespaced = !owner.identity.namespace().isEmpty();
    boolean elsewhere = !owner.identity.namespace().equals(namespace);
    if (namespaced && elsewhere) {
      if (owner.observed()) {
        reportInvalidNamespace(node, owner.identity.uid());
      }
      return true;
    }
    return !owner.identity.sameCoordinates(reference) || (elsewhere && !owner.observed());
  }

  private void removeFromOwners(Node node, KubeList owners) {
    for (KubeMap reference : owners.maps()) {
      Node owner = uidToNode.get(reference.string("uid", ""));
      if (owner != null) {
        owner.deleteDependent(node);
      }
    }
  }

  private void reportInvalidNamespace(Node node, String ownerUid) {
    KubeMap reference = node.owners().find("uid", ownerUid);
    if (reference == null) {
      return;
    }
    ObjectReference about = node.identity;
    String namespace = about.namespace();
    recorder.event(
        KubeMap.of(
            "kind", about.kind(),
            "namespace", namespace,
            "name", about.name(),
            "uid", about.uid(),
            "apiVersion", about.apiVersion()),
        "Warning",
        "OwnerRefInvalidNamespace",
        "ownerRef "
            + ObjectReference.of(reference, namespace)
            + " does not exist in namespace \""
            + namespace
            + "\"");
  }

  /** The server was asked and has no object of that identity. */
  void virtualDelete(ObjectReference absent) {
    Node existing = uidToNode.get(absent.uid());
    if (existing == null) {
      return;
    }
    if (existing.observed()) {
      if (existing.identity.equals(absent)) {
        remove(existing, absent);
      } else {
        deleteMatching(Partition.of(existing.dependents(), absent), absent);
      }
      return;
    }
    Partition dependents = Partition.of(existing.dependents(), absent);
    if (dependents.others.isEmpty()) {
      remove(existing, absent);
      return;
    }
    // Some dependents know this owner under other coordinates: it may still exist under those.
    deleteMatching(dependents, absent);
    if (existing.identity.equals(absent)) {
      ObjectReference alternative = AlternateIdentities.next(dependents.others, absent);
      if (alternative != null) {
        Node replacement = existing.withIdentity(alternative);
        uidToNode.put(alternative.uid(), replacement);
        attempts.deleteRateLimited(replacement);
      }
    }
  }

  private void deleteMatching(Partition dependents, ObjectReference absent) {
    if (!dependents.matching.isEmpty()) {
      absentOwners.add(absent);
      dependents.matching.forEach(attempts::delete);
    }
  }

  private void remove(Node node, ObjectReference identity) {
    uidToNode.remove(node.identity.uid());
    removeFromOwners(node, node.owners());
    if (!node.dependents().isEmpty()) {
      absentOwners.add(identity);
      node.dependents().forEach(attempts::delete);
    }
    for (KubeMap reference : node.owners().maps()) {
      Node owner = uidToNode.get(reference.string("uid", ""));
      if (owner != null && owner.deletingDependents()) {
        attempts.delete(owner);
      }
    }
  }

  /** Dependents by whether what they say of their owner is a given identity; some do both. */
  private static final class Partition {
    final List<Node> matching = new ArrayList<>();
    final List<Node> others = new ArrayList<>();

    static Partition of(Iterable<Node> dependents, ObjectReference owner) {
      Partition partition = new Partition();
      for (Node dependent : dependents) {
        partition.add(dependent, owner);
      }
      return partition;
    }

    private void add(Node dependent, ObjectReference owner) {
      boolean matches = false;
      boolean differs = false;
      if (!owner.namespace().isEmpty()
          && !owner.namespace().equals(dependent.identity.namespace())) {
        differs = true;
      } else {
        for (KubeMap reference : dependent.owners().maps()) {
          if (owner.uid().equals(reference.get("uid"))) {
            boolean same = owner.sameCoordinates(reference);
            matches |= same;
            differs |= !same;
          }
        }
      }
      if (matches) {
        matching.add(dependent);
      }
      if (differs) {
        others.add(dependent);
      }
    }
  }

  /** How owner references changed. */
  private static final class ReferencesDiff {
    private final List<KubeMap> added = new ArrayList<>();
    private final Map<String, KubeMap> removed = new LinkedHashMap<>();
    private final List<String> unblocked = new ArrayList<>();

    ReferencesDiff(KubeList before, KubeList after) {
      before.maps().forEach(reference -> removed.put(reference.string("uid", ""), reference));
      for (KubeMap reference : after.maps()) {
        KubeMap old = removed.remove(reference.string("uid", ""));
        if (old == null) {
          added.add(reference);
        } else if (Node.blocks(old) && !Node.blocks(reference)) {
          unblocked.add(reference.string("uid", ""));
        }
      }
      removed.forEach(
          (uid, reference) -> {
            if (Node.blocks(reference)) {
              unblocked.add(uid);
            }
          });
    }

    KubeList added() {
      return KubeList.copyOf(added);
    }

    KubeList removed() {
      return KubeList.copyOf(removed.values());
    }

    /** Owners that this object held up and holds up no more. */
    List<String> unblocked() {
      return unblocked;
    }
  }
}
