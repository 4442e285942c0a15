package dev.wavetank.core.container.image;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.QueryString;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers with words that differ from container to container and from request to request: {@code
 * ${hostname}}, {@code ${ip}}, {@code ${node}}, {@code ${namespace}}, {@code ${method}}, {@code
 * ${path}}, {@code ${host}}, {@code ${query}}, {@code ${client}}, {@code ${client.ip}}, {@code
 * ${body}}, {@code ${time}}, {@code ${env.NAME}}, {@code ${arg.NAME}} for the value of an argument
 * such as {@code -text=hello}; a bar stands before what counts when there is none, as in {@code
 * ${arg.text|hello}}.
 */
final class AnswerTemplate {

  private static final Pattern WORD =
      Pattern.compile("\\$\\{([a-z]+)(?:\\.([\\w-]+))?(?:\\|([^}]*))?}");

  private AnswerTemplate() {}

  static boolean dynamic(String body) {
    return body.contains("${");
  }

  static HttpResponse filled(HttpResponse response, Container container, HttpRequest request) {
    return new HttpResponse(
        response.status(), response.headers(), filled(response.body(), container, request));
  }

  /** The text with its words replaced. */
  static String filled(String template, Container container, HttpRequest request) {
    Matcher word = WORD.matcher(template);
    StringBuilder text = new StringBuilder();
    while (word.find()) {
      String name = word.group(2) == null ? "" : word.group(2);
      String value = value(word.group(1), name, container, request);
      String otherwise = word.group(3) == null ? "" : word.group(3);
      word.appendReplacement(text, Matcher.quoteReplacement(value.isEmpty() ? otherwise : value));
    }
    return word.appendTail(text).toString();
  }

  private static String value(String word, String name, Container container, HttpRequest request) {
    PodSandbox sandbox = container.sandbox();
    return switch (word) {
      case "hostname" -> sandbox.hostname();
      case "ip" -> sandbox.ip().toString();
      case "node" -> sandbox.runtime().node();
      case "namespace" -> sandbox.namespace();
      case "method" -> request.method();
      case "path" -> request.path();
      case "host" -> request.host();
      case "query" -> parameter(request.path(), name);
      case "client" -> client(request.client(), name);
      case "body" -> request.body();
      case "time" -> container.simulation().instant().toString();
      case "env" -> container.env().string(name, "");
      case "arg" -> argument(container, name);
      default -> "";
    };
  }

  /** Address and port of the client, or only the address. */
  private static String client(String address, String part) {
    int colon = address.lastIndexOf(':');
    return part.equals("ip") && colon >= 0
        ? address.substring(0, colon).replaceAll("[\\[\\]]", "")
        : address;
  }

  /** The value of a parameter of the query; the whole query for no name. */
  private static String parameter(String path, String name) {
    int start = path.indexOf('?');
    String query = start < 0 ? "" : path.substring(start + 1);
    if (name.isEmpty()) {
      return query;
    }
    return QueryString.of(path).value(name);
  }

  private static String argument(Container container, String name) {
    List<String> argv = container.sandbox().runtime().registry().argv(container.spec());
    for (int i = 0; i < argv.size(); i++) {
      String word = argv.get(i).replaceFirst("^--?", "");
      boolean option = argv.get(i).startsWith("-");
      if (option && word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
      if (option && word.equals(name) && i + 1 < argv.size()) {
        return argv.get(i + 1);
      }
    }
    return "";
  }
}
