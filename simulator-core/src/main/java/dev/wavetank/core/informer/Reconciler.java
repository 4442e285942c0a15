package dev.wavetank.core.informer;

/**
 * Moves the world one step towards the spec of the object with that key. It gets a key, never an
 * event: what it does depends only on what it reads.
 *
 * @param <K> mostly {@link dev.wavetank.core.api.ObjectKey}
 */
public interface Reconciler<K> {

  /**
   * Reconciles one object.
   *
   * @throws dev.wavetank.core.api.ApiException when a request was refused; the key is retried with
   *     the controller's back-off
   */
  Result reconcile(K key);
}
