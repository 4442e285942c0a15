package dev.wavetank.core.informer;

import dev.wavetank.core.api.ObjectKey;

/**
 * Moves the world one step towards the spec of the object with that key. It gets a key, never an
 * event: what it does depends only on what it reads.
 */
public interface Reconciler {

  /**
   * Reconciles one object.
   *
   * @throws dev.wavetank.core.api.ApiException when a request was refused; the key is retried with
   *     the controller's back-off
   */
  Result reconcile(ObjectKey key);
}
