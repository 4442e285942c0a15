package dev.wavetank.scenarios.expect;

import org.jspecify.annotations.Nullable;

/** A condition on a cluster that a scenario states or waits for. */
public interface Expectation {

  /** What is expected, in words, such as {@code deployment/web has 2 ready replicas}. */
  String words();

  /** What is unmet, in words; null when the condition holds. */
  @Nullable String unmet(ExpectationContext context);

  /** Whether it depends on objects of the API only, so that nothing but a commit can change it. */
  default boolean ofObjectsOnly() {
    return true;
  }
}
