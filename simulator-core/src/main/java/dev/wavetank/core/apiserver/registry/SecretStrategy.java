package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Secrets: {@code stringData} becomes {@code data}, and each type has keys that it needs.
 *
 * <p>Follows pkg/registry/core/secret/strategy.go and pkg/apis/core/validation/validation.go
 * (v1.36).
 */
final class SecretStrategy implements ResourceStrategy {

  private static final String ACCOUNT_NAME = "kubernetes.io/service-account.name";

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap root = PodDefaults.unlessSet(object.root(), "type", "Opaque");
    KubeMap text = root.mapOrEmpty("stringData");
    KubeMap data = root.mapOrEmpty("data");
    for (int i = 0; i < text.size(); i++) {
      byte[] bytes = text.valueAt(i).toString().getBytes(StandardCharsets.UTF_8);
      data = data.with(text.keyAt(i), Base64.getEncoder().encodeToString(bytes));
    }
    return object.withRoot(
        root.without("stringData").with("data", data.isEmpty() ? root.get("data") : data));
  }

  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    boolean typed = next.root().has("type");
    return typed ? next : next.withRoot(next.root().with("type", old.root().get("type")));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap data = object.root().mapOrEmpty("data");
    long bytes = ConfigMapStrategy.keys(data, "data", null, errors);
    if (bytes / 4 * 3 > ConfigMapStrategy.BYTES_MAX) {
      errors.tooLong("data", ConfigMapStrategy.BYTES_MAX);
    }
    switch (object.root().string("type", "")) {
      case "kubernetes.io/service-account-token" -> {
        if (object.annotations().string(ACCOUNT_NAME, "").isEmpty()) {
          errors.required("metadata.annotations[" + ACCOUNT_NAME + "]", "");
        }
      }
      case "kubernetes.io/dockercfg" -> required(data, ".dockercfg", errors);
      case "kubernetes.io/dockerconfigjson" -> required(data, ".dockerconfigjson", errors);
      case "kubernetes.io/basic-auth" -> {
        if (!data.has("username") && !data.has("password")) {
          required(data, "username", errors);
          required(data, "password", errors);
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (data.string("ssh-privatekey", "").isEmpty()) {
          errors.required("data[ssh-privatekey]", "");
        }
      }
      case "kubernetes.io/tls" -> {
        required(data, "tls.crt", errors);
        required(data, "tls.key", errors);
      }
      default -> {}
    }
  }

  private static void required(KubeMap data, String key, FieldErrors errors) {
    if (!data.has(key)) {
      errors.required("data[" + key + "]", "");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    Checks.immutable(next.root().get("type"), old.root().get("type"), "type", errors);
    ConfigMapStrategy.immutable(next, old, errors, "data");
    validateCreate(next, errors);
  }
}
