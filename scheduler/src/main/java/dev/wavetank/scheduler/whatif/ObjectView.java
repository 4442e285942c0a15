package dev.wavetank.scheduler.whatif;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.ClusterView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects that are changed by hand. */
final class ObjectView implements ClusterView {

  private final Map<ResourceType, Map<ObjectKey, KubeObject>> objects = new LinkedHashMap<>();
  private final Map<ResourceType, List<KubeObject>> lists = new LinkedHashMap<>();
  private long generation = 1;

  void put(ResourceType type, KubeObject object) {
    objects.computeIfAbsent(type, t -> new LinkedHashMap<>()).put(object.key(type), object);
    changed(type);
  }

  @Nullable KubeObject remove(ObjectKey key) {
    KubeObject removed = objects.getOrDefault(key.type(), new LinkedHashMap<>()).remove(key);
    changed(key.type());
    return removed;
  }

  private void changed(ResourceType type) {
    lists.remove(type);
    generation++;
  }

  @Override
  public @Nullable KubeObject find(ObjectKey key) {
    Map<ObjectKey, KubeObject> ofType = objects.get(key.type());
    return ofType == null ? null : ofType.get(key);
  }

  @Override
  public List<KubeObject> list(ResourceType type) {
    Map<ObjectKey, KubeObject> ofType = objects.get(type);
    return ofType == null
        ? List.of()
        : lists.computeIfAbsent(type, t -> List.copyOf(ofType.values()));
  }

  /** One number for all types: it changes more often than it must. */
  @Override
  public long generation(ResourceType type) {
    return generation;
  }
}
