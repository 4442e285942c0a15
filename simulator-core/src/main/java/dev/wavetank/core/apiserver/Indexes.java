package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects of one type are found by owner, by node and by labels.
 *
 * <p>Objects with the same labels (pods of one ReplicaSet) are one group; a selector is asked once
 * a group. An entry stays until no reader can see the version that made it, so each entry found is
 * checked against the version that the reader sees.
 */
final class Indexes {

  private record Group(String namespace, KubeMap labels) {}

  private static final class Members {
    final Group group;
    final Set<Store.Cell> cells = new LinkedHashSet<>(4);

    Members(Group group) {
      this.group = group;
    }
  }

  private final boolean byNode;
  private final Map<String, Set<Store.Cell>> owned = new LinkedHashMap<>();
  private final Map<String, Set<Store.Cell>> onNode = new LinkedHashMap<>();
  private final Map<Group, Members> groups = new LinkedHashMap<>();
  private final Map<String, Set<Members>> groupsByPair = new LinkedHashMap<>();

  Indexes(ResourceType type) {
    this.byNode = type.equals(ResourceType.PODS);
  }

  void add(Store.Cell cell, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      return;
    }
    if (before == null || before.ownerReferences() != after.ownerReferences()) {
      KubeList owners = after.ownerReferences();
      for (int i = 0; i < owners.size(); i++) {
        put(owned, owners.map(i).string("uid", ""), cell);
      }
    }
    if (byNode) {
      String node = node(after);
      if (!node.isEmpty() && (before == null || !node.equals(node(before)))) {
        put(onNode, node, cell);
      }
    }
    if (before == null || before.labels() != after.labels()) {
      group(after).cells.add(cell);
    }
  }

  /** Takes out the entries that only the version before a forgotten commit needed. */
  void remove(Store.Cell cell, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null) {
      return;
    }
    if (after == null || before.ownerReferences() != after.ownerReferences()) {
      for (KubeMap owner : before.ownerReferences().maps()) {
        String uid = owner.string("uid", "");
        if (!cell.everHas(kept -> kept.ownerReferences().find("uid", uid) != null)) {
          take(owned, uid, cell);
        }
      }
    }
    if (byNode) {
      String node = node(before);
      boolean moved = after == null || !node.equals(node(after));
      if (moved && !node.isEmpty() && !cell.everHas(kept -> node.equals(node(kept)))) {
        take(onNode, node, cell);
      }
    }
    if (after == null || before.labels() != after.labels()) {
      Group group = new Group(before.namespace(), before.labels());
      if (!cell.everHas(kept -> group.labels.equals(kept.labels()))) {
        ungroup(group, cell);
      }
    }
  }

  void owned(String uid, long revision, Consumer<KubeObject> action) {
    Set<Store.Cell> cells = owned.get(uid);
    if (cells != null) {
      for (Store.Cell cell : cells) {
        KubeObject object = cell.at(revision);
        if (object != null && object.ownerReferences().find("uid", uid) != null) {
          action.accept(object);
        }
      }
    }
  }

  void onNode(String node, long revision, Consumer<KubeObject> action) {
    Set<Store.Cell> cells = onNode.get(node);
    if (cells != null) {
      for (Store.Cell cell : cells) {
        KubeObject object = cell.at(revision);
        if (object != null && node.equals(node(object))) {
          action.accept(object);
        }
      }
    }
  }

  /**
   * Objects of a namespace whose labels satisfy a selector.
   *
   * @param required labels that every match must carry; narrows the search, may be empty
   */
  void labelled(
      String namespace,
      KubeMap required,
      Predicate<KubeMap> selector,
      long revision,
      Consumer<KubeObject> action) {
    List<Members> found = new ArrayList<>();
    for (Members members : candidates(required)) {
      if (members.group.namespace.equals(namespace) && selector.test(members.group.labels)) {
        found.add(members);
      }
    }
    for (Members members : found) {
      for (Store.Cell cell : members.cells) {
        KubeObject object = cell.at(revision);
        if (object != null
            && (object.labels() == members.group.labels
                || object.labels().equals(members.group.labels))) {
          action.accept(object);
        }
      }
    }
  }

  private Iterable<Members> candidates(KubeMap required) {
    if (required.isEmpty()) {
      return groups.values();
    }
    Set<Members> smallest = null;
    for (int i = 0; i < required.size(); i++) {
      Set<Members> some =
          groupsByPair.get(pair(required.keyAt(i), Objects.toString(required.valueAt(i))));
      if (some == null) {
        return List.of();
      }
      if (smallest == null || some.size() < smallest.size()) {
        smallest = some;
      }
    }
    return smallest == null ? List.of() : smallest;
  }

  private Members group(KubeObject object) {
    Group group = new Group(object.namespace(), object.labels());
    Members members = groups.get(group);
    if (members == null) {
      members = new Members(group);
      groups.put(group, members);
      KubeMap labels = group.labels;
      for (int i = 0; i < labels.size(); i++) {
        groupsByPair
            .computeIfAbsent(
                pair(labels.keyAt(i), Objects.toString(labels.valueAt(i))),
                p -> new LinkedHashSet<>(2))
            .add(members);
      }
    }
    return members;
  }

  private void ungroup(Group group, Store.Cell cell) {
    Members members = groups.get(group);
    if (members == null) {
      return;
    }
    members.cells.remove(cell);
    if (!members.cells.isEmpty()) {
      return;
    }
    groups.remove(group);
    for (int i = 0; i < group.labels.size(); i++) {
      String pair = pair(group.labels.keyAt(i), Objects.toString(group.labels.valueAt(i)));
      Set<Members> sharing = groupsByPair.get(pair);
      if (sharing != null) {
        sharing.remove(members);
        if (sharing.isEmpty()) {
          groupsByPair.remove(pair);
        }
      }
    }
  }

  private static String pair(String key, String value) {
    return key + "=" + value;
  }

  private static String node(KubeObject pod) {
    return pod.spec().string("nodeName", "");
  }

  private static void put(Map<String, Set<Store.Cell>> index, String value, Store.Cell cell) {
    index.computeIfAbsent(value, v -> new LinkedHashSet<>(4)).add(cell);
  }

  private static void take(Map<String, Set<Store.Cell>> index, String value, Store.Cell cell) {
    Set<Store.Cell> cells = index.get(value);
    if (cells != null) {
      cells.remove(cell);
      if (cells.isEmpty()) {
        index.remove(value);
      }
    }
  }
}
