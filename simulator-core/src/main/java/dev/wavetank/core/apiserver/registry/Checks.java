package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.TypedJson;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import org.jspecify.annotations.Nullable;

/**
 * Checks that many kinds share: numbers, names, ports, paths, label selectors.
 *
 * <p>Follows pkg/apis/core/validation/validation.go and
 * staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (v1.36).
 */
final class Checks {

  static final ImmutableList<String> PROTOCOLS = ImmutableList.of("SCTP", "TCP", "UDP");
  static final String NEGATIVE = "must be greater than or equal to 0";

  private Checks() {}

  static void nonNegative(KubeMap map, String key, String path, FieldErrors errors) {
    if (map.number(key, 0) < 0) {
      errors.invalid(path + "." + key, map.get(key), NEGATIVE);
    }
  }

  static void positive(long value, String path, FieldErrors errors) {
    if (value <= 0) {
      errors.invalid(path, value, "must be greater than zero");
    }
  }

  static void dnsLabel(String value, String path, FieldErrors errors) {
    errors.invalid(path, value, Formats.dnsLabel(value));
  }

  static void dnsSubdomain(String value, String path, FieldErrors errors) {
    errors.invalid(path, value, Formats.dnsSubdomain(value));
  }

  /** The kind and the name of a reference, both of which it must have. */
  static void kindAndName(KubeMap reference, String path, FieldErrors errors) {
    for (String key : ImmutableList.of("kind", "name")) {
      String value = reference.string(key, "");
      if (value.isEmpty()) {
        errors.required(path + "." + key, "");
      } else {
        errors.invalid(path + "." + key, value, Formats.pathSegment(value));
      }
    }
  }

  static void qualifiedName(String value, String path, FieldErrors errors) {
    errors.invalid(path, value, Formats.qualifiedName(value));
  }

  /** A subdomain, where the field is set at all. */
  static void dnsSubdomainIfSet(KubeMap map, String key, String path, FieldErrors errors) {
    String value = map.string(key, "");
    if (!value.isEmpty()) {
      dnsSubdomain(value, path + "." + key, errors);
    }
  }

  /** A label, where the field is set at all. */
  static void dnsLabelIfSet(KubeMap map, String key, String path, FieldErrors errors) {
    String value = map.string(key, "");
    if (!value.isEmpty()) {
      dnsLabel(value, path + "." + key, errors);
    }
  }

  /** One of the words, where the field is set at all. */
  static void oneOfIfSet(
      KubeMap map, String key, ImmutableList<String> words, String path, FieldErrors errors) {
    Object value = map.get(key);
    if (value instanceof String word && !words.contains(word)) {
      errors.unsupported(path + "." + key, word, words);
    }
  }

  /** A port number, or the name of a port; absent is the number 0. */
  static void portNumberOrName(@Nullable Object port, String path, FieldErrors errors) {
    if (port instanceof String name) {
      errors.invalid(path, name, Formats.portName(name));
    } else {
      long number = port instanceof Long value ? value : 0;
      errors.invalid(path, number, Formats.portNumber(number));
    }
  }

  /** A number that is not negative, or a percentage. */
  static void intOrPercent(@Nullable Object value, String path, FieldErrors errors) {
    if (value instanceof String percent) {
      errors.invalid(path, percent, Formats.percent(percent));
    } else if (value instanceof Long number && number < 0) {
      errors.invalid(path, number, NEGATIVE);
    }
  }

  /** The number itself, that of a percentage, or that of a text; a text without one counts as 0. */
  static long number(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (!(value instanceof String text)) {
      return 0;
    }
    boolean percent = Formats.percent(text).isEmpty();
    try {
      return Long.parseLong(percent ? text.substring(0, text.length() - 1) : text);
    } catch (NumberFormatException e) {
      return percent ? Long.MAX_VALUE : 0;
    }
  }

  static void notMoreThan100Percent(@Nullable Object value, String path, FieldErrors errors) {
    if (value instanceof String percent
        && Formats.percent(percent).isEmpty()
        && number(percent) > 100) {
      errors.invalid(path, percent, "must not be greater than 100%");
    }
  }

  static void relativePath(String value, String path, FieldErrors errors) {
    if (value.startsWith("/")) {
      errors.invalid(path, value, "must be a relative path");
    }
    noBacksteps(value, path, errors);
  }

  static boolean hasBacksteps(String value) {
    return ("/" + value + "/").contains("/../");
  }

  static void noBacksteps(String value, String path, FieldErrors errors) {
    if (hasBacksteps(value)) {
      errors.invalid(path, value, "must not contain '..'");
    }
  }

  /** A relative path that does not begin with two dots. */
  static void unreservedPath(String value, String path, FieldErrors errors) {
    relativePath(value, path, errors);
    if (value.startsWith("..") && !value.startsWith("../")) {
      errors.invalid(path, value, "must not start with '..'");
    }
  }

  /** A {@code metav1.LabelSelector}, which may be absent. */
  static void labelSelector(@Nullable KubeMap selector, String path, FieldErrors errors) {
    if (selector == null) {
      return;
    }
    Formats.labels(selector.mapOrEmpty("matchLabels"), path + ".matchLabels", errors);
    KubeList expressions = selector.listOrEmpty("matchExpressions");
    for (int i = 0; i < expressions.size(); i++) {
      KubeMap expression = expressions.map(i);
      String at = path + ".matchExpressions[" + i + "]";
      KubeList values = expression.listOrEmpty("values");
      switch (expression.string("operator", "")) {
        case "In", "NotIn" -> valuesRequired(values, at, errors);
        case "Exists", "DoesNotExist" -> valuesForbidden(values, at, errors);
        default ->
            errors.invalid(
                at + ".operator",
                expression.string("operator", ""),
                "not a valid selector operator");
      }
      qualifiedName(expression.string("key", ""), at + ".key", errors);
      labelValues(values, at + ".values", errors);
    }
  }

  static void valuesRequired(KubeList values, String path, FieldErrors errors) {
    if (values.isEmpty()) {
      errors.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
    }
  }

  static void valuesForbidden(KubeList values, String path, FieldErrors errors) {
    if (!values.isEmpty()) {
      errors.forbidden(
          path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  }

  static void labelValues(KubeList values, String path, FieldErrors errors) {
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i).toString();
      errors.invalid(path + "[" + i + "]", value, Formats.labelValue(value));
    }
  }

  /** Whether a selector object is one that can be evaluated. */
  static boolean evaluable(@Nullable KubeMap selector) {
    if (selector == null) {
      return true;
    }
    FieldErrors errors = new FieldErrors();
    labelSelector(selector, "", errors);
    return errors.isEmpty();
  }

  static void immutable(
      @Nullable Object next, @Nullable Object old, String path, FieldErrors errors) {
    if (next == old || (next != null && next.equals(old))) {
      return;
    }
    errors.invalid(path, next, "field is immutable");
  }

  /** A label selector as the API's messages show it. */
  static String selectorText(@Nullable KubeMap selector) {
    SchemaType type = Schema.builtIn().type("meta.LabelSelector");
    return selector == null || type == null ? "null" : TypedJson.write(selector, type);
  }

  static void immutableSelector(
      @Nullable KubeMap next, @Nullable KubeMap old, String path, FieldErrors errors) {
    if (next != old && (next == null || !next.equals(old))) {
      errors.invalidText(path, selectorText(next), "field is immutable");
    }
  }
}
