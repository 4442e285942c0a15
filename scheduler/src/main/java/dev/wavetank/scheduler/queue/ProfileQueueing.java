package dev.wavetank.scheduler.queue;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.ExtensionPoint;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.Status;

/** What the queue asks of the plugins of one profile. */
final class ProfileQueueing {

  private final Framework framework;
  private final ImmutableList<PreEnqueuePlugin> preEnqueue;
  private final QueueingHints hints;

  ProfileQueueing(Framework framework) {
    this.framework = framework;
    this.preEnqueue = framework.of(ExtensionPoint.PRE_ENQUEUE, PreEnqueuePlugin.class);
    this.hints = new QueueingHints(framework);
  }

  Framework framework() {
    return framework;
  }

  QueueingHints hints() {
    return hints;
  }

  /** Asks whether a pod may become active; the plugin that refused last is asked first. */
  void runPreEnqueuePlugins(QueuedPod pod) {
    int gating = pod.gatingPlugin;
    if (gating != Framework.NONE
        && framework.plugins().get(gating) instanceof PreEnqueuePlugin plugin
        && refuses(plugin, pod)) {
      return;
    }
    for (int i = 0; i < preEnqueue.size(); i++) {
      PreEnqueuePlugin plugin = preEnqueue.get(i);
      if ((gating == Framework.NONE || framework.plugins().get(gating) != plugin)
          && refuses(plugin, pod)) {
        return;
      }
    }
    pod.gatingPlugin = Framework.NONE;
  }

  private boolean refuses(PreEnqueuePlugin plugin, QueuedPod pod) {
    Status status = plugin.preEnqueue(pod.podInfo());
    if (status.success()) {
      return false;
    }
    int index = framework.indexOf(plugin);
    pod.unschedulablePlugins |= 1L << index;
    pod.gatingPlugin = index;
    return true;
  }
}
