package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A selection of objects by their fields, such as {@code status.phase=Running,spec.nodeName!=n1}.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/fields/selector.go (v1.36).
 */
public final class FieldSelector {

  /** One comparison of one field; a field that an object lacks is the empty text. */
  public record Term(String field, boolean negated, String value) {
    boolean matches(Function<String, @Nullable String> fields) {
      String theirs = fields.apply(field);
      return value.equals(theirs == null ? "" : theirs) != negated;
    }

    @Override
    public String toString() {
      return field + (negated ? "!=" : "=") + escape(value);
    }
  }

  private static final FieldSelector EVERYTHING = new FieldSelector(ImmutableList.of());

  private final ImmutableList<Term> terms;

  private FieldSelector(ImmutableList<Term> terms) {
    this.terms = terms;
  }

  public static FieldSelector everything() {
    return EVERYTHING;
  }

  /** Selects where the field has that value. */
  public static FieldSelector equal(String field, String value) {
    return new FieldSelector(ImmutableList.of(new Term(field, false, value)));
  }

  /**
   * The selector of a text; {@code \} escapes {@code \}, {@code ,} and {@code =} in a value.
   *
   * @throws IllegalArgumentException with upstream's words when the text is none
   */
  public static FieldSelector parse(String text) {
    List<String> parts = split(text);
    Collections.sort(parts);
    ImmutableList.Builder<Term> terms = ImmutableList.builder();
    for (String part : parts) {
      if (!part.isEmpty()) {
        Term term = term(text, part);
        if (!term.field.isEmpty() || !term.value.isEmpty()) {
          terms.add(term);
        }
      }
    }
    return new FieldSelector(terms.build());
  }

  /** The same comparisons of fields by other names. */
  public FieldSelector renamed(UnaryOperator<String> names) {
    return new FieldSelector(
        terms.stream()
            .map(term -> new Term(names.apply(term.field), term.negated, term.value))
            .collect(ImmutableList.toImmutableList()));
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String text, String part) {
    for (int i = 0; i < part.length(); i++) {
      boolean negated = part.startsWith("!=", i);
      if (negated || part.charAt(i) == '=') {
        int length = negated || part.startsWith("==", i) ? 2 : 1;
        return new Term(part.substring(0, i), negated, unescape(part.substring(i + length)));
      }
    }
    throw new IllegalArgumentException(
        "invalid selector: '" + text + "'; can't understand '" + part + "'");
  }

  private static String unescape(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ',' || c == '=') {
        throw new IllegalArgumentException(
            "invalid field selector: unescaped character in value: " + (int) c);
      }
      if (c == '\\') {
        String after = value.substring(i + 1, Math.min(i + 2, value.length()));
        if (after.isEmpty() || "\\,=".indexOf(after.charAt(0)) < 0) {
          throw new IllegalArgumentException(
              "invalid field selector: invalid escape sequence: \\" + after);
        }
        out.append(after);
        i++;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }

  /** The comparisons, in the order of their texts. */
  public ImmutableList<Term> terms() {
    return terms;
  }

  /** Whether it selects everything. */
  public boolean empty() {
    return terms.isEmpty();
  }

  /** The value that the field has in every match, or null when none is asked for. */
  public @Nullable String requiredValue(String field) {
    for (Term term : terms) {
      if (!term.negated && term.field.equals(field)) {
        return term.value;
      }
    }
    return null;
  }

  /**
   * Whether an object is selected.
   *
   * @param fields gives the value of a field, or null
   */
  public boolean matches(Function<String, @Nullable String> fields) {
    for (Term term : terms) {
      if (!term.matches(fields)) {
        return false;
      }
    }
    return true;
  }

  /** The canonical text. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Term term : terms) {
      out.append(out.isEmpty() ? "" : ",").append(term);
    }
    return out.toString();
  }
}
