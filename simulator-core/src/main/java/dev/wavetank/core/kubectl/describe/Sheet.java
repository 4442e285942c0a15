package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.printers.TabWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A description while it is written: lines at levels of indentation, with tabs between columns.
 *
 * <p>Follows PrefixWriter and the multiline printers of
 * staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
public final class Sheet {

  private static final int ANNOTATION_MAX = 140;
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final DateTimeFormatter RFC_1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss +0000", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));

  /** Adds a line at a level. */
  Sheet line(int level, String text) {
    return add(level, text + "\n");
  }

  /** Adds {@code name:}, a tab and a value. */
  Sheet field(int level, String name, Object value) {
    return line(level, name + ":\t" + (value instanceof String text ? text : GoText.of(value)));
  }

  private Sheet add(int level, String text) {
    last().append("  ".repeat(level)).append(text.replace("\u001b", "^["));
    return this;
  }

  private StringBuilder last() {
    return parts.get(parts.size() - 1);
  }

  /** Columns do not reach over this point. */
  void flush() {
    parts.add(new StringBuilder());
  }

  /** The text with its tabs. */
  public String raw() {
    return String.join("", parts);
  }

  /** The text, its columns aligned. */
  public String aligned() {
    TabWriter out = TabWriter.ofDescriptions();
    for (StringBuilder part : parts) {
      out.print(part.toString()).flush();
    }
    return out.toString();
  }

  /** A map in lines {@code key=value} by key, or {@code <none>}. */
  void labels(String title, KubeMap labels) {
    List<String> lines = new ArrayList<>();
    for (String key : sortedKeys(labels)) {
      lines.add(key + "=" + labels.get(key));
    }
    lines(title, lines);
  }

  /** A title and lines under each other, or {@code <none>}. */
  void lines(String title, List<String> lines) {
    add(0, title + ":\t");
    if (lines.isEmpty()) {
      add(0, "<none>\n");
    }
    for (int i = 0; i < lines.size(); i++) {
      add(0, (i == 0 ? "" : "\t") + lines.get(i) + "\n");
    }
  }

  /** Annotations by key, long ones cut; the one of {@code kubectl apply} is left out. */
  void annotations(String title, KubeMap annotations) {
    List<String> lines = new ArrayList<>();
    for (String key : sortedKeys(annotations.without(LAST_APPLIED))) {
      String text = String.valueOf(annotations.get(key));
      String value = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      if (value.length() + key.length() + 2 <= ANNOTATION_MAX && value.indexOf('\n') < 0) {
        lines.add(key + ": " + value);
        continue;
      }
      lines.add(key + ":");
      for (String line : value.split("\n", -1)) {
        boolean cut = line.length() > ANNOTATION_MAX - 2;
        lines.add("  " + (cut ? line.substring(0, ANNOTATION_MAX - 2) + "..." : line));
      }
    }
    lines(title, lines);
  }

  /** Tolerations by key, or {@code <none>}. */
  void tolerations(String title, KubeList tolerations) {
    List<KubeMap> sorted = new ArrayList<>();
    tolerations.maps().forEach(sorted::add);
    sorted.sort(java.util.Comparator.comparing(toleration -> toleration.string("key", "")));
    List<String> lines = new ArrayList<>();
    sorted.forEach(toleration -> lines.add(toleration(toleration)));
    lines(title, lines);
  }

  private static String toleration(KubeMap toleration) {
    StringBuilder out = new StringBuilder(toleration.string("key", ""));
    String value = toleration.string("value", "");
    String effect = toleration.string("effect", "");
    out.append(value.isEmpty() ? "" : "=" + value).append(effect.isEmpty() ? "" : ":" + effect);
    if ("Exists".equals(toleration.get("operator")) && value.isEmpty()) {
      out.append(out.isEmpty() ? "op=Exists" : " op=Exists");
    }
    if (toleration.has("tolerationSeconds")) {
      out.append(" for ").append(toleration.number("tolerationSeconds", 0)).append('s');
    }
    return out.toString();
  }

  static Iterable<String> sortedKeys(KubeMap map) {
    TreeSet<String> keys = new TreeSet<>();
    map.keys().forEach(keys::add);
    return keys;
  }

  /** A timestamp as {@code Sun, 22 Nov 2026 10:33:07 +0000}. */
  static String time(@Nullable Object timestamp) {
    Instant time = Timestamps.parse(timestamp);
    return time == null ? "Mon, 01 Jan 0001 00:00:00 +0000" : RFC_1123.format(time);
  }

  static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }
}
