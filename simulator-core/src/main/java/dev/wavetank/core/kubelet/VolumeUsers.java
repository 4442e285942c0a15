package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.filesystem.FileTree;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the nodes of a cluster share about volumes: which nodes show a ConfigMap or a Secret, and
 * the content of the volumes of claims, which outlives the pods.
 */
final class VolumeUsers {

  private final Map<ObjectKey, Set<VolumeFiles>> users = new LinkedHashMap<>();
  private final Map<String, FileTree> claims = new LinkedHashMap<>();

  VolumeUsers(ApiServer server) {
    server.listen(
        commit -> {
          ResourceType type = commit.key().type();
          boolean holds =
              type.equals(ResourceType.CONFIG_MAPS) || type.equals(ResourceType.SECRETS);
          Set<VolumeFiles> nodes = holds ? users.get(commit.key()) : null;
          if (nodes != null && commit.after() != null) {
            List.copyOf(nodes).forEach(files -> files.changed(commit.key()));
          }
          if (commit.after() == null && type.equals(ResourceType.PERSISTENT_VOLUMES)) {
            claims.remove(commit.key().name());
          }
        });
  }

  void add(ObjectKey object, VolumeFiles node) {
    users.computeIfAbsent(object, absent -> new LinkedHashSet<>(1)).add(node);
  }

  void forget(ObjectKey object, VolumeFiles node) {
    Set<VolumeFiles> nodes = users.get(object);
    if (nodes != null && nodes.remove(node) && nodes.isEmpty()) {
      users.remove(object);
    }
  }

  /**
   * Content of the volume of a claim, by the name of the PersistentVolume, or by namespace and name
   * of a claim that is not bound.
   */
  FileTree claim(String name) {
    return claims.computeIfAbsent(name, absent -> new FileTree());
  }
}
