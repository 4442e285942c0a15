package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Describes Namespaces, ConfigMaps, Secrets and ServiceAccounts.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class ConfigDescribers {

  private ConfigDescribers() {}

  static void namespace(KubeObject namespace, Context context, Sheet sheet) {
    sheet.field(0, "Name", namespace.name());
    sheet.labels("Labels", namespace.labels());
    sheet.annotations("Annotations", namespace.annotations());
    sheet.field(0, "Status", namespace.status().string("phase", ""));
    if (!namespace.status().listOrEmpty("conditions").isEmpty()) {
      sheet.line(0, "Conditions:");
      sheet.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
      sheet.line(1, "----\t------\t------------------\t------\t-------");
      for (KubeMap condition : namespace.status().listOrEmpty("conditions").maps()) {
        sheet.line(
            1,
            String.join(
                "\t",
                condition.string("type", ""),
                condition.string("status", ""),
                Sheet.time(condition.get("lastTransitionTime")),
                condition.string("reason", ""),
                condition.string("message", "")));
      }
    }
    sheet.line(0, "").line(0, "No resource quota.");
    sheet.line(0, "").line(0, "No LimitRange resource.");
  }

  private static void head(KubeObject object, Sheet sheet) {
    sheet.field(0, "Name", object.name()).field(0, "Namespace", object.namespace());
    sheet.labels("Labels", object.labels());
    sheet.annotations("Annotations", object.annotations());
  }

  static void configMap(KubeObject configMap, Context context, Sheet sheet) {
    head(configMap, sheet);
    sheet.line(0, "").line(0, "Data").line(0, "====");
    KubeMap data = configMap.root().mapOrEmpty("data");
    for (String key : Sheet.sortedKeys(data)) {
      sheet.line(0, key + ":").line(0, "----");
      sheet.line(0, data.string(key, "")).line(0, "");
    }
    sheet.line(0, "").line(0, "BinaryData").line(0, "====");
    KubeMap binary = configMap.root().mapOrEmpty("binaryData");
    for (String key : Sheet.sortedKeys(binary)) {
      sheet.line(0, key + ": " + bytes(binary, key).length + " bytes");
    }
    sheet.line(0, "");
    EventsDescriber.describe(configMap, context, sheet);
  }

  private static byte[] bytes(KubeMap data, String key) {
    return Base64.getDecoder().decode(data.string(key, ""));
  }

  static void secret(KubeObject secret, Context context, Sheet sheet) {
    head(secret, sheet);
    String type = secret.root().string("type", "");
    sheet.line(0, "").field(0, "Type", type);
    sheet.line(0, "").line(0, "Data").line(0, "====");
    KubeMap data = secret.root().mapOrEmpty("data");
    for (String key : Sheet.sortedKeys(data)) {
      byte[] bytes = bytes(data, key);
      boolean token = key.equals("token") && type.equals("kubernetes.io/service-account-token");
      sheet.field(
          0, key, token ? new String(bytes, StandardCharsets.UTF_8) : bytes.length + " bytes");
    }
  }

  static void serviceAccount(KubeObject account, Context context, Sheet sheet) {
    head(account, sheet);
    List<String> secrets = new ArrayList<>();
    account
        .root()
        .listOrEmpty("imagePullSecrets")
        .maps()
        .forEach(secret -> secrets.add(secret.string("name", "")));
    sheet.field(0, "Image pull secrets", secrets.isEmpty() ? "<none>" : secrets.get(0));
    for (int i = 1; i < secrets.size(); i++) {
      sheet.line(0, " ".repeat("Image pull secrets:".length()) + "\t" + secrets.get(i));
    }
    EventsDescriber.describe(account, context, sheet);
  }
}
