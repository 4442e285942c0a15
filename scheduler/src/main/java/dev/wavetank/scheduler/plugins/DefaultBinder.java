package dev.wavetank.scheduler.plugins;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.scheduler.framework.BindPlugin;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;

/**
 * Binds a pod through the {@code binding} subresource.
 *
 * <p>Follows pkg/scheduler/framework/plugins/defaultbinder/default_binder.go (v1.36).
 */
public final class DefaultBinder implements BindPlugin {

  private final Handle handle;

  public DefaultBinder(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return "DefaultBinder";
  }

  @Override
  public Status bind(CycleState state, PodInfo pod, String node) {
    ApiClient client = handle.client();
    if (client == null) {
      return Status.error("nothing is bound in a dry run");
    }
    try {
      client.bind(pod.key(), node);
      return Status.SUCCESS;
    } catch (ApiException e) {
      return Status.error(e.status().message());
    }
  }
}
