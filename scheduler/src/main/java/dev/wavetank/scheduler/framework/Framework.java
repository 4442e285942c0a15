package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
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

  /** Index of no plugin. */
  public static final int NONE = -1;

  private final Profile profile;
  private final Handle handle;
  private final EnabledPlugins enabled;
  private final ImmutableList<Plugin> plugins;
  private final QueueSortPlugin queueSort;
  private final PreFilterPlugin[] preFilters;
  private final int[] preFilterIndexes;
  private final FilterPlugin[] filters;
  private final int[] filterIndexes;
  private final long[] filterBits;
  private final int leadingLocalFilters;
  private final ImmutableList<PostFilterPlugin> postFilters;
  private final PreScorePlugin[] preScores;
  private final ScorePlugin[] scores;
  private final int[] scoreIndexes;
  private final int[] weights;

  /** Position of each score plugin among those that are node-local, or {@link #NONE}. */
  private final int[] localScores;

  private final ImmutableList<ReservePlugin> reserves;
  private final ImmutableList<PermitPlugin> permits;
  private final ImmutableList<PreBindPlugin> preBinds;
  private final ImmutableList<BindPlugin> binds;
  private final ImmutableList<PostBindPlugin> postBinds;
  private int rejector = NONE;
  private long restricting;

  /**
   * Builds the plugins of a profile.
   *
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  public Framework(Registry registry, Profile profile, Handle handle) {
    this.profile = profile;
    this.handle = handle;
    this.enabled = new EnabledPlugins(registry, profile, handle);
    this.plugins = enabled.all();
    this.queueSort = of(ExtensionPoint.QUEUE_SORT, QueueSortPlugin.class).get(0);
    this.preFilters =
        of(ExtensionPoint.PRE_FILTER, PreFilterPlugin.class).toArray(new PreFilterPlugin[0]);
    this.preFilterIndexes = indexes(preFilters);
    this.filters = of(ExtensionPoint.FILTER, FilterPlugin.class).toArray(new FilterPlugin[0]);
    this.filterIndexes = indexes(filters);
    this.filterBits = new long[filters.length];
    int local = 0;
    for (int i = 0; i < filters.length; i++) {
      filterBits[i] = 1L << filterIndexes[i];
      local = local == i && filters[i] instanceof NodeLocal ? i + 1 : local;
    }
    this.leadingLocalFilters = local;
    this.postFilters = of(ExtensionPoint.POST_FILTER, PostFilterPlugin.class);
    this.preScores =
        of(ExtensionPoint.PRE_SCORE, PreScorePlugin.class).toArray(new PreScorePlugin[0]);
    this.scores = of(ExtensionPoint.SCORE, ScorePlugin.class).toArray(new ScorePlugin[0]);
    this.scoreIndexes = indexes(scores);
    this.weights = new int[scores.length];
    this.localScores = new int[scores.length];
    int localScore = 0;
    for (int i = 0; i < scores.length; i++) {
      weights[i] = enabled.weight(scores[i]);
      localScores[i] = scores[i] instanceof NodeLocal ? localScore++ : NONE;
    }
    this.reserves = of(ExtensionPoint.RESERVE, ReservePlugin.class);
    this.permits = of(ExtensionPoint.PERMIT, PermitPlugin.class);
    this.preBinds = of(ExtensionPoint.PRE_BIND, PreBindPlugin.class);
    this.binds = of(ExtensionPoint.BIND, BindPlugin.class);
    this.postBinds = of(ExtensionPoint.POST_BIND, PostBindPlugin.class);
  }

  private int[] indexes(Plugin[] of) {
    int[] indexes = new int[of.length];
    for (int i = 0; i < of.length; i++) {
      indexes[i] = plugins.indexOf(of[i]);
    }
    return indexes;
  }

  /** The plugins that take part in an extension point, in order. */
  public <T extends Plugin> ImmutableList<T> of(ExtensionPoint point, Class<T> type) {
    ImmutableList.Builder<T> found = ImmutableList.builder();
    for (Plugin plugin : enabled.at(point)) {
      found.add(type.cast(plugin));
    }
    return found.build();
  }

  /** The plugins that take part in an extension point, in order. */
  public ImmutableList<Plugin> at(ExtensionPoint point) {
    return enabled.at(point);
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

  /** The plugin of that name, or null. */
  public @Nullable Plugin find(String name) {
    for (Plugin plugin : plugins) {
      if (plugin.name().equals(name)) {
        return plugin;
      }
    }
    return null;
  }

  /** What the normalized score of a plugin is multiplied with; 0 when it does not score. */
  public int weight(String plugin) {
    for (int i = 0; i < scores.length; i++) {
      if (scores[i].name().equals(plugin)) {
        return weights[i];
      }
    }
    return 0;
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

  /** The plugins that named the only nodes worth filtering in the last pre-filter run, as bits. */
  public long restricting() {
    return restricting;
  }

  /** Runs the pre-filter plugins and so decides which filter plugins take part in this cycle. */
  public PreFilterResult runPreFilterPlugins(CycleState state, PodInfo pod) {
    long skipped = 0;
    rejector = NONE;
    restricting = 0;
    PreFilterResult answer = null;
    Status rejection = Status.SUCCESS;
    int firstRejector = NONE;
    ImmutableSet<String> nodeNames = null;
    for (int i = 0; i < preFilters.length && answer == null; i++) {
      PreFilterResult result = preFilters[i].preFilter(state, pod);
      Status status = result.status();
      long bit = 1L << preFilterIndexes[i];
      if (status.code() == Code.SKIP) {
        skipped |= bit;
      } else if (status.code() == Code.UNSCHEDULABLE) {
        // Another may find that evicting pods is of no use, so they are all asked.
        rejection = status;
        firstRejector = preFilterIndexes[i];
      } else if (!status.success()) {
        rejector = preFilterIndexes[i];
        restricting = 0;
        answer =
            PreFilterResult.of(
                status.rejected() ? status : failed("PreFilter", preFilters[i], status));
      } else if (result.nodeNames() != null) {
        restricting |= bit;
        nodeNames = both(nodeNames, result.nodeNames());
        if (nodeNames.isEmpty()) {
          answer = PreFilterResult.of(Status.unresolvable(unsatisfied()));
        }
      }
    }
    state.skipFilters(skipped);
    if (answer != null) {
      return answer;
    }
    if (!rejection.success()) {
      rejector = firstRejector;
      return PreFilterResult.of(rejection);
    }
    return nodeNames == null ? PreFilterResult.SUCCESS : PreFilterResult.nodes(nodeNames);
  }

  private static ImmutableSet<String> both(
      @Nullable ImmutableSet<String> one, ImmutableSet<String> other) {
    if (one == null) {
      return other;
    }
    ImmutableSet.Builder<String> both = ImmutableSet.builder();
    for (String name : one) {
      if (other.contains(name)) {
        both.add(name);
      }
    }
    return both.build();
  }

  private String unsatisfied() {
    ImmutableList<String> names = names(restricting);
    return names.size() == 1
        ? "node(s) didn't satisfy plugin " + names.get(0)
        : "node(s) didn't satisfy plugin(s) " + brackets(names) + " simultaneously";
  }

  private static String brackets(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }

  private static Status failed(String point, Plugin plugin, Status status) {
    return Status.error(
        "running " + point + " plugin \"" + plugin.name() + "\": " + status.message());
  }

  /** Tells the pre-filter plugins of a pod that is supposed on a node. */
  public Status runPreFilterExtensionAddPod(
      CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node) {
    for (int i = 0; i < preFilters.length; i++) {
      if (preFilters[i] instanceof PreFilterExtensions plugin
          && (state.skippedFilters() & (1L << preFilterIndexes[i])) == 0) {
        Status status = plugin.addPod(state, podToSchedule, podToAdd, node);
        if (!status.success()) {
          return failed("AddPod on PreFilter", plugin, status);
        }
      }
    }
    return Status.SUCCESS;
  }

  /** Tells the pre-filter plugins of a pod that is supposed to be gone from a node. */
  public Status runPreFilterExtensionRemovePod(
      CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node) {
    for (int i = 0; i < preFilters.length; i++) {
      if (preFilters[i] instanceof PreFilterExtensions plugin
          && (state.skippedFilters() & (1L << preFilterIndexes[i])) == 0) {
        Status status = plugin.removePod(state, podToSchedule, podToRemove, node);
        if (!status.success()) {
          return failed("RemovePod on PreFilter", plugin, status);
        }
      }
    }
    return Status.SUCCESS;
  }

  /**
   * Runs the filter plugins that take part in this cycle; {@link #rejector()} names who refused.
   */
  public Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node) {
    return filter(state, pod, node, 0, filters.length);
  }

  private Status filter(CycleState state, PodInfo pod, NodeInfo node, int from, int to) {
    long skipped = state.skippedFilters();
    for (int i = from; i < to; i++) {
      if ((skipped & filterBits[i]) != 0) {
        continue;
      }
      Status status = filters[i].filter(state, pod, node);
      if (status != Status.SUCCESS && !status.success()) {
        rejector = filterIndexes[i];
        return status.rejected()
            ? status
            : Status.error(
                "running \"" + filters[i].name() + "\" filter plugin: " + status.message());
      }
    }
    return Status.SUCCESS;
  }

  /** Whether a filter takes part whose verdict does not depend on the node and the spec alone. */
  public boolean needsMoreThanTheNode(CycleState state) {
    for (int i = leadingLocalFilters; i < filters.length; i++) {
      if ((state.skippedFilters() & filterBits[i]) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Runs the filters before the first that is not {@link NodeLocal}. */
  Status runLeadingLocalFilters(CycleState state, PodInfo pod, NodeInfo node) {
    return filter(state, pod, node, 0, leadingLocalFilters);
  }

  /** Runs the filters from the first that is not {@link NodeLocal}. */
  public Status runOtherFilters(CycleState state, PodInfo pod, NodeInfo node) {
    return filter(state, pod, node, leadingLocalFilters, filters.length);
  }

  /**
   * Runs the filter plugins on a node as if the pods of equal or higher priority that are nominated
   * to it were there, and when the pod passes, also as the node is.
   */
  public Status runFilterPluginsWithNominatedPods(CycleState state, PodInfo pod, NodeInfo node) {
    PodNominator nominator = handle.nominator();
    if (!nominator.isEmpty()) {
      List<PodInfo> nominated = nominator.nominatedPodsForNode(node.name());
      CycleState supposed = null;
      NodeInfo with = null;
      for (PodInfo other : nominated) {
        if (other.spec().priority() >= pod.spec().priority() && !other.uid().equals(pod.uid())) {
          if (supposed == null || with == null) {
            supposed = state.copy();
            with = node.snapshot();
          }
          with.addPod(other);
          Status status = runPreFilterExtensionAddPod(supposed, pod, other, with);
          if (!status.success()) {
            return status;
          }
        }
      }
      if (supposed != null && with != null) {
        Status status = runFilterPlugins(supposed, pod, with);
        if (!status.success()) {
          return status;
        }
      }
    }
    return runFilterPlugins(state, pod, node);
  }

  public boolean hasPostFilterPlugins() {
    return !postFilters.isEmpty();
  }

  /** Runs the post-filter plugins until one succeeds, fails or knows that nothing helps. */
  public PostFilterResult runPostFilterPlugins(
      CycleState state, PodInfo pod, NodeToStatus statuses) {
    List<String> reasons = new ArrayList<>();
    String nominated = null;
    for (PostFilterPlugin plugin : postFilters) {
      PostFilterResult result = plugin.postFilter(state, pod, statuses);
      Status status = result.status();
      if (status.success() || status.code() == Code.UNSCHEDULABLE_AND_UNRESOLVABLE) {
        return result;
      }
      if (!status.rejected()) {
        return PostFilterResult.of(Status.error(status.message()));
      }
      nominated = result.nominatedNodeName() == null ? nominated : result.nominatedNodeName();
      reasons.addAll(status.reasons());
    }
    return new PostFilterResult(Status.of(Code.UNSCHEDULABLE, reasons), nominated);
  }

  public boolean hasScorePlugins() {
    return scores.length > 0;
  }

  /** Whether there is any filter at all. */
  public boolean hasFilterPlugins() {
    return filters.length > 0;
  }

  /**
   * Scores the feasible nodes; the pre-score plugins have run.
   *
   * @param known what is known of the raw scores of these nodes for pods of this spec; null for
   *     nothing
   * @param sheet filled with the scores of each plugin and node, and with the totals
   */
  public Status runScorePlugins(
      CycleState state,
      PodInfo pod,
      NodeInfo[] nodes,
      int count,
      @Nullable SpecVerdicts known,
      ScoreSheet sheet) {
    sheet.reset(count);
    for (int i = 0; i < scores.length; i++) {
      if ((state.skippedScores() & (1L << scoreIndexes[i])) != 0) {
        continue;
      }
      ScorePlugin plugin = scores[i];
      int index = scoreIndexes[i];
      if (plugin.scoresNothing(state, pod)) {
        sheet.nothing(index);
      } else if (known != null && localScores[i] >= 0) {
        known.collect(localScores[i], sheet.raw(index));
      } else {
        long[] raw = sheet.raw(index);
        for (int row = 0; row < count; row++) {
          raw[row] = plugin.score(state, pod, nodes[row]);
        }
      }
      if (plugin instanceof ScoreExtensions extensions) {
        extensions.normalizeScore(state, pod, sheet.toNormalize(index), nodes, count);
      }
      long wrong = sheet.add(index, weights[i]);
      if (wrong != ScoreSheet.IN_RANGE) {
        return Status.error(
            "applying score defaultWeights on Score plugins: plugin \""
                + plugin.name()
                + "\" returns an invalid score "
                + wrong
                + ", it should in the range of [0, 100] after normalizing");
      }
    }
    return Status.SUCCESS;
  }

  /** The score plugins that are {@link NodeLocal}, in order. */
  ScorePlugin[] localScorePlugins() {
    List<ScorePlugin> local = new ArrayList<>();
    for (ScorePlugin plugin : scores) {
      if (plugin instanceof NodeLocal) {
        local.add(plugin);
      }
    }
    return local.toArray(new ScorePlugin[0]);
  }

  /** The raw score of a plugin whose pre-score part has run; 0 when it skips the pod. */
  int rawScore(ScorePlugin plugin, CycleState state, PodInfo pod, NodeInfo node) {
    boolean skipped = (state.skippedScores() & (1L << indexOf(plugin))) != 0;
    return skipped ? 0 : Math.toIntExact(plugin.score(state, pod, node));
  }

  /** Runs the pre-score plugins and so decides which score plugins take part in this cycle. */
  public Status runPreScorePlugins(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    long skipped = 0;
    for (PreScorePlugin plugin : preScores) {
      Status status = plugin.preScore(state, pod, nodes, count);
      if (status.code() == Code.SKIP) {
        skipped |= 1L << indexOf(plugin);
      } else if (!status.success()) {
        return failed("PreScore", plugin, status);
      }
    }
    state.skipScores(skipped);
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

  /** Whether some plugin has something to do before the pod is bound; skip when none has. */
  public Status runPreBindPreFlights(CycleState state, PodInfo pod, String node) {
    long skipped = 0;
    boolean work = false;
    for (PreBindPlugin plugin : preBinds) {
      Status status = plugin.preBindPreFlight(state, pod, node);
      if (status.success()) {
        work = true;
      } else if (status.code() == Code.SKIP) {
        skipped |= 1L << indexOf(plugin);
      } else {
        return Status.error(
            "running PreBindPreFlight \"" + plugin.name() + "\": " + status.message());
      }
    }
    state.skipPreBinds(skipped);
    return work ? Status.SUCCESS : Status.SKIP;
  }

  /** The plugins that have something to do before the pod is bound, in order. */
  public ImmutableList<PreBindPlugin> preBindPlugins(CycleState state) {
    ImmutableList.Builder<PreBindPlugin> active = ImmutableList.builder();
    for (PreBindPlugin plugin : preBinds) {
      if ((state.skippedPreBinds() & (1L << indexOf(plugin))) == 0) {
        active.add(plugin);
      }
    }
    return active.build();
  }

  /** Runs one plugin before the pod is bound. */
  public Status runPreBindPlugin(PreBindPlugin plugin, CycleState state, PodInfo pod, String node) {
    Status status = plugin.preBind(state, pod, node);
    return status.success() || status.rejected() || status.code() == Code.WAIT
        ? status
        : failed("PreBind", plugin, status);
  }

  /** Runs the bind plugins until one does not skip. */
  public Status runBindPlugins(CycleState state, PodInfo pod, String node) {
    Status status = Status.SKIP;
    for (BindPlugin plugin : binds) {
      status = plugin.bind(state, pod, node);
      if (status.code() != Code.SKIP) {
        return status.success() || status.rejected() ? status : failed("Bind", plugin, status);
      }
    }
    return status;
  }

  public void runPostBindPlugins(CycleState state, PodInfo pod, String node) {
    for (PostBindPlugin plugin : postBinds) {
      plugin.postBind(state, pod, node);
    }
  }
}
