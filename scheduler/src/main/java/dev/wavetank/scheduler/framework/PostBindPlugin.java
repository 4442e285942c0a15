package dev.wavetank.scheduler.framework;

/** Is told of each bound pod. */
public interface PostBindPlugin extends Plugin {

  void postBind(CycleState state, PodInfo pod, String node);
}
