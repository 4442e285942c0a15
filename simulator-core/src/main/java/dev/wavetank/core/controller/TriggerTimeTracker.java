package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.Conditions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the change happened that the endpoints of a Service are about to show: the earliest of the
 * pods' readiness changes that the last sync did not know, or the Service's creation. Times are API
 * timestamps in UTC, which sort as text.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go (v1.36).
 */
public final class TriggerTimeTracker {

  /** Annotation of Endpoints and EndpointSlices. */
  public static final String ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";

  private static final class State {
    String serviceTime = "";
    Map<String, String> podTimes = new LinkedHashMap<>();
  }

  private final Map<ObjectKey, State> states = new LinkedHashMap<>();

  /**
   * The time to put into the annotation; null for none.
   *
   * @param key of the Service
   */
  public @Nullable String compute(ObjectKey key, KubeObject service, List<KubeObject> pods) {
    State state = states.get(key);
    boolean known = state != null;
    if (state == null) {
      state = new State();
      states.put(key, state);
    }
    String earliest = null;
    Map<String, String> podTimes = state.podTimes;
    int timed = 0;
    for (KubeObject pod : pods) {
      KubeMap ready = Conditions.find(pod.status(), "Ready");
      String time = ready == null ? "" : ready.string("lastTransitionTime", "");
      if (!time.isEmpty()) {
        timed++;
        String last = podTimes.put(pod.name(), time);
        if (last == null || time.compareTo(last) > 0) {
          earliest = earlier(earliest, time);
        }
      }
    }
    if (podTimes.size() > timed) {
      forgetOthers(state, pods);
    }
    String serviceTime = service.creationTimestamp();
    if (serviceTime.compareTo(state.serviceTime) > 0) {
      earliest = earlier(earliest, serviceTime);
    }
    state.serviceTime = serviceTime;
    if (!known) {
      return serviceTime.isEmpty() ? null : serviceTime;
    }
    return earliest;
  }

  private static String earlier(@Nullable String one, String other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  private static void forgetOthers(State state, List<KubeObject> pods) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (KubeObject pod : pods) {
      String time = state.podTimes.get(pod.name());
      if (time != null && Conditions.find(pod.status(), "Ready") != null) {
        kept.put(pod.name(), time);
      }
    }
    state.podTimes = kept;
  }

  /** Forgets a Service. */
  public void deleteService(ObjectKey key) {
    states.remove(key);
  }
}
