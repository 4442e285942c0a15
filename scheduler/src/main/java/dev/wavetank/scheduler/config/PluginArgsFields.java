package dev.wavetank.scheduler.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.KubeMap;
import java.util.Map;

/**
 * The arguments of plugins as files write them: which fields the scheduler's own have, and of which
 * form. Those of other plugins are taken as they are.
 *
 * <p>Follows staging/src/k8s.io/kube-scheduler/config/v1/types_pluginargs.go (v1.36).
 */
final class PluginArgsFields {

  private enum Form {
    NUMBER,
    TEXT,
    BOOL,
    LIST,
    MAP
  }

  private static final long NUMBER_MAX = 1L << 53;

  private static final ImmutableMap<String, ImmutableMap<String, Form>> FIELDS =
      ImmutableMap.<String, ImmutableMap<String, Form>>builder()
          .put(
              "DefaultPreemption",
              ImmutableMap.of(
                  "minCandidateNodesPercentage",
                  Form.NUMBER,
                  "minCandidateNodesAbsolute",
                  Form.NUMBER))
          .put(
              "InterPodAffinity",
              ImmutableMap.of(
                  "hardPodAffinityWeight",
                  Form.NUMBER,
                  "ignorePreferredTermsOfExistingPods",
                  Form.BOOL))
          .put("NodeAffinity", ImmutableMap.of("addedAffinity", Form.MAP))
          .put("NodeResourcesBalancedAllocation", ImmutableMap.of("resources", Form.LIST))
          .put(
              "NodeResourcesFit",
              ImmutableMap.of(
                  "ignoredResources",
                  Form.LIST,
                  "ignoredResourceGroups",
                  Form.LIST,
                  "scoringStrategy",
                  Form.MAP))
          .put(
              "PodTopologySpread",
              ImmutableMap.of("defaultConstraints", Form.LIST, "defaultingType", Form.TEXT))
          .put(
              "VolumeBinding",
              ImmutableMap.of("bindTimeoutSeconds", Form.NUMBER, "shape", Form.LIST))
          .put(
              "DynamicResources",
              ImmutableMap.of("filterTimeout", Form.TEXT, "bindingTimeout", Form.TEXT))
          .buildOrThrow();

  private PluginArgsFields() {}

  /**
   * The arguments of an element of {@code pluginConfig}, without their version and kind.
   *
   * @throws dev.wavetank.core.api.ScenarioException when they are not of the plugin's type
   */
  static KubeMap read(String plugin, FileFields element) {
    FileFields args = element.map("args");
    if (args == null) {
      return KubeMap.EMPTY;
    }
    String kind = args.text("kind", plugin + "Args");
    if (!kind.equals(plugin + "Args")) {
      throw args.wrong(
          "kind",
          "args for plugin " + plugin + " were not of type " + plugin + "Args, got " + kind);
    }
    ImmutableMap<String, Form> fields = FIELDS.get(plugin);
    if (fields != null) {
      args.known(
          ImmutableList.<String>builder()
              .add("apiVersion", "kind")
              .addAll(fields.keySet())
              .build());
      for (Map.Entry<String, Form> field : fields.entrySet()) {
        check(args, field.getKey(), field.getValue());
      }
    }
    return element.value("args") instanceof KubeMap tree
        ? tree.without("apiVersion").without("kind")
        : KubeMap.EMPTY;
  }

  private static void check(FileFields args, String key, Form form) {
    switch (form) {
      case NUMBER -> args.number(key, 0, -NUMBER_MAX, NUMBER_MAX);
      case TEXT -> args.text(key, "");
      case BOOL -> args.bool(key, false);
      case LIST -> {
        if (args.has(key) && !args.isList(key)) {
          throw args.wrong(key, "expected a list");
        }
      }
      case MAP -> args.map(key);
    }
  }
}
