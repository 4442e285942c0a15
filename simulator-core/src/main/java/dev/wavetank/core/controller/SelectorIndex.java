package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which objects with a selector (ReplicaSets, Services) select a set of labels. A selector is filed
 * under one label that it requires, so a look-up costs the labels asked for and what is found, not
 * the number of selectors.
 */
public final class SelectorIndex {

  private static final class Shelf {
    final Map<String, Map<Object, Map<ObjectKey, LabelSelector>>> byLabel = new LinkedHashMap<>();
    final Map<ObjectKey, LabelSelector> others = new LinkedHashMap<>();
  }

  private final Map<String, Shelf> byNamespace = new LinkedHashMap<>();
  private final Map<ObjectKey, LabelSelector> selectors = new LinkedHashMap<>();

  /** Files the selector of an object in place of its former one. */
  public void put(ObjectKey key, LabelSelector selector) {
    remove(key);
    selectors.put(key, selector);
    Shelf shelf = byNamespace.computeIfAbsent(key.namespace(), n -> new Shelf());
    KubeMap required = selector.required();
    if (required.isEmpty()) {
      shelf.others.put(key, selector);
      return;
    }
    shelf
        .byLabel
        .computeIfAbsent(required.keyAt(0), label -> new LinkedHashMap<>())
        .computeIfAbsent(required.valueAt(0), value -> new LinkedHashMap<>(2))
        .put(key, selector);
  }

  /** Whether no selector is filed. */
  public boolean empty() {
    return selectors.isEmpty();
  }

  /** The selector filed for an object, or null. */
  public @Nullable LabelSelector get(ObjectKey key) {
    return selectors.get(key);
  }

  /** Takes an object out. */
  public void remove(ObjectKey key) {
    LabelSelector selector = selectors.remove(key);
    Shelf shelf = selector == null ? null : byNamespace.get(key.namespace());
    if (selector == null || shelf == null) {
      return;
    }
    KubeMap required = selector.required();
    if (required.isEmpty()) {
      shelf.others.remove(key);
      return;
    }
    Map<Object, Map<ObjectKey, LabelSelector>> values = shelf.byLabel.get(required.keyAt(0));
    Map<ObjectKey, LabelSelector> filed = values == null ? null : values.get(required.valueAt(0));
    if (values != null && filed != null) {
      filed.remove(key);
      if (filed.isEmpty()) {
        values.remove(required.valueAt(0));
      }
    }
  }

  /** Names each object of the namespace whose selector selects the labels. */
  public void forEachMatch(String namespace, KubeMap labels, Consumer<ObjectKey> action) {
    Shelf shelf = byNamespace.get(namespace);
    if (shelf == null) {
      return;
    }
    for (int i = 0; i < labels.size(); i++) {
      Map<Object, Map<ObjectKey, LabelSelector>> values = shelf.byLabel.get(labels.keyAt(i));
      Map<ObjectKey, LabelSelector> filed = values == null ? null : values.get(labels.valueAt(i));
      if (filed != null) {
        matches(filed, labels, action);
      }
    }
    if (!shelf.others.isEmpty()) {
      matches(shelf.others, labels, action);
    }
  }

  private static void matches(
      Map<ObjectKey, LabelSelector> filed, KubeMap labels, Consumer<ObjectKey> action) {
    for (Map.Entry<ObjectKey, LabelSelector> entry : filed.entrySet()) {
      if (entry.getValue().matches(labels)) {
        action.accept(entry.getKey());
      }
    }
  }
}
