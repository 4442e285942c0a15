package dev.wavetank.core.jsonpath;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses a template.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/jsonpath/parser.go (v1.36).
 */
final class TemplateParser {

  private static final char END = '\uffff';
  private static final Pattern KEY = Pattern.compile("'([^']*)'");
  private static final Pattern SLICE = Pattern.compile("(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?");
  private static final Pattern COMPARISON = Pattern.compile("([^!<>=]+)([!<>=]+)(.+?)");

  private final String input;
  private final ImmutableList.Builder<Node> root = ImmutableList.builder();
  private int position;
  private int start;

  private TemplateParser(String input) {
    this.input = input;
  }

  /** The nodes of a template: texts, and steps for what stands between braces. */
  static ImmutableList<Node> parse(String text) {
    TemplateParser parser = new TemplateParser(text);
    parser.text();
    return parser.root.build();
  }

  private static Node.Steps action(String text) {
    ImmutableList<Node> nodes = parse("{" + text + "}");
    return nodes.get(0) instanceof Node.Steps steps ? steps : new Node.Steps(nodes);
  }

  private String consume() {
    String value = input.substring(start, position);
    start = position;
    return value;
  }

  private char next() {
    char c = position < input.length() ? input.charAt(position) : END;
    position = Math.min(position + 1, input.length());
    return c;
  }

  private char peek() {
    return position < input.length() ? input.charAt(position) : END;
  }

  private void text() {
    while (position < input.length()) {
      if (input.charAt(position) == '{') {
        if (position > start) {
          root.add(new Node.Text(consume()));
        }
        position++;
        consume();
        root.add(new Node.Steps(inside()));
      } else {
        position++;
      }
    }
    if (position > start) {
      root.add(new Node.Text(consume()));
    }
  }

