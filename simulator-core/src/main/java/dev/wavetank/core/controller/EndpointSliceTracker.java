package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of its slices a controller has written, by Service: while its cache is older it
 * does not act on it.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/util/endpointslice_tracker.go (v1.36).
 */
public final class EndpointSliceTracker {

  private static final long DELETION_EXPECTED = -1;

  private final Map<ObjectKey, Map<String, Long>> versionsByService = new LinkedHashMap<>();

  /** The generation, or where the server counts none the resourceVersion. */
  private static long version(KubeObject slice) {
    long generation = slice.generation();
    if (generation > 0) {
      return generation;
    }
    String version = slice.resourceVersion();
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  private @Nullable Long known(ObjectKey service, KubeObject slice) {
    Map<String, Long> versions = versionsByService.get(service);
    return versions == null ? null : versions.get(slice.uid());
  }

  /** Whether the slice is one that the controller wrote. */
  public boolean has(ObjectKey service, KubeObject slice) {
    return known(service, slice) != null;
  }

  /** Whether the slice is news to the controller. */
  public boolean shouldSync(ObjectKey service, KubeObject slice) {
    Long known = known(service, slice);
    return known == null || version(slice) > known;
  }

  /** Whether slices from the cache are older than what the controller wrote. */
  public boolean stale(ObjectKey service, List<KubeObject> slices) {
    Map<String, Long> versions = versionsByService.get(service);
    if (versions == null) {
      return false;
    }
    int provided = 0;
    for (KubeObject slice : slices) {
      Long known = versions.get(slice.uid());
      if (known != null) {
        if (known == DELETION_EXPECTED || known > version(slice)) {
          return true;
        }
        provided++;
      }
    }
    int expected = 0;
    for (Long known : versions.values()) {
      expected += known == DELETION_EXPECTED ? 0 : 1;
    }
    return provided < expected;
  }

  /** Takes note of a slice as the server answered it. */
  public void update(ObjectKey service, KubeObject slice) {
    versionsByService
        .computeIfAbsent(service, s -> new LinkedHashMap<>(2))
        .put(slice.uid(), version(slice));
  }

  /** Takes note that the controller asked for the slice's deletion. */
  public void expectDeletion(ObjectKey service, KubeObject slice) {
    versionsByService
        .computeIfAbsent(service, s -> new LinkedHashMap<>(2))
        .put(slice.uid(), DELETION_EXPECTED);
  }

  /** Takes note of a deletion that was seen; false when the controller did not ask for it. */
  public boolean handleDeletion(ObjectKey service, KubeObject slice) {
    Map<String, Long> versions = versionsByService.get(service);
    Long known = versions == null ? null : versions.remove(slice.uid());
    return known == null || known == DELETION_EXPECTED;
  }

  /** Forgets all slices of a Service. */
  public void deleteService(ObjectKey service) {
    versionsByService.remove(service);
  }
}
