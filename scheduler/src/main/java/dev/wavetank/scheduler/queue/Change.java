package dev.wavetank.scheduler.queue;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ClusterEvent;
import org.jspecify.annotations.Nullable;

/** A change in the cluster that happened while a pod was being scheduled. */
record Change(ClusterEvent event, @Nullable KubeObject before, @Nullable KubeObject after) {}
