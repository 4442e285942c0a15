package dev.wavetank.core.kubectl.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.printers.Table;
import dev.wavetank.core.jsonpath.JsonPath;
import dev.wavetank.core.jsonpath.JsonPathException;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code --sort-by}: objects, or the rows of a table, by the value of a field. What lacks the field
 * comes first.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go (v1.36).
 */
public final class Sorting {

  private record Keyed<T>(T element, @Nullable Object key) {}

  private Sorting() {}

  /** The whole form of a field; as it is when it is no path. */
  public static String relaxed(String field) {
    try {
      return JsonPath.relaxed(field);
    } catch (JsonPathException e) {
      return field;
    }
  }

  /**
   * The objects, sorted.
   *
   * @throws CommandException when the field is no path, or no object has it
   */
  public static List<KubeObject> objects(List<KubeObject> objects, String field) {
    if (objects.isEmpty()) {
      return objects;
    }
    try {
      return sorted(objects, JsonPath.relaxed(field), object -> object);
    } catch (JsonPathException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }

  /** The table with its rows sorted; null when the field is no path or no row has it. */
  public static @Nullable Table rows(Table table, String field) {
    try {
      return new Table(
          table.columns(),
          ImmutableList.copyOf(sorted(table.rows(), relaxed(field), Table.Row::object)));
    } catch (JsonPathException | CommandException e) {
      return null;
    }
  }

  private static <T> List<T> sorted(
      List<T> elements, String path, Function<T, KubeObject> objectOf) {
    JsonPath parsed = JsonPath.parse(path);
    List<Keyed<T>> keyed = new ArrayList<>();
    boolean found = false;
    for (T element : elements) {
      List<List<Object>> values = parsed.find(objectOf.apply(element).root());
      boolean has = !values.isEmpty() && !values.get(0).isEmpty();
      found |= has;
      keyed.add(new Keyed<>(element, has ? values.get(0).get(0) : null));
    }
    if (!found) {
      throw CommandException.of(
          "couldn't find any field with path " + GoQuote.quote(path) + " in the list of objects");
    }
    GoSort.sort(keyed, (a, b) -> less(a.key, b.key));
    List<T> sorted = new ArrayList<>();
    keyed.forEach(element -> sorted.add(element.element));
    return sorted;
  }

  private static boolean less(@Nullable Object a, @Nullable Object b) {
    if (a == null) {
      return true;
    }
    if (b == null) {
      return false;
    }
    if (a instanceof String one && b instanceof String other) {
      return lessText(one, other);
    }
    if (a instanceof Long one && b instanceof Long other) {
      return one < other;
    }
    if (a instanceof Double one && b instanceof Double other) {
      return one < other;
    }
    throw CommandException.of("unsortable type");
  }

  private static boolean lessText(String one, String other) {
    try {
      return Quantity.parse(one).cmp(Quantity.parse(other)) < 0;
    } catch (Quantity.SyntaxException e) {
      return one.compareTo(other) < 0;
    }
  }
}
