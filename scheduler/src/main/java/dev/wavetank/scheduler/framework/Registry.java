package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/**
 * The plugins that profiles can name. A user adds plugins of their own to those of the scheduler.
 *
 * <p>Follows pkg/scheduler/framework/runtime/registry.go (v1.36).
 */
public final class Registry {

  private final ImmutableMap<String, PluginFactory> factories;

  private Registry(ImmutableMap<String, PluginFactory> factories) {
    this.factories = factories;
  }

  /** A registry of these factories by plugin name. */
  public static Registry of(ImmutableMap<String, PluginFactory> factories) {
    return new Registry(factories);
  }

  /**
   * This registry and one more plugin.
   *
   * @throws IllegalArgumentException when there is one of that name
   */
  public Registry with(String name, PluginFactory factory) {
    if (factories.containsKey(name)) {
      throw new IllegalArgumentException("a plugin named " + name + " already exists");
    }
    return new Registry(
        ImmutableMap.<String, PluginFactory>builder()
            .putAll(factories)
            .put(name, factory)
            .buildOrThrow());
  }

  /** The factory of that name, or null. */
  public @Nullable PluginFactory find(String name) {
    return factories.get(name);
  }

  /** Names of all plugins, in order of registration. */
  public Iterable<String> names() {
    return factories.keySet();
  }
}
