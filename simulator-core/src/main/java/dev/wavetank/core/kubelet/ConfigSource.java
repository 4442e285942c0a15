package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The two kinds of objects that hold configuration of pods, as environments and volumes use them.
 */
enum ConfigSource {
  CONFIG_MAP("ConfigMap", "configmap references non-existent config key"),
  SECRET("Secret", "references non-existent secret key");

  private final String kind;
  private final String keyError;

  ConfigSource(String kind, String keyError) {
    this.kind = kind;
    this.keyError = keyError;
  }

  @Nullable KubeObject find(ApiServer server, String namespace, String name) {
    ResourceType type = this == CONFIG_MAP ? ResourceType.CONFIG_MAPS : ResourceType.SECRETS;
    return server.find(ObjectKey.of(type, namespace, name));
  }

  /** The error about an object that does not exist. */
  String notFound(String name) {
    return (this == CONFIG_MAP ? "configmap" : "secret") + " \"" + name + "\" not found";
  }

  /** The error of an environment variable about a key that does not exist. */
  String keyNotFound(String namespace, String name, String key) {
    return "couldn't find key " + key + " in " + kind + " " + namespace + "/" + name;
  }

  /** The error of a volume about a key that does not exist. */
  String keyNotInVolume(String key) {
    return keyError + ": " + key;
  }

  /** Whether an object has that key. */
  boolean has(KubeObject object, String key) {
    return object.root().mapOrEmpty("data").has(key)
        || (this == CONFIG_MAP && object.root().mapOrEmpty("binaryData").has(key));
  }

  KubeMap data(KubeObject object) {
    return object.root().mapOrEmpty("data");
  }

  /** A value of the data as text. */
  String text(Object value) {
    return this == CONFIG_MAP
        ? value.toString()
        : new String(Base64.getDecoder().decode(value.toString()), StandardCharsets.UTF_8);
  }
}
