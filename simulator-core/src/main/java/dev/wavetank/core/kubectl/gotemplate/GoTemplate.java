package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;

/**
 * A Go template, such as <code>{{range .items}}{{.metadata.name}}{{"\n"}}{{end}}</code>.
 *
 * <p>Follows Go's text/template and staging/src/k8s.io/cli-runtime/pkg/printers/template.go
 * (v1.36).
 */
public final class GoTemplate {

  private final ImmutableList<Statement> statements;

  private GoTemplate(ImmutableList<Statement> statements) {
    this.statements = statements;
  }

  /**
   * The template of a text.
   *
   * @throws TemplateException when the text is none
   */
  public static GoTemplate parse(String text) {
    return new GoTemplate(new StatementParser(text).parse());
  }

  /**
   * The text that the template makes of a value.
   *
   * @throws TemplateException when the template does not fit the value
   */
  public String apply(Object value) {
    Scope scope = new Scope(floats(value));
    Statement.runAll(statements, scope);
    return scope.out().toString();
  }

  /** The value with every number a float, as Go's JSON decoder gives it to a template. */
  private static Object floats(Object value) {
    if (value instanceof Long number) {
      return number.doubleValue();
    }
    if (value instanceof KubeMap map) {
      KubeMap.Builder builder = KubeMap.builder();
      map.forEach((key, child) -> builder.put(key, floats(child)));
      return builder.build();
    }
    if (value instanceof KubeList list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(floats(element)));
      return KubeList.copyOf(elements);
    }
    return value;
  }
}
