package dev.wavetank.core.api;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Events of v1 and events.k8s.io/v1: the same things under other names.
 *
 * <p>Follows pkg/apis/events/v1/conversion.go (v1.36).
 */
final class EventConversion implements VersionConversion {

  static final EventConversion INSTANCE = new EventConversion();

  /** The newer name of each field that has another one in v1. */
  private static final ImmutableMap<String, String> NEWER =
      ImmutableMap.<String, String>builder()
          .put("involvedObject", "regarding")
          .put("message", "note")
          .put("source", "deprecatedSource")
          .put("firstTimestamp", "deprecatedFirstTimestamp")
          .put("lastTimestamp", "deprecatedLastTimestamp")
          .put("count", "deprecatedCount")
          .put("reportingComponent", "reportingController")
          .buildOrThrow();

  private static final ImmutableMap<String, String> OLDER = inverse();

  private EventConversion() {}

  private static ImmutableMap<String, String> inverse() {
    ImmutableMap.Builder<String, String> inverse = ImmutableMap.builder();
    NEWER.forEach((older, newer) -> inverse.put(newer, older));
    return inverse.buildOrThrow();
  }

  @Override
  public KubeObject convert(KubeObject object, String apiVersion) {
    Map<String, String> names = apiVersion.equals("v1") ? OLDER : NEWER;
    KubeMap.Builder converted = KubeMap.builder();
    object
        .root()
        .forEach(
            (field, value) ->
                converted.put(
                    names.getOrDefault(field, field),
                    field.equals("apiVersion") ? apiVersion : value));
    return KubeObject.of(converted.build());
  }
}
