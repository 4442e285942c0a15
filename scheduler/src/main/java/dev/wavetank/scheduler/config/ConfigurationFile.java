package dev.wavetank.scheduler.config;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.scheduler.framework.ExtensionPoint;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import dev.wavetank.scheduler.queue.BackoffLimits;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads a file of kind KubeSchedulerConfiguration. What its fields may not be is said in upstream's
 * words; what is no such file at all is said with its place.
 *
 * <p>Follows cmd/kube-scheduler/app/options/configfile.go, pkg/scheduler/apis/config/v1/defaults.go
 * and pkg/scheduler/apis/config/validation/validation.go (v1.36).
 */
final class ConfigurationFile {

  private static final String KIND = "KubeSchedulerConfiguration";
  private static final String VERSION = "kubescheduler.config.k8s.io/v1";
  private static final long INT32_MAX = Integer.MAX_VALUE;
  private static final long SECONDS_MAX = 1_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int PROFILES_MAX = 64;

  /** Fields that decide nothing in a simulation. */
  private static final ImmutableList<String> WITHOUT_EFFECT =
      ImmutableList.of(
          "parallelism",
          "leaderElection",
          "clientConnection",
          "healthzBindAddress",
          "metricsBindAddress",
          "enableProfiling",
          "enableContentionProfiling",
          "delayCacheUntilActive");

  private static final ImmutableList<String> KEYS =
      ImmutableList.<String>builder()
          .add("apiVersion", "kind", "profiles", "percentageOfNodesToScore")
          .add("podInitialBackoffSeconds", "podMaxBackoffSeconds", "extenders")
          .addAll(WITHOUT_EFFECT)
          .build();

  private static final ImmutableList<String> PROFILE_KEYS =
      ImmutableList.of("schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig");

  private static final String MULTI_POINT = "multiPoint";

  /** Plugins of old versions that this one has no more. */
  private static final ImmutableList<String> GONE_PLUGINS =
      ImmutableList.of("AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits");

  private final FieldErrors errors = new FieldErrors();

  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @param file as errors name it
   * @throws dev.wavetank.core.api.ScenarioException when it is wrong
   */
  static KubeSchedulerConfiguration read(String file, String text) {
    return new ConfigurationFile().read(FileFields.read(file, text));
  }

  private KubeSchedulerConfiguration read(FileFields fields) {
    String version = fields.text("apiVersion", "");
    String kind = fields.text("kind", "");
    if (!version.equals(VERSION) || !kind.equals(KIND)) {
      throw fields.wrong(
          version.equals(VERSION) ? "kind" : "apiVersion",
          "no kind \"" + kind + "\" is registered for version \"" + version + "\"");
    }
    fields.known(KEYS);
    if (!fields.maps("extenders").isEmpty()) {
      throw fields.wrong("extenders", "extenders are not simulated");
    }
    if (fields.number("parallelism", 16, -INT32_MAX, INT32_MAX) <= 0) {
      errors.invalid(
          "parallelism",
          fields.number("parallelism", 16, -INT32_MAX, INT32_MAX),
          "should be an integer value greater than zero");
    }
    ImmutableList<Profile> profiles = profiles(fields);
    long initial = seconds(fields, "podInitialBackoffSeconds", 1);
    long max = seconds(fields, "podMaxBackoffSeconds", 10);
    if (initial <= 0) {
      errors.invalid("podInitialBackoffSeconds", initial, "must be greater than 0");
    }
    if (max < initial) {
      errors.invalid(
          "podMaxBackoffSeconds", max, "must be greater than or equal to PodInitialBackoffSeconds");
    }
    try {
      PluginArgs.check(errors);
    } catch (IllegalArgumentException e) {
      throw fields.wrong(String.valueOf(e.getMessage()));
    }
    return new KubeSchedulerConfiguration(
        profiles, new BackoffLimits(initial * SECOND, max * SECOND));
  }

