package dev.wavetank.core.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Expands words of a shell: quotes, variables, arithmetic and command substitution. */
final class ShellWords {

  private final Map<String, String> variables;
  private final BiConsumer<String, Consumer<String>> substitution;

  ShellWords(Map<String, String> variables, BiConsumer<String, Consumer<String>> substitution) {
    this.variables = variables;
    this.substitution = substitution;
  }

  void set(String name, String value) {
    variables.put(name, value);
  }

  /** Variables with proper names. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    variables.forEach(
        (name, value) -> {
          if (Character.isLetter(name.charAt(0)) || name.charAt(0) == '_') {
            environment.put(name, value);
          }
        });
    return environment;
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Expands words; an unquoted one may become none or several. */
  void expandAll(List<String> raw, Consumer<List<String>> then) {
    expandFrom(raw, 0, new ArrayList<>(), then);
  }

  private void expandFrom(
      List<String> raw, int at, List<String> done, Consumer<List<String>> then) {
    if (at == raw.size()) {
      then.accept(done);
      return;
    }
    String word = raw.get(at);
    boolean splits =
        word.indexOf('"') < 0
            && word.indexOf('\'') < 0
            && (word.indexOf('$') >= 0 || word.indexOf('`') >= 0);
    expand(
        word,
        value -> {
          if (splits) {
            for (String field : value.trim().split("\\s+")) {
              if (!field.isEmpty()) {
                done.add(field);
              }
            }
          } else {
            done.add(value);
          }
          expandFrom(raw, at + 1, done, then);
        });
  }

  /** Expands a word to one text. */
  void expand(String raw, Consumer<String> then) {
    expand(raw, 0, false, new StringBuilder(), then);
  }

  private void expand(
      String raw, int from, boolean inQuotes, StringBuilder text, Consumer<String> then) {
    boolean quoted = inQuotes;
    int i = from;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        i++;
      } else if (c == '\'' && !quoted) {
        int end = raw.indexOf('\'', i + 1);
        text.append(raw, i + 1, end);
        i = end + 1;
      } else if (c == '\\' && i + 1 < raw.length()) {
        char escaped = raw.charAt(i + 1);
        if (quoted && "$`\"\\\n".indexOf(escaped) < 0) {
          text.append('\\');
        }
        text.append(escaped);
        i += 2;
      } else if (c == '`' || raw.startsWith("$(", i)) {
        command(raw, i, quoted, text, then);
        return;
      } else if (c == '$') {
        i = variable(raw, i, text);
      } else {
        text.append(c);
        i++;
      }
    }
    then.accept(text.toString());
  }

  private void command(
      String raw, int at, boolean quoted, StringBuilder text, Consumer<String> then) {
    int open = raw.charAt(at) == '`' ? at : at + 1;
    int close;
    try {
      close = raw.charAt(at) == '`' ? raw.indexOf('`', at + 1) : ShellParser.parenEnd(raw, open);
    } catch (ShellParser.SyntaxError e) {
      then.accept(text + raw.substring(at));
      return;
    }
    String inside = raw.substring(open + 1, close);
    if (inside.startsWith("(") && inside.endsWith(")")) {
      text.append(new Arithmetic(inside.substring(1, inside.length() - 1)).sum());
      expand(raw, close + 1, quoted, text, then);
      return;
    }
    substitution.accept(
        inside,
        printed -> {
          text.append(printed);
          expand(raw, close + 1, quoted, text, then);
        });
  }

  private int variable(String raw, int at, StringBuilder text) {
    if (raw.startsWith("${", at)) {
      int close = raw.indexOf('}', at);
      String inside = raw.substring(at + 2, close);
      int colon = inside.indexOf(":-");
      String name = colon < 0 ? inside : inside.substring(0, colon);
      String value = variables.getOrDefault(name, "");
      text.append(value.isEmpty() && colon >= 0 ? inside.substring(colon + 2) : value);
      return close + 1;
    }
    int end = at + 1;
    if (end < raw.length() && "?#@*0123456789$!".indexOf(raw.charAt(end)) >= 0) {
      end++;
    } else {
      while (end < raw.length()
          && (Character.isLetterOrDigit(raw.charAt(end)) || raw.charAt(end) == '_')) {
        end++;
      }
    }
    String name = raw.substring(at + 1, end);
    if (name.isEmpty()) {
      text.append('$');
    } else if (name.equals("$")) {
      text.append('1');
    } else {
      text.append(variables.getOrDefault(name, name.equals("?") ? "0" : ""));
    }
    return end;
  }

  /** Whole-number arithmetic with the four operations, remainder and parentheses. */
  private final class Arithmetic {
    private final String text;
    private int at;

    Arithmetic(String text) {
      this.text = text.replace("$", "").replaceAll("\\s", "");
    }

    private boolean take(char c) {
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    long sum() {
      long value = product();
      while (true) {
        if (take('+')) {
          value += product();
        } else if (take('-')) {
          value -= product();
        } else {
          return value;
        }
      }
    }

    private long product() {
      long value = factor();
      while (true) {
        if (take('*')) {
          value *= factor();
        } else if (take('/')) {
          long by = factor();
          value = by == 0 ? 0 : value / by;
        } else if (take('%')) {
          long by = factor();
          value = by == 0 ? 0 : value % by;
        } else {
          return value;
        }
      }
    }

    private long factor() {
      if (take('(')) {
        long value = sum();
        take(')');
        return value;
      }
      if (take('-')) {
        return -factor();
      }
      int start = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
      String word = text.substring(start, at);
      if (word.isEmpty()) {
        at++;
        return 0;
      }
      return Character.isDigit(word.charAt(0))
          ? number(word)
          : number(variables.getOrDefault(word, "0"));
    }
  }
}
