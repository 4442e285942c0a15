package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a profile, run one extension point at a time. A plugin is named by its index, so
 * that a set of plugins is the bits of one number.
 *
 * <p>Follows pkg/scheduler/framework/runtime/framework.go (v1.36).
 */
public final class Framework {

  private static final int PLUGINS_MAX = 63;

  /** Index of no plugin. */
  public static final int NONE = -1;

  private final Profile profile;
  private final ImmutableList<Plugin> plugins;
  private final int[] weights;
  private final QueueSortPlugin queueSort;
  private final ImmutableList<PreFilterPlugin> preFilters;
  private final FilterPlugin[] filters;
  private final int[] filterIndexes;
  private final ImmutableList<PostFilterPlugin> postFilters;
  private final ImmutableList<PreScorePlugin> preScores;
  private final ScorePlugin[] scores;
  private final ImmutableList<ReservePlugin> reserves;
  private final ImmutableList<PermitPlugin> permits;
  private final ImmutableList<PreBindPlugin> preBinds;
  private final ImmutableList<BindPlugin> binds;
  private final ImmutableList<PostBindPlugin> postBinds;

  // The plugins that take part in the current cycle.
  private final FilterPlugin[] activeFilters;
  private final int[] activeFilterIndexes;
  private int activeFilterCount;
  private int rejector = NONE;

  /**
   * Builds the plugins of a profile.
   *
   * @throws IllegalArgumentException when the profile has no queue-sort plugin or more than one,
   *     two plugins of one name, or more than 63 plugins
   */
  public Framework(Profile profile, Handle handle) {
    this.profile = profile;
    List<Plugin> built = new ArrayList<>();
    this.weights = new int[profile.plugins().size()];
    for (Profile.Entry entry : profile.plugins()) {
      weights[built.size()] = entry.weight();
      built.add(entry.factory().apply(handle));
    }
    this.plugins = ImmutableList.copyOf(built);
    checkPlugins();
    this.queueSort = of(QueueSortPlugin.class).get(0);
    this.preFilters = of(PreFilterPlugin.class);
    this.filters = of(FilterPlugin.class).toArray(new FilterPlugin[0]);
    this.filterIndexes = new int[filters.length];
    for (int i = 0; i < filters.length; i++) {
      filterIndexes[i] = plugins.indexOf(filters[i]);
    }
    this.postFilters = of(PostFilterPlugin.class);
    this.preScores = of(PreScorePlugin.class);
    this.scores = of(ScorePlugin.class).toArray(new ScorePlugin[0]);
    this.reserves = of(ReservePlugin.class);
    this.permits = of(PermitPlugin.class);
    this.preBinds = of(PreBindPlugin.class);
    this.binds = of(BindPlugin.class);
    this.postBinds = of(PostBindPlugin.class);
    this.activeFilters = new FilterPlugin[filters.length];
    this.activeFilterIndexes = new int[filters.length];
    activateFilters(0);
  }

  private void checkPlugins() {
    if (plugins.size() > PLUGINS_MAX) {
      throw new IllegalArgumentException(
          "a profile has at most " + PLUGINS_MAX + " plugins, not " + plugins.size());
    }
    TreeSet<String> names = new TreeSet<>();
    for (Plugin plugin : plugins) {
      if (!names.add(plugin.name())) {
        throw new IllegalArgumentException("plugin " + plugin.name() + " is in the profile twice");
      }
    }
    if (of(QueueSortPlugin.class).size() != 1) {
      throw new IllegalArgumentException("a profile has exactly one queue sort plugin");
    }
  }

  /** The plugins that take part in an extension point, in order. */
  public <T extends Plugin> ImmutableList<T> of(Class<T> extensionPoint) {
    ImmutableList.Builder<T> found = ImmutableList.builder();
    for (Plugin plugin : plugins) {
      if (extensionPoint.isInstance(plugin)) {
        found.add(extensionPoint.cast(plugin));
      }
    }
    return found.build();
  }

  public Profile profile() {
    return profile;
  }

  public QueueSortPlugin queueSort() {
    return queueSort;
  }

