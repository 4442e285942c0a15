package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists of strategic merge patch: elements are objects that a merge key tells apart, or
 * scalars; their order is kept or restored as upstream does it, to the element.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v1.36).
 */
final class MergeLists {

  static final String DIRECTIVE = "$patch";
  static final String DELETE = "delete";

  private MergeLists() {}

  /** The elements of a list that may be absent. */
  static List<Object> elements(@Nullable KubeList list) {
    List<Object> elements = new ArrayList<>();
    if (list != null) {
      list.forEach(elements::add);
    }
    return elements;
  }

  /**
   * Whether the elements of some lists are objects; all must be of one type.
   *
   * @throws PatchException when they differ in type, are lists, or when there are none
   */
  static boolean ofObjects(List<?>... lists) {
    String type = null;
    for (List<?> list : lists) {
      for (Object element : list) {
        String found = GoText.type(element);
        if (type != null && !type.equals(found)) {
          throw PatchException.unknown(
              "list element types are not identical: " + GoText.of(Arrays.asList(lists)));
        }
        if (element instanceof KubeList) {
          throw PatchException.unprocessable("lists of lists are not supported");
        }
        type = found;
      }
    }
    if (type == null) {
      throw PatchException.unknown("no elements in any of the given slices");
    }
    return type.startsWith("map");
  }

  /** The element as an object. */
  static KubeMap object(Object element) {
    if (element instanceof KubeMap map) {
      return map;
    }
    throw badType("map[string]interface {}", element);
  }

  static PatchException badType(String expected, Object found) {
    return PatchException.unknown(
        "expected a " + expected + ", but received a " + GoText.type(found));
  }

  static PatchException noMergeKey(KubeMap map, String mergeKey) {
    return PatchException.unknown(
        "map: " + GoText.of(map) + " does not contain declared merge key: " + mergeKey);
  }

  /** The value of an element's merge key. */
  static Object keyOf(Object element, String mergeKey) {
    KubeMap map = object(element);
    Object key = map.get(mergeKey);
    if (key == null) {
      throw noMergeKey(map, mergeKey);
    }
    return key;
  }

  /** Whether two elements are the same one; an empty key compares scalars. */
  static boolean same(Object left, Object right, String mergeKey) {
    return mergeKey.isEmpty()
        ? left.equals(right)
        : keyOf(left, mergeKey).equals(keyOf(right, mergeKey));
  }

  /** The position of the first object with that merge key, or -1. */
  static int find(List<Object> list, String mergeKey, Object value) {
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof KubeMap map)) {
        throw PatchException.unknown("value for key " + i + " is not a map");
      }
      if (value.equals(map.get(mergeKey))) {
        return i;
      }
    }
    return -1;
  }

  /** The position of the element that is the same as that one, or -1. */
  private static int index(List<Object> list, Object wanted, String mergeKey, boolean objects) {
    Object key = objects ? identity(wanted, mergeKey) : wanted;
    for (int i = 0; i < list.size(); i++) {
      Object candidate = list.get(i);
      Object other = objects ? identity(candidate, mergeKey) : candidate;
      if (key == null ? other == null : key.equals(other)) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable Object identity(Object element, String mergeKey) {
    return element instanceof KubeMap map ? map.get(mergeKey) : null;
  }

  /** Removes repeated scalars; the last element takes the place of a removed one. */
  static List<Object> withoutDuplicates(List<Object> scalars) {
    List<Object> left = new ArrayList<>(scalars);
    for (int i = 0; i < left.size() - 1; i++) {
      for (int j = i + 1; j < left.size(); j++) {
        if (left.get(i).equals(left.get(j))) {
          Object last = left.remove(left.size() - 1);
          if (j < left.size()) {
            left.set(j, last);
          }
          j--;
        }
      }
    }
    return left;
  }

  /** The scalars, in the order of their texts. */
  static List<Object> sortedScalars(List<Object> scalars) {
    List<Object> sorted = new ArrayList<>(scalars);
    sorted.sort((left, right) -> GoText.of(left).compareTo(GoText.of(right)));
    return sorted;
  }

  /** Objects in the order of their merge keys; those with an equal key change places. */
  static List<KubeMap> sortedObjects(List<Object> objects, String mergeKey) {
    List<KubeMap> sorted = new ArrayList<>();
    for (int i = objects.size() - 1; i >= 0; i--) {
      sorted.add(object(objects.get(i)));
    }
    sorted.sort((left, right) -> keyText(left, mergeKey).compareTo(keyText(right, mergeKey)));
    return sorted;
  }

  private static String keyText(KubeMap map, String mergeKey) {
    Object key = map.get(mergeKey);
    return key == null ? "<nil>" : GoText.of(key);
  }

  /** Elements in the order of another list, behind them those that the patch deletes. */
  static List<Object> inOrder(
      List<Object> elements, List<Object> order, String mergeKey, boolean objects) {
    List<Object> sorted = new ArrayList<>();
    List<Object> deleted = new ArrayList<>();
    if (objects) {
      elements.forEach(element -> keyOf(element, mergeKey));
      order.forEach(element -> keyOf(element, mergeKey));
    }
    for (Object element : elements) {
      boolean delete = objects && DELETE.equals(object(element).get(DIRECTIVE));
      (delete ? deleted : sorted).add(element);
    }
    insertionSort(sorted, order, mergeKey, objects);
    sorted.addAll(deleted);
    return sorted;
  }

  /** Upstream's comparison is no order where an element is in none: then the later comes first. */
  private static void insertionSort(
      List<Object> elements, List<Object> order, String mergeKey, boolean objects) {
    int[] positions = new int[elements.size()];
    for (int i = 0; i < positions.length; i++) {
      Object element = elements.get(i);
      int position = index(order, element, mergeKey, objects);
      int j = i;
      while (j > 0 && (position < 0 || positions[j - 1] < 0 || position < positions[j - 1])) {
        positions[j] = positions[j - 1];
        elements.set(j, elements.get(j - 1));
        j--;
      }
      positions[j] = position;
      elements.set(j, element);
    }
  }

  /**
   * One list of what a patch names and what only the server has: each part keeps the order that was
   * asked for it, and they are interleaved as the server's list was.
   */
  static List<Object> interleaved(
      List<Object> patch,
      List<Object> serverOnly,
      List<Object> patchOrder,
      List<Object> serverOrder,
      String mergeKey,
      boolean objects) {
    List<Object> right = inOrder(patch, patchOrder, mergeKey, objects);
    List<Object> left = inOrder(serverOnly, serverOrder, mergeKey, objects);
    List<Object> all = new ArrayList<>(left.size() + right.size());
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      int ours = index(serverOrder, left.get(i), mergeKey, objects);
      int theirs = index(serverOrder, right.get(j), mergeKey, objects);
      boolean first = ours >= 0 && theirs >= 0 && ours < theirs;
      all.add(first ? left.get(i++) : right.get(j++));
    }
    all.addAll(left.subList(i, left.size()));
    all.addAll(right.subList(j, right.size()));
    return all;
  }

  /** Splits elements into those that are in a list and those that are not. */
  static void partition(
      List<Object> elements,
      List<Object> by,
      String mergeKey,
      List<Object> present,
      List<Object> absent) {
    if (mergeKey.isEmpty()) {
      Set<Object> known = new LinkedHashSet<>(by);
      elements.forEach(element -> (known.contains(element) ? present : absent).add(element));
      return;
    }
    for (Object element : elements) {
      boolean found = find(by, mergeKey, keyOf(element, mergeKey)) >= 0;
      (found ? present : absent).add(element);
    }
  }
}
