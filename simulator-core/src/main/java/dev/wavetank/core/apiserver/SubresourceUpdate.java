package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;

/**
 * What a write to a subresource makes of an object: a part of what is asked for counts, the rest
 * does not.
 */
@FunctionalInterface
public interface SubresourceUpdate {

  /**
   * The object with what the subresource may change of it; the old one itself when nothing changes.
   *
   * @throws dev.wavetank.core.api.ApiException 422 when it is not valid, 403 when the client may
   *     not
   */
  KubeObject updated(ResourceStrategy strategy, KubeObject asked, KubeObject old);
}
