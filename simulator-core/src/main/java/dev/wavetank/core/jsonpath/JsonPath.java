package dev.wavetank.core.jsonpath;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSONPath template, such as <code>{range .items[*]}{.metadata.name}{"\n"}{end}</code>.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go (v1.36).
 */
public final class JsonPath {

  private static final Pattern RELAXED = Pattern.compile("\\{\\.?([^{}]+)\\}|\\.?([^{}]+)");

  private final String text;
  private final ImmutableList<Node> nodes;
  private final boolean allowMissingKeys;

  private JsonPath(String text, ImmutableList<Node> nodes, boolean allowMissingKeys) {
    this.text = text;
    this.nodes = nodes;
    this.allowMissingKeys = allowMissingKeys;
  }

  /**
   * The template of a text; a field that is absent is no error.
   *
   * @throws JsonPathException when the text is none
   */
  public static JsonPath parse(String text) {
    return new JsonPath(text, TemplateParser.parse(text), true);
  }

  /**
   * The whole form of a path, which may lack its braces and its first dot.
   *
   * @throws JsonPathException when the text is no path
   */
  public static String relaxed(String path) {
    if (path.isEmpty()) {
      return path;
    }
    Matcher matcher = RELAXED.matcher(path);
    if (!matcher.matches()) {
      throw new JsonPathException(
          "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}'"
              + " or '{.name1.name2}'");
    }
    String inner = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return "{." + inner + "}";
  }

  /** This template with absent fields allowed, or being errors. */
  public JsonPath allowMissingKeys(boolean allow) {
    return new JsonPath(text, nodes, allow);
  }

  /** The text it was made of. */
  public String text() {
    return text;
  }

  /**
   * What each part of the template finds in a value.
   *
   * @throws JsonPathException when the template does not fit the value
   */
  public List<List<Object>> find(Object value) {
    return new Evaluation(nodes, allowMissingKeys).run(value);
  }

  /**
   * The text that the template makes of a value.
   *
   * @throws JsonPathException when the template does not fit the value
   */
  public String apply(Object value) {
    StringBuilder out = new StringBuilder();
    for (List<Object> results : find(value)) {
      List<String> texts = new ArrayList<>();
      results.forEach(result -> texts.add(print(result)));
      out.append(String.join(" ", texts));
    }
    return out.toString();
  }

  /** What the template finds, as lists in JSON. */
  public String applyAsJson(Object value) {
    StringBuilder out = new StringBuilder();
    for (List<Object> results : find(value)) {
      out.append(GoText.jsonIndented(KubeList.copyOf(results))).append('\n');
    }
    return out.toString();
  }

  private static String print(Object value) {
    if (value instanceof KubeMap || value instanceof KubeList) {
      return GoText.json(value);
    }
    return value == KubeNull.NULL ? "null" : GoText.of(value);
  }
}
