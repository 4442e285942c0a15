package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plugins of a profile, built, and which of them take part in which extension point in which
 * order.
 *
 * <p>Follows {@code NewFramework} and {@code expandMultiPointPlugins} of
 * pkg/scheduler/framework/runtime/framework.go (v1.36).
 */
final class EnabledPlugins {

  private static final int PLUGINS_MAX = 63;
  private static final long TOTAL_SCORE_MAX = Long.MAX_VALUE;

  private final Profile profile;
  private final ImmutableMap<String, Plugin> plugins;
  private final Map<ExtensionPoint, ImmutableList<Plugin>> byPoint =
      new EnumMap<>(ExtensionPoint.class);
  private final ImmutableMap<String, Integer> weights;

  /**
   * Builds the plugins.
   *
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  EnabledPlugins(Registry registry, Profile profile, Handle handle) {
    this.profile = profile;
    this.plugins = build(registry, handle);
    for (ExtensionPoint point : ExtensionPoint.values()) {
      byPoint.put(point, expand(point, ofPoint(point)));
    }
    check();
    this.weights = weights();
  }

  private ImmutableMap<String, Plugin> build(Registry registry, Handle handle) {
    Set<String> names = new LinkedHashSet<>();
    profile.multiPoint().enabled().forEach(enabled -> names.add(enabled.name()));
    for (ExtensionPoint point : ExtensionPoint.values()) {
      profile.at(point).enabled().forEach(enabled -> names.add(enabled.name()));
    }
    if (names.size() > PLUGINS_MAX) {
      throw new IllegalArgumentException(
          "a profile has at most " + PLUGINS_MAX + " plugins, not " + names.size());
    }
    ImmutableMap.Builder<String, Plugin> built = ImmutableMap.builder();
    for (String name : names) {
      PluginFactory factory = registry.find(name);
      if (factory != null) {
        built.put(name, build(name, factory, handle));
      }
    }
    return built.buildOrThrow();
  }

  private Plugin build(String name, PluginFactory factory, Handle handle) {
    try {
      return factory.create(profile.pluginConfig().getOrDefault(name, KubeMap.EMPTY), handle);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "initializing plugin \"" + name + "\": " + e.getMessage(), e);
    }
  }

  private Plugin find(String name, ExtensionPoint point) {
    Plugin plugin = plugins.get(name);
    if (plugin == null) {
      throw new IllegalArgumentException(typeName(point) + " \"" + name + "\" does not exist");
    }
    return plugin;
  }

  private static String typeName(ExtensionPoint point) {
    return point.type().getSimpleName();
  }

  /** The plugins that the extension point itself names. */
  private Set<String> ofPoint(ExtensionPoint point) {
    Set<String> names = new LinkedHashSet<>();
    for (PluginSet.Enabled enabled : profile.at(point).enabled()) {
      if (!point.type().isInstance(find(enabled.name(), point))) {
        throw new IllegalArgumentException(
            "plugin \"" + enabled.name() + "\" does not extend " + typeName(point) + " plugin");
      }
      if (!names.add(enabled.name())) {
        throw registeredTwice(enabled.name(), point);
      }
    }
    return names;
  }

  private static IllegalArgumentException registeredTwice(String name, ExtensionPoint point) {
    return new IllegalArgumentException(
        "plugin \"" + name + "\" already registered as \"" + typeName(point) + "\"");
  }

  /**
   * Adds the plugins of {@code multiPoint}: first those that the point names too, in its order,
   * then those it does not name, then the rest of its own.
   */
  private ImmutableList<Plugin> expand(ExtensionPoint point, Set<String> own) {
    ImmutableList<String> disabled = profile.at(point).disabled();
    Set<String> overriding = new LinkedHashSet<>();
    Set<String> added = new LinkedHashSet<>();
    if (!disabled.contains(PluginSet.ALL)) {
      for (PluginSet.Enabled enabled : profile.multiPoint().enabled()) {
        String name = enabled.name();
        if (!point.type().isInstance(find(name, point)) || disabled.contains(name)) {
          continue;
        }
        if (own.contains(name)) {
          overriding.add(name);
        } else if (!added.add(name)) {
          throw registeredTwice(name, point);
        }
      }
    }
    List<String> order = new ArrayList<>();
    own.stream().filter(overriding::contains).forEach(order::add);
    order.addAll(added);
    own.stream().filter(name -> !overriding.contains(name)).forEach(order::add);
    ImmutableList.Builder<Plugin> expanded = ImmutableList.builder();
    for (String name : order) {
      expanded.add(find(name, point));
    }
    return expanded.build();
  }

  private void check() {
    int sorts = at(ExtensionPoint.QUEUE_SORT).size();
    if (sorts != 1) {
      throw new IllegalArgumentException(
          "only one queue sort plugin required for profile with scheduler name \""
              + profile.schedulerName()
              + "\", but got "
              + sorts);
    }
    if (at(ExtensionPoint.BIND).isEmpty()) {
      throw new IllegalArgumentException(
          "at least one bind plugin is needed for profile with scheduler name \""
              + profile.schedulerName()
              + "\"");
    }
  }

  private ImmutableMap<String, Integer> weights() {
    Map<String, Integer> found = new LinkedHashMap<>();
    long total = 0;
    List<PluginSet.Enabled> all = new ArrayList<>(profile.at(ExtensionPoint.SCORE).enabled());
    all.addAll(profile.multiPoint().enabled());
    for (PluginSet.Enabled enabled : all) {
      if (!(plugins.get(enabled.name()) instanceof ScorePlugin)
          || found.containsKey(enabled.name())) {
        continue;
      }
      int weight = enabled.weight() == 0 ? 1 : enabled.weight();
      if (weight * ScorePlugin.MAX_NODE_SCORE > TOTAL_SCORE_MAX - total) {
        throw new IllegalArgumentException(
            "score plugins: total score of Score plugins could overflow");
      }
      total += weight * ScorePlugin.MAX_NODE_SCORE;
      found.put(enabled.name(), weight);
    }
    return ImmutableMap.copyOf(found);
  }

  /** All plugins; the position of each is its index. */
  ImmutableList<Plugin> all() {
    return plugins.values().asList();
  }

  /** The plugins of an extension point, in order. */
  ImmutableList<Plugin> at(ExtensionPoint point) {
    ImmutableList<Plugin> found = byPoint.get(point);
    return found == null ? ImmutableList.of() : found;
  }

  /** The weight of a score plugin. */
  int weight(Plugin plugin) {
    Integer weight = weights.get(plugin.name());
    if (weight == null) {
      throw new IllegalArgumentException(
          "score plugin \"" + plugin.name() + "\" is not configured with weight");
    }
    return weight;
  }
}
