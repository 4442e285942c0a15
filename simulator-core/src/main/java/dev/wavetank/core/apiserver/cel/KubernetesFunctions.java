package dev.wavetank.core.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions that Kubernetes adds for lists, regular expressions and keys of patches.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/cel/library/lists.go, regex.go and jsonpatch.go
 * (v1.36).
 */
final class KubernetesFunctions {

  private static final CelType T = TypeParamType.create("T");
  private static final CelType LIST = ListType.create(T);
  private static final CelType TEXTS = ListType.create(SimpleType.STRING);

  static final ImmutableList<CelFunctionDecl> DECLARATIONS =
      ImmutableList.of(
          member("isSorted", "list_is_sorted_bool", SimpleType.BOOL, LIST),
          member("sum", "list_sum", T, LIST),
          member("min", "list_min", T, LIST),
          member("max", "list_max", T, LIST),
          CelFunctionDecl.newFunctionDeclaration(
              "indexOf",
              CelOverloadDecl.newMemberOverload("list_a_index_of_int", SimpleType.INT, LIST, T)),
          CelFunctionDecl.newFunctionDeclaration(
              "lastIndexOf",
              CelOverloadDecl.newMemberOverload(
                  "list_a_last_index_of_int", SimpleType.INT, LIST, T)),
          CelFunctionDecl.newFunctionDeclaration(
              "jsonpatch.escapeKey",
              CelOverloadDecl.newGlobalOverload(
                  "string_jsonpatch_escapeKey_string", SimpleType.STRING, SimpleType.STRING)),
          CelFunctionDecl.newFunctionDeclaration(
              "find",
              CelOverloadDecl.newMemberOverload(
                  "string_find_string", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)),
          CelFunctionDecl.newFunctionDeclaration(
              "findAll",
              CelOverloadDecl.newMemberOverload(
                  "string_find_all_string", TEXTS, SimpleType.STRING, SimpleType.STRING),
              CelOverloadDecl.newMemberOverload(
                  "string_find_all_string_int",
                  TEXTS,
                  SimpleType.STRING,
                  SimpleType.STRING,
                  SimpleType.INT)));

  static final ImmutableList<CelFunctionBinding> BINDINGS =
      ImmutableList.of(
          CelFunctionBinding.from("list_is_sorted_bool", List.class, KubernetesFunctions::isSorted),
          CelFunctionBinding.from("list_sum", List.class, KubernetesFunctions::sum),
          CelFunctionBinding.from("list_min", List.class, list -> extreme(list, -1)),
          CelFunctionBinding.from("list_max", List.class, list -> extreme(list, 1)),
          CelFunctionBinding.from(
              "list_a_index_of_int",
              List.class,
              Object.class,
              (list, value) -> (long) list.indexOf(value)),
          CelFunctionBinding.from(
              "list_a_last_index_of_int",
              List.class,
              Object.class,
              (list, value) -> (long) list.lastIndexOf(value)),
          CelFunctionBinding.from(
              "string_jsonpatch_escapeKey_string",
              String.class,
              key -> key.replace("~", "~0").replace("/", "~1")),
          CelFunctionBinding.from(
              "string_find_string",
              String.class,
              String.class,
              (text, pattern) -> {
                List<String> found = findAll(text, pattern, 1);
                return found.isEmpty() ? "" : found.get(0);
              }),
          CelFunctionBinding.from(
              "string_find_all_string",
              String.class,
              String.class,
              (text, pattern) -> findAll(text, pattern, Long.MAX_VALUE)),
          CelFunctionBinding.from(
              "string_find_all_string_int",
              ImmutableList.of(String.class, String.class, Long.class),
              arguments ->
                  findAll(
                      (String) arguments[0],
                      (String) arguments[1],
                      (long) arguments[2] < 0 ? Long.MAX_VALUE : (long) arguments[2])));

  private KubernetesFunctions() {}

  private static CelFunctionDecl member(String name, String overload, CelType result, CelType on) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(overload, result, on));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object one, Object other) {
    if (one instanceof Comparable comparable && one.getClass().equals(other.getClass())) {
      return comparable.compareTo(other);
    }
    throw new IllegalArgumentException("no such overload");
  }

  private static boolean isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (compare(list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object sum(List<?> list) {
    boolean whole = list.stream().allMatch(Long.class::isInstance);
    long exact = 0;
    double sum = 0;
    for (Object value : list) {
      if (!(value instanceof Number number)) {
        throw new IllegalArgumentException("no such overload");
      }
      exact = whole ? Math.addExact(exact, number.longValue()) : exact;
      sum += number.doubleValue();
    }
    return whole ? (Object) exact : (Object) sum;
  }

  private static Object extreme(List<?> list, int sign) {
    if (list.isEmpty()) {
      throw new IllegalArgumentException((sign < 0 ? "min" : "max") + " called on empty list");
    }
    Object found = list.get(0);
    for (Object value : list) {
      found = compare(value, found) * sign > 0 ? value : found;
    }
    return found;
  }

  private static List<String> findAll(String text, String pattern, long most) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (found.size() < most && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
