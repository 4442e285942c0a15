package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A named set or verdict map of a table.
 *
 * @param type the parts of a key
 * @param verdicts whether it is a map to verdicts
 * @param timeoutSeconds how long an element that a rule adds stays; 0 for a set that rules do not
 *     change
 * @param comment may be empty
 * @param elements those that were written; what rules add is the node's, see {@link TableState}
 */
public record NamedSet(
    String name,
    ImmutableList<Field.KeyType> type,
    boolean verdicts,
    long timeoutSeconds,
    String comment,
    ImmutableMap<ElementKey, Element> elements) {

  /** Bound on elements that rules add to a set: nftables' own default. */
  static final int DYNAMIC_ELEMENTS_MAX = 65_535;

  private static final String NEXT_LINE = ",\n\t\t\t     ";

  /**
   * What belongs to a key.
   *
   * @param comment may be empty
   * @param verdict null in a set
   */
  public record Element(String comment, @Nullable ChainVerdict verdict) {

    /** An element of a set. */
    public static final Element PRESENT = new Element("", null);

    /** Appends the element with its key. */
    public void append(StringBuilder out, ElementKey key) {
      out.append(key);
      if (!comment.isEmpty()) {
        out.append(" comment \"").append(comment).append('"');
      }
      if (verdict != null) {
        out.append(" : ").append(verdict);
      }
    }
  }

  /** This set with other elements. */
  public NamedSet withElements(ImmutableMap<ElementKey, Element> other) {
    return new NamedSet(name, type, verdicts, timeoutSeconds, comment, other);
  }

  /** The word for it in commands: {@code set} or {@code map}. */
  public String keyword() {
    return verdicts ? "map" : "set";
  }

  private String typeText(IpFamily family) {
    String key = type.stream().map(part -> part.text(family)).collect(Collectors.joining(" . "));
    return verdicts ? key + " : verdict" : key;
  }

  /** Appends what stands behind the name in the command that adds it. */
  public void appendWritten(StringBuilder out, IpFamily family) {
    out.append(" { type ").append(typeText(family)).append(" ;");
    if (timeoutSeconds > 0) {
      out.append(" flags dynamic,timeout ; timeout ").append(timeoutSeconds).append("s ;");
    }
    if (!comment.isEmpty()) {
      out.append(" comment \"").append(comment).append("\" ;");
    }
    out.append(" }");
  }

  /**
   * Appends it as {@code nft list table} prints it.
   *
   * @param updated whether a rule adds elements
   */
  void appendListed(StringBuilder out, IpFamily family, boolean updated) {
    out.append('\t').append(keyword()).append(' ').append(name).append(" {\n");
    out.append("\t\ttype ").append(typeText(family)).append('\n');
    if (timeoutSeconds > 0) {
      if (updated) {
        out.append("\t\tsize ").append(DYNAMIC_ELEMENTS_MAX).append('\n');
      }
      out.append("\t\tflags dynamic,timeout\n");
      out.append("\t\ttimeout ").append(duration(timeoutSeconds)).append('\n');
    }
    if (!comment.isEmpty()) {
      out.append("\t\tcomment \"").append(comment).append("\"\n");
    }
    if (!elements.isEmpty()) {
      out.append("\t\telements = { ");
      int perLine = family == IpFamily.IPV4 && type.size() == 1 ? 2 : 1;
      int[] count = {0};
      elements.forEach(
          (key, element) -> {
            if (count[0] > 0) {
              out.append(count[0] % perLine == 0 ? NEXT_LINE : ", ");
            }
            count[0]++;
            element.append(out, key);
          });
      out.append(" }\n");
    }
    out.append("\t}\n");
  }

  private static String duration(long seconds) {
    StringBuilder out = new StringBuilder();
    long left = appendUnit(out, seconds, 86_400, 'd');
    left = appendUnit(out, left, 3_600, 'h');
    left = appendUnit(out, left, 60, 'm');
    appendUnit(out, left, 1, 's');
    return out.toString();
  }

  private static long appendUnit(StringBuilder out, long seconds, long unit, char letter) {
    if (seconds >= unit) {
      out.append(seconds / unit).append(letter);
    }
    return seconds % unit;
  }
}
