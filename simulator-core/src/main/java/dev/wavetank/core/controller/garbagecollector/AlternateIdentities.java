package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.KubeMap;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Under which other coordinates dependents know an owner that was found absent under some.
 *
 * <p>Follows getAlternateOwnerIdentity of pkg/controller/garbagecollector/graph_builder.go (v1.36).
 */
final class AlternateIdentities {

  private AlternateIdentities() {}

  /**
   * The one that follows an absent identity in order, or else the first; null when none differs.
   */
  static @Nullable ObjectReference next(List<Node> dependents, ObjectReference absent) {
    TreeSet<ObjectReference> others = new TreeSet<>();
    for (Node dependent : dependents) {
      for (KubeMap reference : dependent.owners().maps()) {
        if (absent.uid().equals(reference.get("uid"))) {
          others.add(identity(dependent, reference, absent));
        }
      }
    }
    others.remove(absent);
    ObjectReference following = others.higher(absent);
    return following != null || others.isEmpty() ? following : others.first();
  }

  private static ObjectReference identity(
      Node dependent, KubeMap reference, ObjectReference absent) {
    ObjectReference said = ObjectReference.of(reference, dependent.identity.namespace());
    boolean clusterScoped =
        absent.namespace().isEmpty()
            && said.apiVersion().equals(absent.apiVersion())
            && said.kind().equals(absent.kind());
    return clusterScoped ? said.in("") : said;
  }
}
