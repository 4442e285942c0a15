package dev.wavetank.core.kubectl;

import com.google.common.base.Utf8;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code kubectl create configmap}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go (v1.36).
 */
final class CreateConfigMapCommand extends CreateSubcommand {

  CreateConfigMapCommand() {
    super(
        ResourceType.CONFIG_MAPS,
        "failed to create configmap:",
        "configmap",
        "Create a config map from a local file, directory or literal value",
        "cm");
    KeyedData.addFlags(flags());
  }

  @Override
  KubeObject object(Invocation call, String name) {
    KeyedData.checkFlags(call);
    Map<String, String> data = new TreeMap<>();
    Map<String, String> binaryData = new TreeMap<>();
    KeyedData sources =
        new KeyedData(
            call.files(),
            "config",
            (key, value) -> {
              check(key, name, data, binaryData);
              if (Utf8.isWellFormed(value)) {
                data.put(key, new String(value, StandardCharsets.UTF_8));
              } else {
                binaryData.put(key, Base64.getEncoder().encodeToString(value));
              }
            });
    sources.files(call.flags().strings("from-file"));
    sources.literals(call.flags().strings("from-literal"));
    sources.environmentFiles(call.flags().strings("from-env-file"));
    KubeMap root =
        KubeObject.of(ResourceType.CONFIG_MAPS, KubeMap.of("name", name))
            .root()
            .with("data", data.isEmpty() ? null : KubeMap.copyOf(data))
            .with("binaryData", binaryData.isEmpty() ? null : KubeMap.copyOf(binaryData));
    KubeObject configMap = KubeObject.of(root);
    return call.flags().bool("append-hash") ? DataHash.append(configMap) : configMap;
  }

  private static void check(
      String key, String name, Map<String, String> data, Map<String, String> binaryData) {
    List<String> mistakes = Formats.configMapKey(key);
    if (!mistakes.isEmpty()) {
      throw CommandException.of(
          GoQuote.quote(key)
              + " is not a valid key name for a ConfigMap: "
              + String.join(",", mistakes));
    }
    if (data.containsKey(key) || binaryData.containsKey(key)) {
      throw CommandException.of(
          "cannot add key "
              + GoQuote.quote(key)
              + ", another key by that name already exists in "
              + (data.containsKey(key) ? "Data" : "BinaryData")
              + " for ConfigMap "
              + GoQuote.quote(name));
    }
  }
}
