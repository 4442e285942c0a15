package dev.wavetank.scheduler.queue;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.QueuedPodInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod in the scheduling queue, with what its attempts have left behind.
 *
 * <p>Follows {@code QueuedPodInfo} of pkg/scheduler/framework/types.go (v1.36).
 */
public final class QueuedPod implements QueuedPodInfo {

  /** Where a pod is. */
  public enum Place {
    ACTIVE,
    BACKOFF,
    /** Backing off after an error, as opposed to a rejection. */
    ERROR_BACKOFF,
    UNSCHEDULABLE,
    /** Being scheduled. */
    IN_FLIGHT
  }

  /** What it is scheduled with. */
  final ProfileQueueing profile;

  private KubeObject pod;
  private PodInfo podInfo;
  long timestampNanos;
  long initialAttemptNanos = -1;
  int attempts;
  int unschedulableCount;
  int consecutiveErrorsCount;

  /** When the back-off ends; -1 when that is still to be computed. */
  long backoffExpirationNanos = -1;

  long unschedulablePlugins;
  long pendingPlugins;
  int gatingPlugin = Framework.NONE;
  Place place = Place.UNSCHEDULABLE;

  /** Position in the heap that holds it. */
  int heapIndex = -1;

  /** Order of arrival in that heap. */
  long sequence;

  /** Number of the event that made it active. */
  long cause;

  /** Changes in the cluster since it is in flight. */
  final List<Change> changes = new ArrayList<>(0);

  QueuedPod(ProfileQueueing profile, KubeObject pod, PodInfo podInfo, long timestampNanos) {
    this.profile = profile;
    this.pod = pod;
    this.podInfo = podInfo;
    this.timestampNanos = timestampNanos;
  }

  void replace(KubeObject newPod, PodInfo newPodInfo) {
    pod = newPod;
    podInfo = newPodInfo;
  }

  /** The plugins that schedule it. */
  public Framework framework() {
    return profile.framework();
  }

  /** The pod as it was when it was queued or last updated. */
  public KubeObject pod() {
    return pod;
  }

  @Override
  public PodInfo podInfo() {
    return podInfo;
  }

  @Override
  public long timestampNanos() {
    return timestampNanos;
  }

  @Override
  public int attempts() {
    return attempts;
  }

  /** Number of the simulation's event that made the pod active. */
  public long cause() {
    return cause;
  }

  public Place place() {
    return place;
  }

  /** The plugins that rejected it, as bits; see {@link Framework#names(long)}. */
  public long unschedulablePlugins() {
    return unschedulablePlugins;
  }

  /** The plugins that wait for something on its behalf, as bits. */
  public long pendingPlugins() {
    return pendingPlugins;
  }

  /** The plugin that keeps it out of the active queue; empty for none. */
  public String gatingPlugin() {
    return gated() ? framework().name(gatingPlugin) : "";
  }

  /** When its back-off ends, in nanoseconds of the simulation; -1 while it has none. */
  public long backoffExpirationNanos() {
    return backoffExpirationNanos;
  }

  /** Says who rejected the pod in the attempt that ends now. */
  public void rejectedBy(long unschedulable, long pending) {
    unschedulablePlugins = unschedulable;
    pendingPlugins = pending;
  }

  boolean gated() {
    return gatingPlugin != Framework.NONE;
  }
}
