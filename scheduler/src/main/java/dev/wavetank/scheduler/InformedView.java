package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.scheduler.framework.ClusterView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects of a cluster as the scheduler's informers have seen them. */
final class InformedView implements ClusterView {

  private static final class Watched {
    final Informer informer;
    long generation = 1;
    @Nullable List<KubeObject> list;

    Watched(Informer informer) {
      this.informer = informer;
    }
  }

  private final Map<ResourceType, Watched> watched = new LinkedHashMap<>();

  void watch(ResourceType type, Informer informer) {
    watched.put(type, new Watched(informer));
  }

  /** Notes that an informer has shown a change. */
  void changed(ResourceType type) {
    Watched of = watched.get(type);
    if (of != null) {
      of.generation++;
      of.list = null;
    }
  }

  /** Begins to hear of changes, and of what exists already. */
  void replay() {
    watched.values().forEach(of -> of.informer.replay());
  }

  void stop() {
    watched.values().forEach(of -> of.informer.stop());
  }

  @Override
  public @Nullable KubeObject find(ObjectKey key) {
    Watched of = watched.get(key.type());
    return of == null ? null : of.informer.view().get(key);
  }

  @Override
  public List<KubeObject> list(ResourceType type) {
    Watched of = watched.get(type);
    if (of == null) {
      return List.of();
    }
    List<KubeObject> list = of.list;
    if (list == null) {
      list = of.informer.view().list(type);
      of.list = list;
    }
    return list;
  }

  @Override
  public long generation(ResourceType type) {
    Watched of = watched.get(type);
    return of == null ? 0 : of.generation;
  }
}
