package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects of a type by namespace and name, for who asks at each write and mostly in vain. */
final class NamespacedIndex {

  private final ResourceType type;
  private final Map<String, Map<String, KubeObject>> byNamespace = new LinkedHashMap<>();

  NamespacedIndex(ApiServer server, ResourceType type) {
    this.type = type;
    server.list(type).forEach(this::put);
    server.listen(this::committed);
  }

  private void put(KubeObject object) {
    byNamespace
        .computeIfAbsent(object.namespace(), any -> new TreeMap<>())
        .put(object.name(), object);
  }

  private void committed(Commit commit) {
    if (!commit.key().type().equals(type)) {
      return;
    }
    KubeObject after = commit.after();
    String namespace = commit.key().namespace();
    if (after != null) {
      put(after);
      return;
    }
    Map<String, KubeObject> known = byNamespace.get(namespace);
    if (known != null) {
      known.remove(commit.key().name());
      if (known.isEmpty()) {
        byNamespace.remove(namespace);
      }
    }
  }

  /** The objects of a namespace, by name. */
  Collection<KubeObject> in(String namespace) {
    Map<String, KubeObject> known = byNamespace.isEmpty() ? null : byNamespace.get(namespace);
    return known == null ? List.of() : List.copyOf(known.values());
  }
}
