package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state as a client sees it: at the newest revision, or at the one that its watch has
 * reached. Lists come in order of creation unless their method says otherwise.
 */
public final class Snapshot {

  private final ApiServer server;
  private final LongSupplier revision;

  Snapshot(ApiServer server, LongSupplier revision) {
    this.server = server;
    this.revision = revision;
  }

  /** The revision that is read now. */
  public long revision() {
    return revision.getAsLong();
  }

  /** The object, or null. */
  public @Nullable KubeObject get(ObjectKey key) {
    return server.store().get(key, revision());
  }

  /** All objects of a type. */
  public List<KubeObject> list(ResourceType type) {
    List<KubeObject> found = new ArrayList<>();
    server.store().forEach(type, revision(), found::add);
    return found;
  }

  /** Objects of a namespace that a selector selects; an index makes it cost what is found. */
  public List<KubeObject> list(ResourceType type, String namespace, LabelSelector selector) {
    return server.labelled(type, namespace, selector, revision());
  }

  /** Objects with an owner reference to that uid. */
  public List<KubeObject> ownedBy(ResourceType type, String uid) {
    List<KubeObject> found = new ArrayList<>();
    server.owned(type, uid, revision(), found::add);
    return found;
  }

  /** Pods that are assigned to that node. */
  public List<KubeObject> podsOnNode(String node) {
    List<KubeObject> found = new ArrayList<>();
    server.store().indexesOf(ResourceType.PODS).onNode(node, revision(), found::add);
    return found;
  }
}
