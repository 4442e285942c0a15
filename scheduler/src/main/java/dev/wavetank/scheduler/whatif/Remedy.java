package dev.wavetank.scheduler.whatif;

/**
 * A change with which a pod would fit, tried out.
 *
 * @param change what has to change, in words
 * @param node where the pod would go then
 */
public record Remedy(String change, String node) {

  @Override
  public String toString() {
    return change + " (it would go to " + node + ")";
  }
}
