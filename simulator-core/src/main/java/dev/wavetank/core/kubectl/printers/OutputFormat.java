package dev.wavetank.core.kubectl.printers;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.jsonpath.JsonPath;
import dev.wavetank.core.jsonpath.JsonPathException;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.gotemplate.GoTemplate;
import dev.wavetank.core.kubectl.gotemplate.TemplateException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code -o}: which format it names, and the printer of that format.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go and
 * template_flags.go (v1.36).
 */
public final class OutputFormat {

  private static final ImmutableList<String> GO_TEMPLATES =
      ImmutableList.of("template", "go-template", "go-template-file", "templatefile");
  private static final ImmutableList<String> JSON_PATHS =
      ImmutableList.of("jsonpath", "jsonpath-as-json", "jsonpath-file");

  /** Formats of every command that prints objects. */
  public static final ImmutableSortedSet<String> OBJECT_FORMATS =
      ImmutableSortedSet.<String>naturalOrder()
          .add("json", "kyaml", "name", "yaml")
          .addAll(GO_TEMPLATES)
          .addAll(JSON_PATHS)
          .build();

  /** Formats of {@code get}. */
  public static final ImmutableSortedSet<String> GET_FORMATS =
      ImmutableSortedSet.<String>naturalOrder()
          .add("custom-columns", "custom-columns-file", "wide")
          .addAll(OBJECT_FORMATS)
          .build();

  private final String name;
  private final String argument;
  private final boolean allowMissingKeys;
  private final boolean noHeaders;
  private final Function<String, @Nullable String> files;

  private OutputFormat(
      String name,
      String argument,
      boolean allowMissingKeys,
      boolean noHeaders,
      Function<String, @Nullable String> files) {
    this.name = name;
    this.argument = argument;
    this.allowMissingKeys = allowMissingKeys;
    this.noHeaders = noHeaders;
    this.files = files;
  }

  /**
   * The format of a flag's value.
   *
   * @param output such as {@code yaml} or {@code jsonpath={.kind}}; empty for none
   * @param template of {@code --template}; empty for none
   * @param files the text of a file, or null when there is none
   */
  public static OutputFormat of(
      String output,
      String template,
      boolean allowMissingKeys,
      boolean noHeaders,
      Function<String, @Nullable String> files) {
    String chosen = output.isEmpty() && !template.isEmpty() ? "go-template" : output;
    int equals = chosen.indexOf('=');
    return new OutputFormat(
        equals < 0 ? chosen : chosen.substring(0, equals),
        template.isEmpty() && equals >= 0 ? chosen.substring(equals + 1) : template,
        allowMissingKeys,
        noHeaders,
        files);
  }

  /** The format's name; empty when none is asked for. */
  public String name() {
    return name;
  }

  /** The format's template, columns or file; empty when there is none. */
  public String argument() {
    return argument;
  }

  public boolean noHeaders() {
    return noHeaders;
  }

  /** Whether tables for people are asked for. */
  public boolean humanReadable() {
    return name.isEmpty() || name.equals("wide");
  }

  /**
   * The printer of this format.
   *
   * @param allowed formats that the command knows
   * @throws CommandException when the format is none of them or its template is wrong
   */
  public ObjectPrinter printer(ImmutableSortedSet<String> allowed) {
    if (!allowed.contains(name)) {
      throw unknown(allowed);
    }
    if (GO_TEMPLATES.contains(name)) {
      return goTemplate();
    }
    if (JSON_PATHS.contains(name)) {
      return jsonPath();
    }
    return switch (name) {
      case "json" -> object -> GoText.jsonIndented(object.root()) + "\n";
      case "yaml" -> yaml();
      case "name" -> OutputFormat::names;
      case "custom-columns" -> CustomColumns.ofSpec(argument, noHeaders);
      case "custom-columns-file" -> CustomColumns.ofTemplate(file(), noHeaders);
      default -> throw unknown(allowed);
    };
  }

  private CommandException unknown(ImmutableSortedSet<String> allowed) {
    return CommandException.of(
        "unable to match a printer suitable for the output format "
            + GoQuote.quote(name)
            + ", allowed formats are: "
            + String.join(",", allowed));
  }

  private static ObjectPrinter yaml() {
    boolean[] first = {true};
    return object -> {
      String separator = first[0] ? "" : "---\n";
      first[0] = false;
      return separator + Manifests.toYaml(object);
    };
  }

  private static String names(KubeObject object) {
    if (object.root().list("items") == null) {
      return kubectlName(object) + "\n";
    }
    StringBuilder out = new StringBuilder();
    for (KubeMap item : object.root().listOrEmpty("items").maps()) {
      out.append(kubectlName(KubeObject.of(item))).append('\n');
    }
    return out.toString();
  }

  /** {@code deployment.apps/web}: how kubectl names an object. */
  public static String kubectlName(KubeObject object) {
    int slash = object.apiVersion().indexOf('/');
    String kind = com.google.common.base.Ascii.toLowerCase(object.kind());
    return (slash < 0 ? kind : kind + "." + object.apiVersion().substring(0, slash))
        + "/"
        + object.name();
  }

  private ObjectPrinter goTemplate() {
    String text = template("file");
    GoTemplate parsed;
    try {
      parsed = GoTemplate.parse(text);
    } catch (TemplateException e) {
      throw CommandException.of(
          "error parsing template " + text + ", template: output:1: " + e.getMessage());
    }
    return object -> {
      try {
        return parsed.apply(object.root());
      } catch (TemplateException e) {
        throw CommandException.of(
            "error executing template "
                + GoQuote.quote(text)
                + ": template: output:1: "
                + e.getMessage());
      }
    };
  }

  private ObjectPrinter jsonPath() {
    String text = template("-file");
    JsonPath parsed;
    try {
      parsed = JsonPath.parse(text).allowMissingKeys(allowMissingKeys);
    } catch (JsonPathException e) {
      throw CommandException.of("error parsing jsonpath " + text + ", " + e.getMessage());
    }
    boolean json = name.equals("jsonpath-as-json");
    return object -> {
      try {
        return json ? parsed.applyAsJson(object.root()) : parsed.apply(object.root());
      } catch (JsonPathException e) {
        throw CommandException.of(jsonPathError(text, object, e));
      }
    };
  }

  private static String jsonPathError(String text, KubeObject object, JsonPathException e) {
    return "error executing jsonpath "
        + GoQuote.quote(text)
        + ": Error executing template: "
        + e.getMessage()
        + ". Printing more information for debugging the template:\n\ttemplate was:\n\t\t"
        + text
        + "\n\tobject given to jsonpath engine was:\n\t\t"
        + GoText.of(object.root())
        + "\n\n\n";
  }

  private String template(String fileSuffix) {
    if (argument.isEmpty()) {
      throw CommandException.of("template format specified but no template given");
    }
    return name.endsWith(fileSuffix) ? file() : argument;
  }

  private String file() {
    String text = files.apply(argument);
    if (text == null) {
      throw CommandException.of(
          "error reading --template "
              + argument
              + ", open "
              + argument
              + ": no such file or directory");
    }
    return text;
  }
}
