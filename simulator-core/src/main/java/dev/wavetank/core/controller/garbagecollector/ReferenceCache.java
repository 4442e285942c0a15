package dev.wavetank.core.controller.garbagecollector;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Owners that are known to be absent; the least recently used one is forgotten.
 *
 * <p>Follows pkg/controller/garbagecollector/uid_cache.go (v1.36).
 */
final class ReferenceCache {

  static final int MAX = 500;

  private static final class Entries extends LinkedHashMap<ObjectReference, Boolean> {
    private static final long serialVersionUID = 1;

    Entries() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ObjectReference, Boolean> eldest) {
      return size() > MAX;
    }
  }

  private final Entries entries = new Entries();

  void add(ObjectReference reference) {
    entries.put(reference, true);
  }

  /** Whether it is known to be absent; counts as a use. */
  boolean has(ObjectReference reference) {
    return entries.get(reference) != null;
  }
}
