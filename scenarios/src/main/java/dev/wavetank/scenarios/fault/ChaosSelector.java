package dev.wavetank.scenarios.fault;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.endpoints.FieldLabels;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of a Chaos Mesh object: a selector, and how many of the pods that it takes. A pod has to
 * meet everything that the selector says.
 *
 * @param mode {@code one}, {@code all}, {@code fixed}, {@code fixed-percent} or {@code
 *     random-max-percent}
 * @param value the number that belongs to the mode
 * @param namespaces empty for the object's own
 * @param pods names by namespace; empty for any
 */
record ChaosSelector(
    String mode,
    int value,
    ImmutableList<String> namespaces,
    LabelSelector labels,
    ImmutableMap<String, String> annotations,
    FieldSelector fields,
    ImmutableSet<String> nodes,
    ImmutableMap<String, String> nodeLabels,
    ImmutableSet<String> phases,
    ImmutableMap<String, ImmutableSet<String>> pods) {

  private static final ImmutableList<String> MODES =
      ImmutableList.of("one", "all", "fixed", "fixed-percent", "random-max-percent");
  private static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "namespaces",
          "labelSelectors",
          "expressionSelectors",
          "annotationSelectors",
          "fieldSelectors",
          "nodes",
          "nodeSelectors",
          "podPhaseSelectors",
          "pods");
  private static final ImmutableList<String> EXPRESSION =
      ImmutableList.of("key", "operator", "values");
  private static final int PERCENT = 100;

  /**
   * The selector beside its mode.
   *
   * @param holder the mapping that has {@code selector}, {@code mode} and {@code value}
   */
  static ChaosSelector read(FileFields holder) {
    FileFields fields = holder.requiredMap("selector").known(KEYS);
    String mode = holder.word("mode", "", MODES);
    int value = 0;
    if (holder.has("value")) {
      try {
        value = Integer.parseInt(String.valueOf(holder.value("value")));
      } catch (NumberFormatException e) {
        throw holder.wrong("value", "expected a whole number");
      }
    }
    return new ChaosSelector(
        mode,
        value,
        fields.texts("namespaces"),
        labels(fields),
        texts(fields, "annotationSelectors"),
        fieldSelector(fields),
        ImmutableSet.copyOf(fields.texts("nodes")),
        texts(fields, "nodeSelectors"),
        ImmutableSet.copyOf(fields.texts("podPhaseSelectors")),
        pods(fields));
  }

  private static ImmutableMap<String, String> texts(FileFields fields, String key) {
    FileFields map = fields.map(key);
    ImmutableMap.Builder<String, String> texts = ImmutableMap.builder();
    if (map != null) {
      map.keys().forEach(name -> texts.put(name, map.text(name)));
    }
    return texts.buildOrThrow();
  }

  private static ImmutableMap<String, ImmutableSet<String>> pods(FileFields fields) {
    FileFields map = fields.map("pods");
    ImmutableMap.Builder<String, ImmutableSet<String>> pods = ImmutableMap.builder();
    if (map != null) {
      map.keys().forEach(name -> pods.put(name, ImmutableSet.copyOf(map.texts(name))));
    }
    return pods.buildOrThrow();
  }

  private static FieldSelector fieldSelector(FileFields fields) {
    String text = Joiner.on(',').withKeyValueSeparator('=').join(texts(fields, "fieldSelectors"));
    try {
      return FieldLabels.parse(ResourceType.PODS, text);
    } catch (ApiException e) {
      throw fields.wrong("fieldSelectors", e.status().message());
    }
  }

  private static LabelSelector labels(FileFields fields) {
    List<Object> expressions = new ArrayList<>();
    for (FileFields expression : fields.maps("expressionSelectors")) {
      expression.known(EXPRESSION);
      expressions.add(
          KubeMap.of(
              "key", expression.text("key"),
              "operator", expression.text("operator"),
              "values", KubeList.of(expression.texts("values").toArray())));
    }
    KubeMap.Builder labels = KubeMap.builder();
    texts(fields, "labelSelectors").forEach(labels::put);
    try {
      return LabelSelector.of(
          KubeMap.of(
              "matchLabels", labels.build(),
              "matchExpressions", KubeList.of(expressions.toArray())));
    } catch (IllegalArgumentException e) {
      throw fields.wrong("expressionSelectors", String.valueOf(e.getMessage()));
    }
  }

  /** The pods that it takes now; which of several is a choice. */
  List<KubeObject> in(Cluster cluster, String namespace) {
    List<KubeObject> found = new ArrayList<>();
    List<String> where = namespaces;
    if (where.isEmpty()) {
      where = pods.isEmpty() ? ImmutableList.of(namespace) : pods.keySet().asList();
    }
    for (String name : where) {
      for (KubeObject pod : cluster.api().list(ResourceType.PODS, name, labels::matches)) {
        if (takes(pod, cluster)) {
          found.add(pod);
        }
      }
    }
    ChoiceStream choices = cluster.simulation().choices().stream("fault/chaos");
    int wanted = wanted(found.size(), choices);
    while (found.size() > wanted) {
      found.remove(choices.choose(found.size()));
    }
    return found;
  }

  private int wanted(int size, ChoiceStream choices) {
    return switch (mode) {
      case "one" -> 1;
      case "fixed" -> value;
      case "fixed-percent" -> size * value / PERCENT;
      case "random-max-percent" -> size * choices.choose(value + 1) / PERCENT;
      default -> size;
    };
  }

  private boolean takes(KubeObject pod, Cluster cluster) {
    String node = pod.spec().string("nodeName", "");
    ImmutableSet<String> named = pods.get(pod.namespace());
    return (pods.isEmpty() || (named != null && named.contains(pod.name())))
        && (nodes.isEmpty() || nodes.contains(node))
        && (phases.isEmpty() || phases.contains(pod.status().string("phase", "")))
        && has(pod.annotations(), annotations)
        && FieldLabels.matches(fields, pod)
        && (nodeLabels.isEmpty() || onNode(cluster, node));
  }

  private boolean onNode(Cluster cluster, String name) {
    KubeObject node = cluster.api().find(ObjectKey.of(ResourceType.NODES, "", name));
    return node != null && has(node.labels(), nodeLabels);
  }

  private static boolean has(KubeMap map, ImmutableMap<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(entry -> entry.getValue().equals(map.get(entry.getKey())));
  }
}
