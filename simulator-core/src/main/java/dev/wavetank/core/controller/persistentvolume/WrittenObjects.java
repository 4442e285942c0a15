package dev.wavetank.core.controller.persistentvolume;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.informer.Informer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one type as the informer shows them, or as the controller itself has written them
 * until the informer shows something newer.
 *
 * <p>Follows pkg/controller/volume/persistentvolume/pv_controller_base.go (v1.36).
 */
final class WrittenObjects {

  private final ResourceType type;
  private final Informer informer;
  private final Map<ObjectKey, KubeObject> written = new LinkedHashMap<>();

  WrittenObjects(ResourceType type, Informer informer) {
    this.type = type;
    this.informer = informer;
  }

  private static long version(KubeObject object) {
    return Long.parseLong(object.resourceVersion());
  }

  private KubeObject newer(ObjectKey key, KubeObject shown) {
    KubeObject own = written.get(key);
    if (own == null) {
      return shown;
    }
    if (version(shown) >= version(own)) {
      written.remove(key);
      return shown;
    }
    return own;
  }

  /** The object; null when there is none. */
  @Nullable KubeObject get(ObjectKey key) {
    KubeObject shown = informer.view().get(key);
    if (shown == null) {
      written.remove(key);
      return null;
    }
    return newer(key, shown);
  }

  /** All objects. */
  List<KubeObject> list() {
    List<KubeObject> shown = informer.view().list(type);
    if (written.isEmpty()) {
      return shown;
    }
    List<KubeObject> all = new ArrayList<>(shown.size());
    shown.forEach(object -> all.add(newer(object.key(type), object)));
    return all;
  }

  /** The controller has written it. */
  KubeObject wrote(KubeObject object) {
    written.put(object.key(type), object);
    return object;
  }
}
