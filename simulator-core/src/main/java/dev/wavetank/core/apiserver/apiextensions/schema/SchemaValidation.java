package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.re2j.Pattern;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Validates values by a schema, in the words of the API server. A value that an update did not
 * change is not complained of.
 *
 * <p>Follows the vendored k8s.io/kube-openapi/pkg/validation/validate and
 * staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation (v1.36).
 */
public final class SchemaValidation {

  /** Patterns that were compiled; those of a schema are few. */
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  private final StructuralSchema root;

  /** The validation of a kind's objects. */
  public SchemaValidation(StructuralSchema root) {
    this.root = root;
  }

  /**
   * Adds what is wrong with an object.
   *
   * @param old the object before an update; null on create
   */
  public void validate(KubeMap object, @Nullable KubeMap old, FieldErrors errors) {
    Findings findings = new Findings();
    value(object, old, root, "", findings);
    findings.causes.forEach(finding -> finding.addTo(errors));
  }

  private interface Finding {
    void addTo(FieldErrors errors);
  }

  /** What one branch found, and how much it looked at: the best of several branches is told. */
  private static final class Findings {
    final List<Finding> causes = new ArrayList<>();
    int checks;

    boolean none() {
      return causes.isEmpty();
    }

    void add(Finding finding) {
      causes.add(finding);
    }

    void merge(Findings other) {
      causes.addAll(other.causes);
      checks += other.checks;
    }
  }

  private void value(
      Object value, @Nullable Object old, StructuralSchema schema, String path, Findings out) {
    if (old != null && old.equals(value)) {
      return;
    }
    if (value == KubeNull.NULL) {
      type(value, schema, path, out);
      enumeration(value, schema, path, out);
      return;
    }
    type(value, schema, path, out);
    junctors(value, old, schema, path, out);
    if (value instanceof String text) {
      text(text, schema, path, out);
    } else if (value instanceof Long || value instanceof Double) {
      number((Number) value, schema, path, out);
    } else if (value instanceof KubeList list) {
      list(list, old instanceof KubeList before ? before : null, schema, path, out);
    }
    enumeration(value, schema, path, out);
    if (value instanceof KubeMap map) {
      object(map, old instanceof KubeMap before ? before : null, schema, path, out);
    }
    out.checks += 2;
  }

  private static void type(Object value, StructuralSchema schema, String path, Findings out) {
    String types = schema.intOrString() ? "integer,string" : schema.type();
    if (types.isEmpty()) {
      return;
    }
    if (value == KubeNull.NULL) {
      if (!schema.nullable()) {
        wrongType(path, types, "null", out);
      }
      return;
    }
    boolean numeric = types.contains("integer") || types.equals("number");
    boolean whole = value instanceof Double number && number == Math.rint(number);
    String found = typeOf(value);
    boolean fits =
        (types.contains(found) && !found.isEmpty())
            || (whole && types.contains("integer"))
            || (found.equals("integer") && types.equals("number"));
    boolean formatted = StringFormats.applies(schema.type(), schema.format());
    if (!fits && formatted && !numeric && (value instanceof KubeList)) {
      return;
    }
    if (!fits) {
      wrongType(path, types, found, out);
    }
  }

  private static void wrongType(String path, String types, String found, Findings out) {
    String detail = path + " in body must be of type " + types + ": " + GoQuote.quote(found);
    out.add(errors -> errors.typeInvalid(path, found, detail));
  }

  private static String typeOf(Object value) {
    if (value instanceof String) {
      return "string";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof Long) {
      return "integer";
    }
    if (value instanceof Double) {
      return "number";
    }
    return value instanceof KubeList ? "array" : "object";
  }

  private static void invalid(String path, Object value, String detail, Findings out) {
    out.add(errors -> errors.invalid(path, value, path + " in body " + detail));
  }

  /** A finding that upstream ties to no field. */
  private static void unplaced(String path, String message, Findings out) {
    out.add(errors -> errors.invalid("<nil>", "", GoQuote.quote(path) + " " + message));
  }

  private void junctors(
      Object value, @Nullable Object old, StructuralSchema schema, String path, Findings out) {
    if (!schema.anyOf().isEmpty()) {
      anyOf(value, old, schema, path, out);
    }
    if (!schema.oneOf().isEmpty()) {
      oneOf(value, old, schema, path, out);
    }
    if (!schema.allOf().isEmpty()) {
      allOf(value, old, schema, path, out);
    }
    StructuralSchema not = schema.not();
    if (not != null && findings(value, old, not, path).none()) {
      unplaced(path, "must not validate the schema (not)", out);
    }
  }

  private Findings findings(
      Object value, @Nullable Object old, StructuralSchema schema, String path) {
    Findings found = new Findings();
    value(value, old, schema, path, found);
    return found;
  }

  private void anyOf(
      Object value, @Nullable Object old, StructuralSchema schema, String path, Findings out) {
    Findings best = null;
    for (StructuralSchema branch : schema.anyOf()) {
      Findings found = findings(value, old, branch, path);
      if (found.none()) {
        return;
      }
      best = best == null || found.checks > best.checks ? found : best;
    }
    unplaced(path, "must validate at least one schema (anyOf)", out);
    out.merge(best == null ? new Findings() : best);
  }