  private static long seconds(FileFields fields, String key, long otherwise) {
    return fields.number(key, otherwise, -SECONDS_MAX, SECONDS_MAX);
  }

  private ImmutableList<Profile> profiles(FileFields fields) {
    int percentage = percentage(fields, "percentageOfNodesToScore", 0);
    ImmutableList<FileFields> written = fields.maps("profiles");
    if (written.size() > PROFILES_MAX) {
      throw fields.wrong("profiles", "at most " + PROFILES_MAX + " profiles");
    }
    if (written.isEmpty()) {
      return ImmutableList.of(DefaultPlugins.profile().withPercentageOfNodesToScore(percentage));
    }
    ImmutableList.Builder<Profile> profiles = ImmutableList.builder();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < written.size(); i++) {
      FileFields one = written.get(i).known(PROFILE_KEYS);
      String path = "profiles[" + i + "]";
      String name =
          one.text("schedulerName", written.size() == 1 ? Profile.DEFAULT_SCHEDULER_NAME : "");
      if (name.isEmpty()) {
        errors.required(path + ".schedulerName", "");
      }
      profiles.add(profile(one, path, name, percentage));
      if (!names.add(name)) {
        // Upstream gives the path of the other one, which it then writes so.
        errors.duplicateText(path + ".schedulerName", "{}", "");
      }
    }
    ImmutableList<Profile> all = profiles.build();
    oneQueueSort(all);
    return all;
  }

  private int percentage(FileFields fields, String path, int otherwise) {
    long percentage =
        fields.number("percentageOfNodesToScore", otherwise, -INT32_MAX - 1, INT32_MAX);
    if (percentage < 0 || percentage > 100) {
      errors.invalid(path, percentage, "not in valid range [0-100]");
    }
    return (int) percentage;
  }

  private Profile profile(FileFields fields, String path, String name, int percentage) {
    Profile profile =
        DefaultPlugins.profile()
            .withSchedulerName(name)
            .withPercentageOfNodesToScore(
                percentage(fields, path + ".percentageOfNodesToScore", percentage));
    FileFields plugins = fields.map("plugins");
    if (plugins != null) {
      profile = withPlugins(profile, plugins, path + ".plugins");
    }
    Set<String> seen = new LinkedHashSet<>();
    int index = 0;
    for (FileFields one : fields.maps("pluginConfig")) {
      String at = path + ".pluginConfig[" + index++ + "]";
      one.known(ImmutableList.of("name", "args"));
      String plugin = one.text("name");
      if (!seen.add(plugin)) {
        errors.duplicate(at, plugin);
      }
      notGone(at, plugin);
      KubeMap args = PluginArgsFields.read(plugin, one);
      errors.addAll(PluginArgs.of(plugin, at + ".args", args));
      profile = profile.withArgs(plugin, args);
    }
    return profile;
  }

  private void notGone(String path, String plugin) {
    if (GONE_PLUGINS.contains(plugin)) {
      errors.invalid(
          path,
          plugin,
          "was invalid in version \""
              + VERSION
              + "\" (KubeSchedulerConfiguration is version \""
              + VERSION
              + "\")");
    }
  }

  private Profile withPlugins(Profile profile, FileFields plugins, String path) {
    ImmutableList.Builder<String> keys = ImmutableList.<String>builder().add(MULTI_POINT);
    for (ExtensionPoint point : ExtensionPoint.values()) {
      keys.add(point.configName());
    }
    plugins.known(keys.build());
    FileFields multiPoint = plugins.map(MULTI_POINT);
    Profile changed = profile;
    if (multiPoint != null) {
      changed = changed.withMultiPoint(merge(profile.multiPoint(), set(multiPoint)));
    }
    for (ExtensionPoint point : ExtensionPoint.values()) {
      FileFields written = plugins.map(point.configName());
      if (written != null) {
        PluginSet set = set(written);
        for (int i = 0; i < set.enabled().size(); i++) {
          notGone(
              path + "." + point.configName() + ".enabled[" + i + "]", set.enabled().get(i).name());
        }
        changed = changed.with(point, merge(PluginSet.EMPTY, set));
      }
    }
    return changed;
  }

  private static PluginSet set(FileFields fields) {
    fields.known(ImmutableList.of("enabled", "disabled"));
    ImmutableList.Builder<PluginSet.Enabled> enabled = ImmutableList.builder();
    for (FileFields plugin : fields.maps("enabled")) {
      plugin.known(ImmutableList.of("name", "weight"));
      long weight = plugin.number("weight", 0, -INT32_MAX - 1, INT32_MAX);
      enabled.add(new PluginSet.Enabled(plugin.text("name"), (int) weight));
    }
    ImmutableList.Builder<String> disabled = ImmutableList.builder();
    for (FileFields plugin : fields.maps("disabled")) {
      disabled.add(plugin.known(ImmutableList.of("name", "weight")).text("name"));
    }
    return new PluginSet(enabled.build(), disabled.build());
  }

  /**
   * The default set as a file changes it: what it disables goes, what it names again is replaced in
   * its place, the rest of what it enables follows.
   *
   * <p>Follows {@code mergePluginSet} of pkg/scheduler/apis/config/v1/default_plugins.go (v1.36).
   */
  private static PluginSet merge(PluginSet byDefault, PluginSet custom) {
    Map<String, Integer> last = new LinkedHashMap<>();
    for (int i = 0; i < custom.enabled().size(); i++) {
      last.put(custom.enabled().get(i).name(), i);
    }
    Set<Integer> replacing = new LinkedHashSet<>();
    ImmutableList.Builder<PluginSet.Enabled> enabled = ImmutableList.builder();
    if (!custom.disabled().contains(PluginSet.ALL)) {
      for (PluginSet.Enabled plugin : byDefault.enabled()) {
        Integer by = last.get(plugin.name());
        if (custom.disabled().contains(plugin.name())) {
          continue;
        }
        if (by != null) {
          replacing.add(by);
        }
        enabled.add(by == null ? plugin : custom.enabled().get(by));
      }
    }
    for (int i = 0; i < custom.enabled().size(); i++) {
      if (!replacing.contains(i)) {
        enabled.add(custom.enabled().get(i));
      }
    }
    return new PluginSet(enabled.build(), custom.disabled());
  }

  /** All profiles share one queue, so they have to sort it alike. */
  private void oneQueueSort(ImmutableList<Profile> profiles) {
    PluginSet first = profiles.get(0).at(ExtensionPoint.QUEUE_SORT);
    if (first.enabled().size() > 1) {
      errors.invalid(
          "profiles[0].plugins.queueSort.Enabled",
          (long) first.enabled().size(),
          "only one queue sort plugin can be enabled");
    }
    for (int i = 1; i < profiles.size(); i++) {
      PluginSet other = profiles.get(i).at(ExtensionPoint.QUEUE_SORT);
      if (!other.equals(first)) {
        errors.invalidText(
            "profiles[" + i + "].plugins.queueSort",
            text(other),
            "must be the same for all profiles");
      }
    }
  }

  /** As Go writes the structure in JSON. */
  private static String text(PluginSet set) {
    ImmutableList.Builder<String> enabled = ImmutableList.builder();
    for (PluginSet.Enabled plugin : set.enabled()) {
      enabled.add("{\"Name\":\"" + plugin.name() + "\",\"Weight\":" + plugin.weight() + "}");
    }
    ImmutableList.Builder<String> disabled = ImmutableList.builder();
    for (String name : set.disabled()) {
      disabled.add("{\"Name\":\"" + name + "\",\"Weight\":0}");
    }
    return "{\"Enabled\":"
        + list(enabled.build())
        + ",\"Disabled\":"
        + list(disabled.build())
        + "}";
  }

  private static String list(ImmutableList<String> texts) {
    return texts.isEmpty() ? "null" : "[" + String.join(",", texts) + "]";
  }
}
