package dev.wavetank.scheduler.framework;

/**
 * One plugin of a profile; it implements the interfaces of the extension points that it takes part
 * in.
 *
 * <p>Follows staging/src/k8s.io/kube-scheduler/framework/interface.go (v1.36).
 */
public interface Plugin {

  /** The name in the profile and in messages, such as {@code NodeResourcesFit}. */
  String name();
}
