package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;

/**
 * Says which changes in the cluster may make a pod schedulable that the plugin rejected. A plugin
 * that rejects pods and does not implement it is asked again after every change.
 */
public interface EnqueueExtensions extends Plugin {

  ImmutableList<ClusterEventWithHint> eventsToRegister();
}
