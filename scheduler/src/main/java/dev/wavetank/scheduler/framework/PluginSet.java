package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;

/**
 * The plugins that a profile names for one extension point, or for all of them.
 *
 * @param enabled in order
 * @param disabled names; {@code *} for all
 */
public record PluginSet(ImmutableList<Enabled> enabled, ImmutableList<String> disabled) {

  /** Names nothing. */
  public static final PluginSet EMPTY = new PluginSet(ImmutableList.of(), ImmutableList.of());

  /** Stands for all plugins in {@link #disabled}. */
  public static final String ALL = "*";

  /**
   * A plugin by its name.
   *
   * @param weight what its normalized score is multiplied with; 0 for 1
   */
  public record Enabled(String name, int weight) {}

  /** These plugins in order, with the weight that they have when nobody says. */
  public static PluginSet of(String... names) {
    ImmutableList.Builder<Enabled> enabled = ImmutableList.builder();
    for (String name : names) {
      enabled.add(new Enabled(name, 0));
    }
    return new PluginSet(enabled.build(), ImmutableList.of());
  }

  /** This set with one more plugin after all others. */
  public PluginSet plus(String name, int weight) {
    return new PluginSet(
        ImmutableList.<Enabled>builder().addAll(enabled).add(new Enabled(name, weight)).build(),
        disabled);
  }
}
