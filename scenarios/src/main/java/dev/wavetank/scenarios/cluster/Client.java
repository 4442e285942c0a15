package dev.wavetank.scenarios.cluster;

import com.google.common.base.Splitter;
import dev.wavetank.core.network.Source;
import dev.wavetank.dns.resolver.ResolvConf;
import java.util.List;

/**
 * From where somebody asks: a pod, a node or outside of the cluster.
 *
 * @param words for people, such as {@code pod default/dig (10.244.0.7 on node-1)}
 * @param resolver the resolver file that its names are looked up by
 */
record Client(String words, Source source, ResolvConf resolver) {

  /** A reference to a client as users write it. */
  enum Kind {
    POD,
    NODE,
    OUTSIDE
  }

  /**
   * A reference, taken apart: {@code pod/NAME}, {@code pod/NAMESPACE/NAME}, {@code node/NAME} or
   * {@code outside}.
   *
   * @param namespace empty unless it is given
   */
  record Reference(Kind kind, String namespace, String name) {

    static final String FORMS = "pod/NAME, pod/NAMESPACE/NAME, node/NAME or outside";

    /**
     * @throws IllegalArgumentException when the text is no reference; the message says what is
     *     expected
     */
    static Reference parse(String text) {
      List<String> parts = Splitter.on('/').splitToList(text);
      boolean named = !parts.get(parts.size() - 1).isEmpty();
      if (text.equals("outside")) {
        return new Reference(Kind.OUTSIDE, "", "");
      }
      if (named && parts.get(0).equals("node") && parts.size() == 2) {
        return new Reference(Kind.NODE, "", parts.get(1));
      }
      if (named && parts.get(0).equals("pod") && parts.size() == 2) {
        return new Reference(Kind.POD, "", parts.get(1));
      }
      if (named && parts.get(0).equals("pod") && parts.size() == 3) {
        return new Reference(Kind.POD, parts.get(1), parts.get(2));
      }
      throw new IllegalArgumentException("\"" + text + "\" is none of " + FORMS);
    }
  }
}