  /** All plugins; the index of each is its position. */
  public ImmutableList<Plugin> plugins() {
    return plugins;
  }

  public int indexOf(Plugin plugin) {
    return plugins.indexOf(plugin);
  }

  public String name(int plugin) {
    return plugins.get(plugin).name();
  }

  /** The names of a set of plugins, sorted. */
  public ImmutableList<String> names(long set) {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < plugins.size(); i++) {
      if ((set & (1L << i)) != 0) {
        names.add(name(i));
      }
    }
    return ImmutableList.copyOf(names);
  }

  /** Index of the plugin that gave the last answer that was not success; {@link #NONE} for none. */
  public int rejector() {
    return rejector;
  }

  private void activateFilters(long skipped) {
    int count = 0;
    for (int i = 0; i < filters.length; i++) {
      if ((skipped & (1L << filterIndexes[i])) == 0) {
        activeFilters[count] = filters[i];
        activeFilterIndexes[count++] = filterIndexes[i];
      }
    }
    activeFilterCount = count;
  }

  /**
   * Runs the pre-filter plugins and so decides which filter plugins take part in this cycle.
   *
   * @param sets the plugins that restricted the nodes are added to bit set 0 of this array
   */
  public PreFilterResult runPreFilterPlugins(CycleState state, PodInfo pod, long[] sets) {
    long skipped = 0;
    rejector = NONE;
    Status rejection = Status.SUCCESS;
    ImmutableSet<String> nodeNames = null;
    try {
      for (PreFilterPlugin plugin : preFilters) {
        PreFilterResult result = plugin.preFilter(state, pod);
        Status status = result.status();
        int index = indexOf(plugin);
        if (status.code() == Code.SKIP) {
          skipped |= 1L << index;
          continue;
        }
        if (status.code() == Code.UNSCHEDULABLE) {
          // Others may find that evicting pods is of no use, so they are asked too.
          rejection = status;
          rejector = index;
          continue;
        }
        if (!status.success()) {
          rejector = index;
          return PreFilterResult.of(
              status.rejected() ? status : failed("PreFilter", plugin, status));
        }
        ImmutableSet<String> own = result.nodeNames();
        if (own != null) {
          sets[0] |= 1L << index;
          nodeNames = intersection(nodeNames, own);
          if (nodeNames.isEmpty()) {
            return PreFilterResult.of(Status.unresolvable(unsatisfied(sets[0])));
          }
        }
      }
    } finally {
      activateFilters(skipped);
    }
    if (!rejection.success()) {
      return PreFilterResult.of(rejection);
    }
    return nodeNames == null ? PreFilterResult.SUCCESS : PreFilterResult.nodes(nodeNames);
  }

  private static ImmutableSet<String> intersection(
      @Nullable ImmutableSet<String> nodeNames, ImmutableSet<String> own) {
    if (nodeNames == null) {
      return own;
    }
    ImmutableSet.Builder<String> both = ImmutableSet.builder();
    for (String name : nodeNames) {
      if (own.contains(name)) {
        both.add(name);
      }
    }
    return both.build();
  }

  private String unsatisfied(long restricting) {
    ImmutableList<String> names = names(restricting);
    return names.size() == 1
        ? "node(s) didn't satisfy plugin " + names.get(0)
        : "node(s) didn't satisfy plugin(s) [" + String.join(" ", names) + "] simultaneously";
  }

  private static Status failed(String point, Plugin plugin, Status status) {
    return Status.error(
        "running " + point + " plugin \"" + plugin.name() + "\": " + status.message());
  }

  /**
   * Runs the filter plugins that take part in this cycle; {@link #rejector()} names who refused.
   */
  public Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node) {
    for (int i = 0; i < activeFilterCount; i++) {
      Status status = activeFilters[i].filter(state, pod, node);
      if (status != Status.SUCCESS && !status.success()) {
        rejector = activeFilterIndexes[i];
        if (!status.rejected()) {
          return failed("Filter", plugins.get(rejector), status);
        }
        return status;
      }
    }
    return Status.SUCCESS;
  }

  public boolean hasPostFilterPlugins() {
    return !postFilters.isEmpty();
  }

  /** Runs the post-filter plugins until one succeeds. */
  public Status runPostFilterPlugins(CycleState state, PodInfo pod, NodeToStatus statuses) {
    ImmutableList.Builder<String> reasons = ImmutableList.builder();
    for (PostFilterPlugin plugin : postFilters) {
      Status status = plugin.postFilter(state, pod, statuses);
      if (status.success() || status.code() == Code.UNSCHEDULABLE_AND_UNRESOLVABLE) {
        return status;
      }
      if (!status.rejected()) {
        return Status.error(status.message());
      }
      reasons.addAll(status.reasons());
    }
    return Status.of(Code.UNSCHEDULABLE, reasons.build());
  }

  public boolean hasScorePlugins() {
    return scores.length > 0;
  }

  /**
   * Scores the feasible nodes.
   *
   * @param sheet filled with the weighted score of each plugin and node, and with the totals
   */
  public Status runScorePlugins(
      CycleState state, PodInfo pod, NodeInfo[] nodes, int count, ScoreSheet sheet) {
    long skipped = 0;
    for (PreScorePlugin plugin : preScores) {
      Status status = plugin.preScore(state, pod);
      if (status.code() == Code.SKIP) {
        skipped |= 1L << indexOf(plugin);
      } else if (!status.success()) {
        return failed("PreScore", plugin, status);
      }
    }
    sheet.reset(count);
    for (ScorePlugin plugin : scores) {
      int index = indexOf(plugin);
      if ((skipped & (1L << index)) != 0) {
        continue;
      }
      long[] column = sheet.column(index);
      for (int i = 0; i < count; i++) {
        column[i] = plugin.score(state, pod, nodes[i]);
      }
      plugin.normalizeScore(state, pod, column, count);
      sheet.add(column, weights[index], plugin);
    }
    return Status.SUCCESS;
  }

  public Status runReservePluginsReserve(CycleState state, PodInfo pod, String node) {
    for (ReservePlugin plugin : reserves) {
      Status status = plugin.reserve(state, pod, node);
      if (!status.success()) {
        rejector = indexOf(plugin);
        return status.rejected() ? status : failed("Reserve", plugin, status);
      }
    }
    return Status.SUCCESS;
  }

  /** Runs the reserve plugins backwards. */
  public void runReservePluginsUnreserve(CycleState state, PodInfo pod, String node) {
    for (int i = reserves.size() - 1; i >= 0; i--) {
      reserves.get(i).unreserve(state, pod, node);
    }
  }

  /**
   * Runs the permit plugins.
   *
   * @param waits receives the plugins that told the pod to wait
   */
  public Status runPermitPlugins(
      CycleState state, PodInfo pod, String node, List<PermitPlugin> waits) {
    for (PermitPlugin plugin : permits) {
      Status status = plugin.permit(state, pod, node);
      if (status.code() == Code.WAIT) {
        waits.add(plugin);
      } else if (!status.success()) {
        rejector = indexOf(plugin);
        return status.rejected() ? status : failed("Permit", plugin, status);
      }
    }
    return waits.isEmpty() ? Status.SUCCESS : Status.WAIT;
  }

  public Status runPreBindPlugins(CycleState state, PodInfo pod, String node) {
    for (PreBindPlugin plugin : preBinds) {
      Status status = plugin.preBind(state, pod, node);
      if (!status.success()) {
        return failed("PreBind", plugin, status);
      }
    }
    return Status.SUCCESS;
  }

  /** Runs the bind plugins until one does not skip. */
  public Status runBindPlugins(CycleState state, PodInfo pod, String node) {
    for (BindPlugin plugin : binds) {
      Status status = plugin.bind(state, pod, node);
      if (status.code() == Code.SKIP) {
        continue;
      }
      return status.success() ? status : failed("Bind", plugin, status);
    }
    throw new SimulationBug("no bind plugin bound " + pod);
  }

  public void runPostBindPlugins(CycleState state, PodInfo pod, String node) {
    for (PostBindPlugin plugin : postBinds) {
      plugin.postBind(state, pod, node);
    }
  }
}
