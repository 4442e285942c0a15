package dev.wavetank.core.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes values as YAML as kubectl does: sorted keys, lists not indented, quotes where a plain word
 * would be read as something else, long texts folded at 80 columns.
 *
 * <p>Follows sigs.k8s.io/yaml and go.yaml.in/yaml/v2 emitterc.go, encode.go and sorter.go.
 */
final class YamlWriter {

  private static final int INDENT = 2;
  private static final int WIDTH = 80;

  /** Longest key that stands before its colon without a question mark. */
  private static final int SIMPLE_KEY_MAX = 128;

  private final StringBuilder out = new StringBuilder();
  private int lineStart;

  private YamlWriter() {}

  static String write(Object value) {
    YamlWriter writer = new YamlWriter();
    if (isBlock(value)) {
      writer.block(value, 0);
    } else {
      writer.scalar(value, INDENT);
      writer.newline();
    }
    return writer.out.toString();
  }

  private static boolean isBlock(Object value) {
    return (value instanceof KubeMap map && !map.isEmpty())
        || (value instanceof KubeList list && !list.isEmpty());
  }

  /** A map or list whose first line has its indentation already. */
  private void block(Object value, int indent) {
    if (value instanceof KubeMap map) {
      List<String> keys = new ArrayList<>(map.size());
      map.keys().forEach(keys::add);
      keys.sort(NaturalOrder.KEYS);
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get(i);
        indent(i == 0 ? 0 : indent);
        Object child = map.get(key);
        entry(key, child == null ? KubeNull.NULL : child, indent);
      }
    } else if (value instanceof KubeList list) {
      for (int i = 0; i < list.size(); i++) {
        indent(i == 0 ? 0 : indent);
        out.append("- ");
        child(list.get(i), indent + INDENT);
      }
    }
  }

  private void entry(String key, Object value, int indent) {
    boolean simple = key.length() <= SIMPLE_KEY_MAX && key.indexOf('\n') < 0;
    if (!simple) {
      out.append("? ");
      scalar(key, indent + INDENT);
      newline();
      indent(indent);
      out.append(": ");
      child(value, indent + INDENT);
      return;
    }
    new YamlText(key).writeKey(out);
    out.append(':');
    if (isBlock(value)) {
      newline();
      int deeper = value instanceof KubeList ? indent : indent + INDENT;
      indent(deeper);
      block(value, deeper);
    } else {
      out.append(' ');
      scalar(value, indent + INDENT);
      newline();
    }
  }

  private void child(Object value, int indent) {
    if (isBlock(value)) {
      block(value, indent);
    } else {
      scalar(value, indent);
      newline();
    }
  }

  private void scalar(Object value, int indent) {
    if (value instanceof String text) {
      new YamlText(text).write(out, out.length() - lineStart, indent, WIDTH);
    } else if (value instanceof Double number) {
      out.append(Json.general(number));
    } else if (value instanceof KubeMap) {
      out.append("{}");
    } else if (value instanceof KubeList) {
      out.append("[]");
    } else {
      out.append(value);
    }
  }

  private void newline() {
    if (out.isEmpty() || out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
    lineStart = out.length();
  }

  private void indent(int blanks) {
    for (int i = 0; i < blanks; i++) {
      out.append(' ');
    }
  }
}
