package dev.wavetank.scenarios.expect;

import com.google.common.base.Splitter;
import dev.wavetank.core.api.NearestWord;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;

/**
 * An object as scenario files name it: {@code TYPE/NAME} or {@code TYPE/NAMESPACE/NAME}, the type
 * by any of its names in kubectl.
 *
 * @param namespace empty unless it is given
 */
public record ObjectReference(ResourceType type, String namespace, String name) {

  private static final String TRAFFIC = "traffic";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text names no object; the message says what is
   *     expected
   */
  public static ObjectReference parse(String text) {
    List<String> parts = Splitter.on('/').splitToList(text);
    boolean whole = parts.stream().noneMatch(String::isEmpty);
    if (!whole || parts.size() < 2 || parts.size() > 3) {
      throw new IllegalArgumentException(
          "expected TYPE/NAME or TYPE/NAMESPACE/NAME, such as deployment/web, not \""
              + text
              + "\"");
    }
    if (parts.get(0).equals(TRAFFIC)) {
      throw new IllegalArgumentException(
          text
              + " is no object of the cluster: sources of traffic belong to scenario files, whose"
              + " step \"why: traffic/NAME\" tells why requests were lost; the way of one"
              + " connection is told by path");
    }
    ResourceType type = type(parts.get(0));
    return parts.size() == 2
        ? new ObjectReference(type, "", parts.get(1))
        : new ObjectReference(type, parts.get(1), parts.get(2));
  }

  /**
   * The type of that name, in singular, plural or short.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ResourceType type(String word) {
    List<String> words = new ArrayList<>();
    for (ResourceType type : ResourceType.BUILT_IN) {
      words.add(type.singular());
      words.add(type.plural());
      if (type.singular().equals(word)
          || type.plural().equals(word)
          || type.groupResource().equals(word)
          || type.kubectlName().equals(word)
          || type.shortNames().contains(word)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "no resource type \"" + word + "\"" + NearestWord.hint(word, words));
  }

  /** The object's key, its namespace the given one unless the reference says another. */
  public ObjectKey key(String defaultNamespace) {
    return ObjectKey.of(
        type, type.namespaced() ? (namespace.isEmpty() ? defaultNamespace : namespace) : "", name);
  }

  /** {@code deployment/web}. */
  @Override
  public String toString() {
    return type.singular() + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
