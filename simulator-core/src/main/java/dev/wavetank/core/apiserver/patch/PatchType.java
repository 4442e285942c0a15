package dev.wavetank.core.apiserver.patch;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * The formats of patches that the API server takes, in the order in which it lists them.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/types/patch.go (v1.36).
 */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC("application/strategic-merge-patch+json");

  /** All formats, in that order. */
  public static final ImmutableList<PatchType> ALL = ImmutableList.copyOf(values());

  private final String contentType;

  PatchType(String contentType) {
    this.contentType = contentType;
  }

  /** The media type of a request with such a patch. */
  public String contentType() {
    return contentType;
  }

  /** The format of a media type, whose parameters do not count; null when there is none. */
  public static @Nullable PatchType of(String contentType) {
    int end = contentType.indexOf(';');
    String name = end > 0 ? contentType.substring(0, end) : contentType;
    for (PatchType type : ALL) {
      if (type.contentType.equals(name)) {
        return type;
      }
    }
    return null;
  }
}
