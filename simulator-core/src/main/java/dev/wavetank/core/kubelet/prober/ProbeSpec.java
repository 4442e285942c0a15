package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;

/** The knobs of a probe, read once. */
public final class ProbeSpec {

  private static final long SECOND = 1_000_000_000L;

  private final KubeMap tree;
  private final int initialDelaySeconds;
  private final int timeoutSeconds;
  private final int periodSeconds;
  private final int successThreshold;
  private final int failureThreshold;

  /** Reads a probe; what is absent has the API's default. */
  public ProbeSpec(KubeMap tree) {
    this.tree = tree;
    this.initialDelaySeconds = (int) tree.number("initialDelaySeconds", 0);
    this.timeoutSeconds = positive(tree, "timeoutSeconds", 1);
    this.periodSeconds = positive(tree, "periodSeconds", 10);
    this.successThreshold = positive(tree, "successThreshold", 1);
    this.failureThreshold = positive(tree, "failureThreshold", 3);
  }

  private static int positive(KubeMap tree, String key, int otherwise) {
    long value = tree.number(key, 0);
    return value > 0 ? (int) value : otherwise;
  }

  public KubeMap tree() {
    return tree;
  }

  public int initialDelaySeconds() {
    return initialDelaySeconds;
  }

  public int timeoutSeconds() {
    return timeoutSeconds;
  }

  public long timeoutNanos() {
    return timeoutSeconds * SECOND;
  }

  public long periodNanos() {
    return periodSeconds * SECOND;
  }

  public int successThreshold() {
    return successThreshold;
  }

  public int failureThreshold() {
    return failureThreshold;
  }
}
