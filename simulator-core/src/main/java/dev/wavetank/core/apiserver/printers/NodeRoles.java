package dev.wavetank.core.apiserver.printers;

import dev.wavetank.core.api.KubeObject;
import java.util.TreeSet;

/**
 * The roles of a node, which its labels say.
 *
 * <p>Follows findNodeRoles of pkg/printers/internalversion/printers.go (v1.36).
 */
public final class NodeRoles {

  private static final String PREFIX = "node-role.kubernetes.io/";
  private static final String ROLE = "kubernetes.io/role";

  private NodeRoles() {}

  /** The roles in order, with commas between them, or {@code <none>}. */
  public static String of(KubeObject node) {
    TreeSet<String> roles = new TreeSet<>();
    node.labels()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                roles.add(key.substring(PREFIX.length()));
              } else if (key.equals(ROLE)) {
                roles.add(value.toString());
              }
            });
    roles.remove("");
    return roles.isEmpty() ? "<none>" : String.join(",", roles);
  }
}
