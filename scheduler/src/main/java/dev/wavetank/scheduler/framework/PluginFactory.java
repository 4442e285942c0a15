package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;

/** Builds one plugin for one profile. */
@FunctionalInterface
public interface PluginFactory {

  /**
   * The plugin.
   *
   * @param args {@code args} of the profile's {@code pluginConfig}; empty when there is none
   * @throws IllegalArgumentException when the arguments are wrong, with upstream's words
   */
  Plugin create(KubeMap args, Handle handle);
}
