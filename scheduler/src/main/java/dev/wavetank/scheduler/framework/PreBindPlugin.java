package dev.wavetank.scheduler.framework;

/** Does what must be done before a pod is bound. */
public interface PreBindPlugin extends Plugin {

  Status preBind(CycleState state, PodInfo pod, String node);
}
