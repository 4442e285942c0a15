package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.FileTree.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of volumes whose content comes from the API: ConfigMaps, Secrets, the downward API,
 * tokens, and projections of several of them.
 *
 * <p>Follows pkg/volume/configmap/configmap.go, pkg/volume/secret/secret.go,
 * pkg/volume/downwardapi/downwardapi.go and pkg/volume/projected/projected.go (v1.36).
 */
final class VolumePayload {

  /** Fields of a volume of which each says that the content comes from the API. */
  private static final String[] SOURCES = {"configMap", "secret", "downwardAPI", "projected"};

  private final ApiServer server;
  private final ContainerEnvironment environment;
  private final ServiceAccountToken tokens;

  VolumePayload(ApiServer server, ContainerEnvironment environment) {
    this.server = server;
    this.environment = environment;
    this.tokens = new ServiceAccountToken(server);
  }

  /** Whether the content of a volume comes from the API: then containers only read it. */
  static boolean projects(KubeMap volume) {
    for (String source : SOURCES) {
      if (volume.has(source)) {
        return true;
      }
    }
    return false;
  }

  /** The objects from which the content of a volume comes. */
  static List<ObjectKey> keys(String namespace, KubeMap volume) {
    List<ObjectKey> keys = new ArrayList<>(1);
    add(namespace, volume, keys);
    for (KubeMap source : volume.mapOrEmpty("projected").listOrEmpty("sources").maps()) {
      add(namespace, source, keys);
    }
    return keys;
  }

  private static void add(String namespace, KubeMap source, List<ObjectKey> keys) {
    KubeMap configMap = source.map("configMap");
    KubeMap secret = source.map("secret");
    if (configMap != null) {
      keys.add(ObjectKey.of(ResourceType.CONFIG_MAPS, namespace, name(configMap, true)));
    } else if (secret != null) {
      keys.add(ObjectKey.of(ResourceType.SECRETS, namespace, name(secret, false)));
    }
  }

  private static String name(KubeMap source, boolean configMap) {
    String name = source.string("name", "");
    return configMap ? name : source.string("secretName", name);
  }

  /** Whether all objects are there; an update without one of them fails, and the files stay. */
  boolean complete(List<ObjectKey> keys) {
    return keys.stream().allMatch(key -> server.find(key) != null);
  }

  /** The files of a volume by their absolute paths in it. */
  Map<String, File> of(KubeObject pod, KubeMap volume, KubeList podIps) {
    Map<String, File> files = new LinkedHashMap<>();
    KubeMap projected = volume.map("projected");
    if (projected == null) {
      KubeMap source = volume.mapOrEmpty(source(volume));
      add(pod, volume, mode(source, FileTree.FILE_MODE), podIps, files);
      return files;
    }
    int mode = mode(projected, FileTree.FILE_MODE);
    for (KubeMap source : projected.listOrEmpty("sources").maps()) {
      add(pod, source, mode, podIps, files);
    }
    return files;
  }

  private static String source(KubeMap volume) {
    for (String source : SOURCES) {
      if (volume.has(source)) {
        return source;
      }
    }
    return "";
  }

  private static int mode(KubeMap source, int otherwise) {
    return (int) source.number("defaultMode", otherwise);
  }

  private void add(
      KubeObject pod, KubeMap source, int mode, KubeList podIps, Map<String, File> files) {
    KubeMap configMap = source.map("configMap");
    KubeMap secret = source.map("secret");
    KubeMap downward = source.map("downwardAPI");
    KubeMap token = source.map("serviceAccountToken");
    if (configMap != null) {
      add(pod, configMap, ConfigSource.CONFIG_MAP, name(configMap, true), mode, files);
    } else if (secret != null) {
      add(pod, secret, ConfigSource.SECRET, name(secret, false), mode, files);
    } else if (downward != null) {
      for (KubeMap item : downward.listOrEmpty("items").maps()) {
        String text = environment.downward(pod, item, podIps);
        put(item.string("path", ""), text, (int) item.number("mode", mode), files);
      }
    } else if (token != null) {
      put(token.string("path", ""), tokens.of(pod, token), mode, files);
    }
  }

  private void add(
      KubeObject pod,
      KubeMap volume,
      ConfigSource source,
      String name,
      int mode,
      Map<String, File> files) {
    KubeObject object = source.find(server, pod.namespace(), name);
    if (object == null) {
      return;
    }
    Map<String, String> data = new TreeMap<>();
    source.data(object).forEach((key, value) -> data.put(key, source.text(value)));
    object
        .root()
        .mapOrEmpty("binaryData")
        .forEach((key, value) -> data.put(key, ConfigSource.SECRET.text(value)));
    KubeList items = volume.listOrEmpty("items");
    if (items.isEmpty()) {
      data.forEach((key, text) -> put(key, text, mode, files));
    }
    for (KubeMap item : items.maps()) {
      String text = data.get(item.string("key", ""));
      if (text != null) {
        put(item.string("path", ""), text, (int) item.number("mode", mode), files);
      }
    }
  }

  private static void put(String path, String text, int mode, Map<String, File> files) {
    files.put("/" + path, new File(text, mode));
  }
}
