package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data of a Secret that a command makes.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret.go (v1.36).
 */
final class SecretData {

  private final Map<String, String> encoded = new TreeMap<>();

  /** Adds a key whose name must be one, and new. */
  void add(String key, byte[] value) {
    List<String> mistakes = Formats.configMapKey(key);
    if (!mistakes.isEmpty()) {
      throw CommandException.of(
          GoQuote.quote(key) + " is not valid key name for a Secret " + String.join(";", mistakes));
    }
    if (encoded.containsKey(key)) {
      throw CommandException.of(
          "cannot add key " + key + ", another key by that name already exists");
    }
    put(key, value);
  }

  void put(String key, byte[] value) {
    encoded.put(key, Base64.getEncoder().encodeToString(value));
  }

  /**
   * The Secret.
   *
   * @param type empty for none
   * @param hashed whether its name ends in the hash of its data
   */
  KubeObject secret(String name, String type, boolean hashed) {
    KubeObject secret =
        KubeObject.of(
            KubeObject.of(ResourceType.SECRETS, KubeMap.of("name", name))
                .root()
                .with("data", encoded.isEmpty() ? null : KubeMap.copyOf(encoded))
                .with("type", type.isEmpty() ? null : type));
    return hashed ? DataHash.append(secret) : secret;
  }
}