  private void oneOf(
      Object value, @Nullable Object old, StructuralSchema schema, String path, Findings out) {
    Findings best = null;
    int valid = 0;
    for (StructuralSchema branch : schema.oneOf()) {
      Findings found = findings(value, old, branch, path);
      if (found.none()) {
        valid++;
        best = null;
      } else if (valid == 0 && (best == null || found.checks > best.checks)) {
        best = found;
      }
    }
    if (valid == 1) {
      return;
    }
    String which = valid == 0 ? "none valid" : valid + " valid alternatives";
    unplaced(path, "must validate one and only one schema (oneOf). Found " + which, out);
    if (best != null) {
      out.merge(best);
    }
  }

  private void allOf(
      Object value, @Nullable Object old, StructuralSchema schema, String path, Findings out) {
    int valid = 0;
    for (StructuralSchema branch : schema.allOf()) {
      Findings found = findings(value, old, branch, path);
      valid += found.none() ? 1 : 0;
      out.merge(found);
    }
    if (valid < schema.allOf().size()) {
      String more = valid == 0 ? ". None validated" : "";
      unplaced(path, "must validate all the schemas (allOf)" + more, out);
    }
  }

  private void text(String text, StructuralSchema schema, String path, Findings out) {
    long length = text.codePointCount(0, text.length());
    Number most = schema.bound("maxLength");
    if (most != null && length > most.longValue()) {
      int max = most.intValue();
      out.add(errors -> errors.tooLong(path, max));
    }
    Number least = schema.bound("minLength");
    if (least != null && length < least.longValue()) {
      invalid(path, text, "should be at least " + least.longValue() + " chars long", out);
    }
    String pattern = schema.source().string("pattern", "");
    if (!pattern.isEmpty() && !compiled(pattern).matcher(text).find()) {
      invalid(path, text, "should match '" + pattern + "'", out);
    }
    String format = schema.format();
    if (StringFormats.applies(schema.type(), format) && !StringFormats.fits(format, text)) {
      String detail = path + " in body must be of type " + format + ": " + GoQuote.quote(text);
      out.add(errors -> errors.typeInvalid(path, text, detail));
    }
  }

  private Pattern compiled(String pattern) {
    return patterns.computeIfAbsent(pattern, Pattern::compile);
  }

  private static void number(Number value, StructuralSchema schema, String path, Findings out) {
    double number = value.doubleValue();
    Number step = schema.bound("multipleOf");
    if (step != null && step.doubleValue() != 0) {
      double times = number / step.doubleValue();
      if (times != Math.rint(times)) {
        invalid(path, value, "should be a multiple of " + general(step), out);
      }
    }
    Number most = schema.bound("maximum");
    boolean mostOut = schema.source().bool("exclusiveMaximum", false);
    if (most != null && (mostOut ? number >= most.doubleValue() : number > most.doubleValue())) {
      String than = mostOut ? "less than " : "less than or equal to ";
      invalid(path, value, "should be " + than + general(most), out);
    }
    Number least = schema.bound("minimum");
    boolean leastOut = schema.source().bool("exclusiveMinimum", false);
    if (least != null
        && (leastOut ? number <= least.doubleValue() : number < least.doubleValue())) {
      String than = leastOut ? "greater than " : "greater than or equal to ";
      invalid(path, value, "should be " + than + general(least), out);
    }
  }

  /** As Go prints a float: without an exponent below 1e21. */
  private static String general(Number bound) {
    double value = bound.doubleValue();
    return Math.abs(value) >= 1e21 ? Json.general(value) : Json.number(value);
  }

  private void list(
      KubeList list, @Nullable KubeList old, StructuralSchema schema, String path, Findings out) {
    StructuralSchema items = schema.items();
    for (int i = 0; items != null && i < list.size(); i++) {
      value(list.get(i), schema.correlated(list.get(i), old), items, path + "[" + i + "]", out);
    }
    Number least = schema.bound("minItems");
    if (least != null && list.size() < least.longValue()) {
      int size = list.size();
      invalid(path, (long) size, "should have at least " + least.longValue() + " items", out);
    }
    Number most = schema.bound("maxItems");
    if (most != null && list.size() > most.longValue()) {
      int size = list.size();
      int max = most.intValue();
      out.add(errors -> errors.tooMany(path, size, max));
    }
  }

  private static void enumeration(
      Object value, StructuralSchema schema, String path, Findings out) {
    KubeList allowed = schema.source().list("enum");
    if (allowed == null || allowed.isEmpty()) {
      return;
    }
    List<String> words = new ArrayList<>();
    for (Object one : allowed) {
      if (one.equals(value) || same(one, value)) {
        return;
      }
      words.add(one instanceof String text ? text : Json.write(one));
    }
    out.add(errors -> errors.unsupported(path, value, words));
  }

  private static boolean same(Object one, Object other) {
    return one instanceof Number a
        && other instanceof Number b
        && a.doubleValue() == b.doubleValue();
  }

  private void object(
      KubeMap map, @Nullable KubeMap old, StructuralSchema schema, String path, Findings out) {
    Number least = schema.bound("minProperties");
    if (least != null && map.size() < least.longValue()) {
      long size = map.size();
      invalid(path, size, "should have at least " + least.longValue() + " properties", out);
    }
    Number most = schema.bound("maxProperties");
    if (most != null && map.size() > most.longValue()) {
      int size = map.size();
      int max = most.intValue();
      out.add(errors -> errors.tooMany(path, size, max));
    }
    for (String required : schema.words("required")) {
      if (!map.has(required)) {
        out.add(errors -> errors.required(child(path, required), ""));
      }
    }
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      StructuralSchema property = schema.property(name);
      if (property != null) {
        Object before = old == null ? null : old.get(name);
        value(map.valueAt(i), before, property, child(path, name), out);
      }
    }
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
