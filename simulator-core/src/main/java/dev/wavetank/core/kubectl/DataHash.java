package dev.wavetank.core.kubectl;

import com.google.common.hash.Hashing;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.nio.charset.StandardCharsets;

/**
 * The hash that {@code --append-hash} puts behind the name of a ConfigMap or Secret.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/util/hash/hash.go (v1.36).
 */
final class DataHash {

  private static final int LENGTH = 10;

  private DataHash() {}

  /** The object with the hash of its data in its name. */
  static KubeObject append(KubeObject object) {
    return object.with(object.name() + "-" + of(object), "metadata", "name");
  }

  static String of(KubeObject object) {
    KubeMap.Builder hashed =
        KubeMap.builder()
            .put("kind", object.kind())
            .put("name", object.name())
            .put("data", object.root().mapOrEmpty("data"))
            .put("binaryData", object.root().get("binaryData"));
    if (object.kind().equals("Secret")) {
      hashed.put("type", object.root().string("type", ""));
    }
    String hex =
        Hashing.sha256().hashString(GoText.json(hashed.build()), StandardCharsets.UTF_8).toString();
    return hex.substring(0, LENGTH)
        .replace('0', 'g')
        .replace('1', 'h')
        .replace('3', 'k')
        .replace('a', 'm')
        .replace('e', 't');
  }
}
