package dev.wavetank.core.api;

/** An explicit null of a manifest or patch, where it means something else than an absent key. */
public final class KubeNull {

  public static final KubeNull NULL = new KubeNull();

  private KubeNull() {}

  @Override
  public int hashCode() {
    return 31;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return "null";
  }
}
