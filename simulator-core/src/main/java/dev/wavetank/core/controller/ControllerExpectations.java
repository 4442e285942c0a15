package dev.wavetank.core.controller;

import dev.wavetank.core.api.ObjectKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a controller asked for and has not seen in its cache yet, by the key of the object that it
 * acted for. While something is expected it neither creates nor deletes, because its cache would
 * mislead it. Deletions are expected by the key of what is deleted, so that two notices of one
 * deletion count once.
 *
 * <p>Follows pkg/controller/controller_utils.go (v1.36).
 */
public final class ControllerExpectations {

  /** After this long a controller acts again, whatever it has not seen. */
  public static final long TIMEOUT_NANOS = 5 * 60 * 1_000_000_000L;

  private static final class Expectation {
    long creations;
    final Set<ObjectKey> deletions = new LinkedHashSet<>();
    long setNanos;
  }

  private final Map<ObjectKey, Expectation> expectations = new LinkedHashMap<>();

  /** Expects so many creations, and nothing else any more. */
  public void expectCreations(ObjectKey controller, long creations, long nowNanos) {
    Expectation expectation = fresh(controller, nowNanos);
    expectation.creations = creations;
  }

  /** Expects these deletions, and nothing else any more. */
  public void expectDeletions(ObjectKey controller, Iterable<ObjectKey> deleted, long nowNanos) {
    Expectation expectation = fresh(controller, nowNanos);
    for (ObjectKey key : deleted) {
      expectation.deletions.add(key);
    }
  }

  private Expectation fresh(ObjectKey controller, long nowNanos) {
    Expectation expectation = new Expectation();
    expectation.setNanos = nowNanos;
    expectations.put(controller, expectation);
    return expectation;
  }

  /** One expected creation was seen, or will not come. */
  public void creationObserved(ObjectKey controller) {
    creationsObserved(controller, 1);
  }

  /** That many expected creations were seen, or will not come. */
  public void creationsObserved(ObjectKey controller, long creations) {
    Expectation expectation = expectations.get(controller);
    if (expectation != null) {
      expectation.creations -= creations;
    }
  }

  /** The deletion of that object was seen, or will not come. */
  public void deletionObserved(ObjectKey controller, ObjectKey deleted) {
    Expectation expectation = expectations.get(controller);
    if (expectation != null) {
      expectation.deletions.remove(deleted);
    }
  }

  /** Whether the controller may act: nothing is expected, or not for too long. */
  public boolean satisfied(ObjectKey controller, long nowNanos) {
    Expectation expectation = expectations.get(controller);
    return expectation == null
        || (expectation.creations <= 0 && expectation.deletions.isEmpty())
        || nowNanos - expectation.setNanos > TIMEOUT_NANOS;
  }

  /** Forgets the controller. */
  public void delete(ObjectKey controller) {
    expectations.remove(controller);
  }
}
