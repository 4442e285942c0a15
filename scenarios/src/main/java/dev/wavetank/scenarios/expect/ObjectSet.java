package dev.wavetank.scenarios.expect;

import com.google.common.base.Splitter;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects as scenario files name them: {@code TYPE/NAME}, or {@code TYPE} with the flags {@code -l
 * SELECTOR}, {@code -n NAMESPACE} and {@code -A} of kubectl.
 */
public final class ObjectSet {

  private final String text;
  private final @Nullable ObjectReference one;
  private final ResourceType type;
  private final LabelSelector selector;
  private final String namespace;
  private final boolean allNamespaces;

  private ObjectSet(
      String text,
      @Nullable ObjectReference one,
      ResourceType type,
      LabelSelector selector,
      String namespace,
      boolean allNamespaces) {
    this.text = text;
    this.one = one;
    this.type = type;
    this.selector = selector;
    this.namespace = namespace;
    this.allNamespaces = allNamespaces;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text names no objects; the message says what is
   *     expected
   */
  public static ObjectSet parse(String text) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(text);
    if (words.size() == 1 && words.get(0).contains("/")) {
      ObjectReference one = ObjectReference.parse(words.get(0));
      return new ObjectSet(text, one, one.type(), LabelSelector.everything(), "", false);
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("expected a resource type, such as pods");
    }
    ResourceType type = ObjectReference.type(words.get(0));
    LabelSelector selector = LabelSelector.everything();
    String namespace = "";
    boolean all = false;
    for (int i = 1; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-A" -> all = true;
        case "-l" -> selector = LabelSelector.parse(value(words, ++i));
        case "-n" -> namespace = value(words, ++i);
        default ->
            throw new IllegalArgumentException(
                "expected -l SELECTOR, -n NAMESPACE or -A, not \"" + words.get(i) + "\"");
      }
    }
    return new ObjectSet(text, null, type, selector, namespace, all);
  }

  private static String value(List<String> words, int position) {
    if (position >= words.size()) {
      throw new IllegalArgumentException(words.get(position - 1) + " needs a value");
    }
    return words.get(position);
  }

  public ResourceType type() {
    return type;
  }

  /** The objects that exist now, ordered by namespace and name. */
  public List<KubeObject> in(Cluster cluster, String defaultNamespace) {
    ObjectReference single = one;
    if (single != null) {
      KubeObject found = cluster.api().find(single.key(defaultNamespace));
      return found == null ? List.of() : List.of(found);
    }
    String where = allNamespaces || !type.namespaced() ? null : orDefault(defaultNamespace);
    return cluster.api().list(type, where, selector::matches);
  }

  private String orDefault(String defaultNamespace) {
    return namespace.isEmpty() ? defaultNamespace : namespace;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
