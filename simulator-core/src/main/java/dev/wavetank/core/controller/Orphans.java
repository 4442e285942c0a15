package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Snapshot;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one type without a controller, by namespace, as an informer told of them: what a
 * controller may adopt.
 */
public final class Orphans {

  private final ResourceType type;
  private final Map<String, Set<ObjectKey>> byNamespace = new LinkedHashMap<>();

  public Orphans(ResourceType type) {
    this.type = type;
  }

  /** Takes note of a change. */
  public void changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    boolean was = before != null && before.controllerRef() == null;
    boolean is = after != null && after.controllerRef() == null;
    if (is == was) {
      return;
    }
    KubeObject object = after != null ? after : before;
    if (object == null) {
      return;
    }
    if (is) {
      byNamespace
          .computeIfAbsent(object.namespace(), n -> new LinkedHashSet<>())
          .add(object.key(type));
      return;
    }
    Set<ObjectKey> orphans = byNamespace.get(object.namespace());
    if (orphans != null) {
      orphans.remove(object.key(type));
      if (orphans.isEmpty()) {
        byNamespace.remove(object.namespace());
      }
    }
  }

  /** Whether a namespace has an orphan. */
  public boolean any(String namespace) {
    return byNamespace.containsKey(namespace);
  }

  /** Adds the orphans of a namespace, as the view shows them, to a list. */
  public void addTo(List<KubeObject> list, String namespace, Snapshot view) {
    Set<ObjectKey> orphans = byNamespace.get(namespace);
    if (orphans == null) {
      return;
    }
    for (ObjectKey key : orphans) {
      KubeObject object = view.get(key);
      if (object != null && object.controllerRef() == null) {
        list.add(object);
      }
    }
  }
}