  /** The steps up to the closing brace. */
  private ImmutableList<Node> inside() {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      if (peek() == '}') {
        position++;
        consume();
        return ImmutableList.copyOf(nodes);
      }
      if (input.startsWith("[?(", position)) {
        nodes.add(filter());
        continue;
      }
      if (input.startsWith("..", position)) {
        recursive(nodes);
        continue;
      }
      char c = peek();
      boolean last = position >= input.length();
      if (last || c == '\r' || c == '\n') {
        throw new JsonPathException("unclosed action");
      } else if (c == ' ' || c == '@' || c == '$') {
        position++;
        consume();
      } else if (c == '[') {
        position++;
        array(nodes);
      } else if (c == '"' || c == '\'') {
        position++;
        nodes.add(quoted(c));
      } else if (c == '.') {
        position++;
        nodes.add(field());
      } else if (c == '+' || c == '-' || Character.isDigit(c)) {
        nodes.add(number());
      } else if (isWord(c)) {
        nodes.add(identifier());
      } else {
        throw new JsonPathException(
            "unrecognized character in action: U+"
                + String.format(java.util.Locale.ROOT, "%04X", (int) c)
                + " '"
                + c
                + "'");
      }
    }
  }

  private Node identifier() {
    while (!isTerminator(peek())) {
      position++;
    }
    String value = consume();
    boolean bool = value.equals("true") || value.equals("false");
    return bool ? new Node.Constant(value.equals("true")) : new Node.Identifier(value);
  }

  private void recursive(List<Node> nodes) {
    if (!nodes.isEmpty() && nodes.get(nodes.size() - 1) instanceof Node.Recursive) {
      throw new JsonPathException("invalid multiple recursive descent");
    }
    position += 2;
    consume();
    nodes.add(new Node.Recursive());
    if (isWord(peek())) {
      nodes.add(field());
    }
  }

  private Node number() {
    if (peek() == '+' || peek() == '-') {
      position++;
    }
    while (peek() == '.' || Character.isDigit(peek())) {
      position++;
    }
    String value = consume();
    try {
      return new Node.Constant(Long.valueOf(value));
    } catch (NumberFormatException whole) {
      try {
        return new Node.Constant(Double.valueOf(value));
      } catch (NumberFormatException e) {
        throw new JsonPathException("cannot parse number " + value);
      }
    }
  }

  private void array(List<Node> nodes) {
    for (char c = next(); c != ']'; c = next()) {
      if (c == END || c == '\n') {
        throw new JsonPathException("unterminated array");
      }
    }
    String whole = consume();
    String text = whole.substring(1, whole.length() - 1);
    text = text.equals("*") ? ":" : text;
    if (text.contains(",")) {
      ImmutableList.Builder<Node.Steps> parts = ImmutableList.builder();
      for (String part : text.split(",", -1)) {
        parts.add(action("[" + part.strip() + "]"));
      }
      nodes.add(new Node.Union(parts.build()));
      return;
    }
    Matcher key = KEY.matcher(text);
    if (key.matches()) {
      nodes.addAll(action("." + key.group(1)).nodes());
      return;
    }
    Matcher slice = SLICE.matcher(text);
    if (!slice.matches()) {
      throw new JsonPathException("invalid array index " + text);
    }
    nodes.add(
        new Node.Slice(
            index(slice.group(1)),
            index(slice.group(2)),
            index(slice.group(3)),
            slice.group(2) == null));
  }

  private static @Nullable Integer index(@Nullable String text) {
    if (text == null || text.isEmpty() || text.equals(":")) {
      return null;
    }
    String digits = text.startsWith(":") ? text.substring(1) : text;
    try {
      return Integer.valueOf(digits);
    } catch (NumberFormatException e) {
      throw new JsonPathException("array index " + digits + " is not a number");
    }
  }

  private Node filter() {
    position += 3;
    consume();
    boolean begun = false;
    boolean ended = false;
    char pair = END;
    for (boolean open = true; open; ) {
      char c = next();
      if (c == END || c == '\n') {
        throw new JsonPathException("unterminated filter");
      } else if (c == '"' || c == '\'') {
        if (!begun) {
          begun = true;
          pair = c;
        } else if (input.charAt(position - 2) != '\\' && c == pair) {
          ended = true;
        }
      } else if (c == ')') {
        open = begun != ended;
      }
    }
    if (next() != ']') {
      throw new JsonPathException("unclosed array expect ]");
    }
    String whole = consume();
    String text = whole.substring(0, whole.length() - 2);
    Matcher comparison = COMPARISON.matcher(text);
    return comparison.matches()
        ? new Node.Filter(
            action(comparison.group(1)), comparison.group(2), action(comparison.group(3)))
        : new Node.Filter(action(text), "exists", new Node.Steps(ImmutableList.of()));
  }

  private Node quoted(char quote) {
    while (true) {
      char c = next();
      if (c == END || c == '\n') {
        throw new JsonPathException("unterminated quoted string");
      }
      if (c == quote && input.charAt(position - 2) != '\\') {
        break;
      }
    }
    String whole = consume();
    return new Node.Text(unquote(whole));
  }

  private static String unquote(String whole) {
    StringBuilder out = new StringBuilder();
    for (int i = 1; i < whole.length() - 1; i++) {
      char c = whole.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escaped = whole.charAt(++i);
      int at = "abfnrtv\\'\"".indexOf(escaped);
      if (escaped == 'u' || escaped == 'x') {
        int digits = escaped == 'u' ? 4 : 2;
        if (i + digits >= whole.length()) {
          throw badQuote(whole);
        }
        out.append((char) hex(whole, i + 1, digits));
        i += digits;
      } else if (at < 0) {
        throw badQuote(whole);
      } else {
        out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(at));
      }
    }
    return out.toString();
  }

  private static int hex(String whole, int from, int digits) {
    try {
      return Integer.parseInt(whole.substring(from, from + digits), 16);
    } catch (NumberFormatException e) {
      throw badQuote(whole);
    }
  }

  private static JsonPathException badQuote(String whole) {
    return new JsonPathException("unquote string " + whole + " error invalid syntax");
  }

  private Node field() {
    consume();
    while (!isTerminator(peek())) {
      position += peek() == '\\' && position + 1 < input.length() ? 2 : 1;
    }
    String value = consume();
    return value.equals("*") ? new Node.Wildcard() : new Node.Field(value.replace("\\", ""));
  }

  private boolean isTerminator(char c) {
    return position >= input.length() || " \t\r\n.,[]$@{}".indexOf(c) >= 0;
  }

  private static boolean isWord(char c) {
    return c == '_' || (c != END && Character.isLetterOrDigit(c));
  }
}
