package dev.wavetank.core.kubectl.describe;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes objects of kinds that have no description of their own: every field under its name.
 *
 * <p>Follows genericDescriber of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class GenericDescriber {

  private static final ImmutableSet<String> ACRONYMS = ImmutableSet.of("API", "URL", "UID", "GUID");
  private static final ImmutableSet<String> SKIPPED =
      ImmutableSet.of(
          ".metadata.managedFields",
          ".metadata.name",
          ".metadata.namespace",
          ".metadata.labels",
          ".metadata.annotations");

  private GenericDescriber() {}

  static void describe(KubeObject object, Context context, Sheet sheet) {
    sheet.field(0, "Name", object.name()).field(0, "Namespace", object.namespace());
    sheet.labels("Labels", object.labels());
    sheet.annotations("Annotations", object.annotations());
    content(object.root(), 0, "", sheet);
    EventsDescriber.describe(object, context, sheet);
  }

  private static void content(KubeMap map, int level, String path, Sheet sheet) {
    for (String field : Sheet.sortedKeys(map)) {
      String below = path + "." + field;
      Object value = map.get(field);
      if (value == null || SKIPPED.contains(below)) {
        continue;
      }
      if (value instanceof KubeMap child) {
        sheet.line(level, label(field) + ":");
        content(child, level + 1, below, sheet);
      } else if (value instanceof KubeList list) {
        sheet.line(level, label(field) + ":");
        for (Object element : list) {
          if (element instanceof KubeMap child) {
            content(child, level + 1, below, sheet);
          } else {
            sheet.line(level + 1, GoText.of(element));
          }
        }
      } else {
        sheet.field(level, label(field), value);
      }
    }
  }

  /** {@code resourceVersion} as {@code Resource Version}. */
  private static String label(String field) {
    for (int i = 0; i < field.length(); i++) {
      if (!Character.isLetter(field.charAt(i)) && field.charAt(i) != '-') {
        return field;
      }
    }
    List<String> words = new ArrayList<>();
    for (String word : words(field)) {
      String upper = Ascii.toUpperCase(word);
      if (ACRONYMS.contains(upper)) {
        words.add(upper);
      } else {
        words.add(
            word.equals(Ascii.toLowerCase(word)) && !word.isEmpty()
                ? Ascii.toUpperCase(word.substring(0, 1)) + word.substring(1)
                : word);
      }
    }
    return String.join(" ", words);
  }

  /** The words of a name in camel case; letters in capitals stay together. */
  private static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < name.length(); i++) {
      boolean begins = Character.isUpperCase(name.charAt(i)) && !upper(name, i - 1);
      boolean endsCapitals = upper(name, i) && upper(name, i - 1) && lower(name, i + 1);
      if (begins || endsCapitals) {
        words.add(name.substring(start, i));
        start = i;
      }
    }
    words.add(name.substring(start));
    return words;
  }

  private static boolean upper(String name, int i) {
    return Character.isUpperCase(name.charAt(i));
  }

  private static boolean lower(String name, int i) {
    return i < name.length() && Character.isLowerCase(name.charAt(i));
  }
}
