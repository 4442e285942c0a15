package dev.wavetank.scheduler.plugins.volumes;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.ClusterView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one type as the scheduler believes them to be: as the watch has shown them, or as it
 * is about to write them until the watch shows something newer.
 *
 * <p>Follows pkg/scheduler/framework/plugins/volumebinding/passive_assume_cache.go (v1.36).
 */
final class AssumedObjects {

  private final ClusterView view;
  private final ResourceType type;
  private final Map<ObjectKey, KubeObject> assumed = new LinkedHashMap<>();

  AssumedObjects(ClusterView view, ResourceType type) {
    this.view = view;
    this.type = type;
  }

  static long version(KubeObject object) {
    String text = object.resourceVersion();
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private KubeObject newer(ObjectKey key, KubeObject shown) {
    KubeObject supposed = assumed.get(key);
    if (supposed == null) {
      return shown;
    }
    if (version(shown) > version(supposed)) {
      assumed.remove(key);
      return shown;
    }
    return supposed;
  }

  /** The object, assumed or shown; null when there is none. */
  @Nullable KubeObject get(ObjectKey key) {
    KubeObject shown = view.find(key);
    if (shown == null) {
      assumed.remove(key);
      return null;
    }
    return newer(key, shown);
  }

  /** All objects. */
  List<KubeObject> list() {
    if (assumed.isEmpty()) {
      return view.list(type);
    }
    List<KubeObject> all = new ArrayList<>();
    for (KubeObject shown : view.list(type)) {
      all.add(newer(shown.key(type), shown));
    }
    return all;
  }

  void assume(KubeObject object) {
    assumed.put(object.key(type), object);
  }

  /** Takes an assumption back. */
  void restore(KubeObject object) {
    assumed.remove(object.key(type));
  }
}
