package dev.wavetank.testkit;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** A handler of an informer's events that does nothing but what a test overrides. */
abstract class ChangeHandler<T> implements ResourceEventHandler<T> {

  @Override
  public void onAdd(T object) {}

  @Override
  public void onUpdate(T before, T after) {}

  @Override
  public void onDelete(T object, boolean stateUnknown) {}
}
