package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * The annotation in which {@code kubectl apply} keeps the configuration that was applied last.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/util/apply.go (v1.36).
 */
public final class LastApplied {

  /** The annotation's name. */
  public static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  private LastApplied() {}

  /** Whether the object has the annotation. */
  public static boolean isOn(KubeObject object) {
    return object.annotations().has(ANNOTATION);
  }

  /**
   * The configuration that was applied last; empty when there is none.
   *
   * @throws PatchException when the annotation is no JSON object
   */
  public static KubeMap of(KubeObject object) {
    String text = object.annotations().string(ANNOTATION, "");
    if (text.isEmpty()) {
      return KubeMap.EMPTY;
    }
    try {
      if (Json.read(text) instanceof KubeMap map) {
        return map;
      }
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    throw invalid();
  }

  private static PatchException invalid() {
    return PatchException.badRequest("invalid JSON document");
  }

  /**
   * The object with itself in the annotation: compact JSON with sorted keys and a line break at its
   * end. As kubectl does, the text has an empty {@code annotations} where there are none.
   */
  public static KubeObject on(KubeObject object) {
    KubeMap annotations = object.annotations().without(ANNOTATION);
    KubeObject plain = object.withMetadata(object.metadata().with("annotations", annotations));
    String text = text(plain);
    return plain.withMetadata(
        plain.metadata().with("annotations", annotations.with(ANNOTATION, text)));
  }

  /** An object as the annotation's value: compact JSON with sorted keys and a line break. */
  public static String text(KubeObject object) {
    return GoText.json(object.root()) + "\n";
  }
}
