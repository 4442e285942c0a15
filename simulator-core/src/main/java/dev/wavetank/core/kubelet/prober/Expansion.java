package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * References such as {@code $(NAME)} in values of variables, commands and arguments; {@code $$}
 * stands for {@code $}, and a name that is not known stays as it is written.
 *
 * <p>Follows third_party/forked/golang/expansion/expand.go and pkg/kubelet/container/helpers.go
 * (v1.36).
 */
public final class Expansion {

  private Expansion() {}

  /** A text with the values of the names that are known. */
  public static String of(String text, Function<String, @Nullable String> values) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder expanded = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      int close = c == '$' && next == '(' ? text.indexOf(')', i) : -1;
      if (c == '$' && next == '$') {
        expanded.append('$');
        i += 2;
      } else if (close > 0) {
        String value = values.apply(text.substring(i + 2, close));
        expanded.append(value == null ? text.substring(i, close + 1) : value);
        i = close + 1;
      } else {
        expanded.append(c);
        i++;
      }
    }
    return expanded.toString();
  }

  /** A container with the references in its command and arguments replaced; mostly itself. */
  public static KubeMap commandAndArgs(KubeMap container, KubeMap env) {
    KubeMap expanded = container;
    for (String field : new String[] {"command", "args"}) {
      KubeList words = container.listOrEmpty(field);
      for (int i = 0; i < words.size(); i++) {
        String word = (String) words.get(i);
        words = words.with(i, of(word, env::string));
      }
      if (words != container.listOrEmpty(field)) {
        expanded = expanded.with(field, words);
      }
    }
    return expanded;
  }

  /** The command of a probe, in which other values than literal ones are empty. */
  static KubeList onlyStatic(KubeList command, KubeList env) {
    KubeList words = command;
    for (int i = 0; i < command.size(); i++) {
      String word = (String) command.get(i);
      words =
          words.with(
              i,
              of(
                  word,
                  name -> {
                    KubeMap variable = env.find("name", name);
                    return variable == null ? null : variable.string("value", "");
                  }));
    }
    return words;
  }
}
